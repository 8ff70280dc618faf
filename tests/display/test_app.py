"""The display as a program: arguments, the real hall, a server that dies and comes back, a clean end."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from config import theme
from display.app import WrongInput, main, parse
from display.ear import Ear
from protocol.client import HallClient
from protocol.commands import AcknowledgeCall, CallNext, GetEvents, GetOverview, IssueTicket, OpenCounter
from protocol.events import CallSaid, CallShown, Event, TicketCalled
from protocol.replies import DeviceHealth, EventsReply, HallReply, OverviewReply, Pulse, SatisfactionReply, Snapshot
from tests.conftest import ROOT, RunningHall, eventually


def call_somebody(hall: RunningHall) -> None:
    """A citizen takes a number and counter 1 calls it."""
    hall.join("kiosk", "kiosk-1")
    hall.client("kiosk-1").call(IssueTicket("dat-dai"))
    desk = hall.client("desk")
    desk.call(OpenCounter("1", hall_operator(hall)))
    desk.call(CallNext("1"))


def hall_operator(hall: RunningHall) -> str:
    """The id of the hall file's first operator."""
    return hall.hall_file.read_text(encoding="utf-8").split("[[operators]]")[1].split('"')[1]


# ---- the program ------------------------------------------------------------


UNLISTED = "display-9"
"""A display that the hall file does not name: a main board."""
SPEAKING = "display-1"


@pytest.fixture
def start_display(tmp_path: Path) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    running: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> "subprocess.Popen[str]":
        environment = os.environ | {"PYTHONPATH": str(ROOT), "SDL_VIDEODRIVER": "offscreen", "SDL_AUDIODRIVER": "dummy"}
        environment.pop("DISPLAY", None)
        command = [sys.executable, "-m", "display", *arguments]
        running.append(subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def shows_a_call(picture: Path) -> bool:
    """Whether the picture has the gold plate of a counter that waits for its citizen (or a lit row)."""
    if not picture.is_file():
        return False
    gold = tuple(round(255 * part) for part in theme.ACCENT[:3])
    table = Image.open(picture).convert("RGB").crop((24, 260, 1300, 380))
    return sum(count for count, colour in table.getcolors(table.width * table.height) or [] if colour == gold) > 5000


@pytest.mark.window
def test_a_call_is_shown_and_said_the_hall_knows_by_whom_and_a_signal_ends_the_wall_cleanly(
    hall: RunningHall, start_display: Callable[..., "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    hall.join("display", SPEAKING)
    pictures = tmp_path / "pictures"
    process = start_display("--data", str(hall.data), "--pictures", str(pictures), "--picture-seconds", "0.5")
    eventually((pictures / "wall.png").is_file, within=30, what="the first picture")
    assert not shows_a_call(pictures / "wall.png")
    call_somebody(hall)
    desk = hall.client("desk")
    eventually(lambda: shows_a_call(pictures / "wall.png"), within=20, what="the call on the wall")
    eventually(lambda: told_by(desk, CallShown) == [SPEAKING], what="the call was shown")
    eventually(lambda: told_by(desk, CallSaid) == [SPEAKING], what="the call was said")
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()
    assert [path.name for path in pictures.iterdir()] == ["wall.png"]
    assert list(tmp_path.glob("*.log")) == []


@pytest.mark.window
def test_the_display_may_start_before_its_hall(
    hall: RunningHall, start_display: Callable[..., "subprocess.Popen[str]"], tmp_path: Path
) -> None:
    hall.join("display", UNLISTED)
    call_somebody(hall)
    hall.kill()
    pictures = tmp_path / "pictures"
    start_display(
        "--data", str(hall.data), "--size", "1920x1080", "--pictures", str(pictures), "--picture-seconds", "0.5"
    )
    eventually((pictures / "wall.png").is_file, within=30, what="the first picture")
    assert not shows_a_call(pictures / "wall.png")
    hall.start()
    eventually(lambda: shows_a_call(pictures / "wall.png"), within=30, what="the call on the wall")


def told_by(desk: HallClient, kind: type[CallShown] | type[CallSaid]) -> list[str]:
    """Which displays told that a call was shown or said."""
    reply = desk.call(GetEvents(0, 200))
    assert isinstance(reply, EventsReply)
    return [event.body.display_id for event in reply.events if isinstance(event.body, kind)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--data"),
        (["--data", "{tmp}"], "enrol this display first"),
        (["--data", "{tmp}", "--keys", "{tmp}/none.json"], "no key file"),
        (["--data", "{tmp}", "--size", "large"], "1920x1080"),
        (["--data", "{tmp}", "--size", "10x10"], "'10x10'"),
        (["--data", "{tmp}", "--picture-seconds", "0"], "seconds"),
        (["--data", "{tmp}", "--picture-seconds", "nan"], "seconds"),
        (["--data", "{tmp}", "--window", "--fullscreen"], "--window"),
        (["--data", "{tmp}", "--loud"], "--loud"),
    ],
)
def test_wrong_input_is_one_clear_line(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument.format(tmp=tmp_path) for argument in arguments]) == 2
    written = capsys.readouterr().err
    assert said in written
    assert written.count("\n") == 1


def test_of_several_key_files_one_must_be_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "keys").mkdir()
    for name in ("display-1", "display-2"):
        (tmp_path / "keys" / f"{name}.json").write_text("{}")
    assert main(["--data", str(tmp_path)]) == 2
    assert "display-1.json, display-2.json" in capsys.readouterr().err


def test_a_size_is_read_as_width_and_height() -> None:
    assert parse(["--data", "x", "--size", "1080x1920"]).size == (1080, 1920)
    with pytest.raises(WrongInput):
        parse(["--data", "x", "--size", "1920"])


# ---- what the program hears ---------------------------------------------------


class HeardApp:
    """Stands for the window: keeps what it is told."""

    ending = False

    def __init__(self) -> None:
        self.ear: Ear | None = None
        self.halls: list[HallReply] = []
        self.snapshots: list[Snapshot] = []
        self.events: list[Event] = []
        self.pulses: list[Pulse] = []
        self.describe = self.halls.append
        self.on_snapshot = self.snapshots.append
        self.on_event = self.events.append
        self.on_pulse = self.pulses.append
        self.ratings: list[SatisfactionReply] = []
        self.on_satisfaction = self.ratings.append
        self.wrong: list[str] = []
        self.shows_ratings = False

    def wants_satisfaction(self) -> bool:
        return self.shows_ratings

    def troubles(self) -> list[str]:
        return self.wrong


@pytest.fixture
def heard(hall: RunningHall) -> Iterator[HeardApp]:
    app = HeardApp()
    ear = app.ear = Ear(app, pulses_between=2)
    hall.join("display", "display-1")
    client = HallClient(hall.keys("display-1"), ear)
    ear.listen(client)
    yield app
    ear.closed = True
    client.close()


def test_the_ear_hears_names_state_events_and_pulses(hall: RunningHall, heard: HeardApp) -> None:
    eventually(lambda: heard.halls and heard.snapshots and heard.pulses)
    call_somebody(hall)
    eventually(lambda: any(isinstance(event.body, TicketCalled) for event in heard.events))
    seqs = [event.seq for event in heard.events]
    assert seqs == list(range(heard.snapshots[-1].seq + 1, heard.snapshots[-1].seq + 1 + len(seqs)))


def health(desk: HallClient) -> DeviceHealth:
    """What the head of the hall reads of the wall."""
    overview = desk.call(GetOverview())
    assert isinstance(overview, OverviewReply)
    return next(found for found in overview.devices if found.device_id == "display-1")


def test_the_wall_tells_that_it_lives_and_what_is_wrong_with_it(hall: RunningHall, heard: HeardApp) -> None:
    eventually(lambda: heard.pulses)
    desk = hall.client("desk")
    first = health(desk)
    assert first.heard_at is not None
    assert first.troubles == []
    heard.wrong = ["window_stuck"]
    eventually(lambda: health(desk).troubles == ["window_stuck"])
    heard.wrong = []
    eventually(lambda: health(desk).troubles == [])
    later = health(desk).heard_at
    assert later is not None
    assert later > first.heard_at


def test_names_that_changed_while_the_server_was_away_are_asked_for_again(hall: RunningHall, heard: HeardApp) -> None:
    eventually(lambda: heard.halls and heard.pulses)
    before = len(heard.halls)
    hall.kill()
    text = hall.hall_file.read_text(encoding="utf-8")
    hall.hall_file.write_text(text.replace(heard.halls[0].name, "Trung tâm mới"), encoding="utf-8")
    hall.start()
    eventually(lambda: heard.halls[before:] and heard.halls[-1].name == "Trung tâm mới", within=30)


def test_only_a_wall_that_shows_the_days_ratings_asks_for_them(hall: RunningHall, heard: HeardApp) -> None:
    eventually(lambda: len(heard.pulses) > 1)
    assert heard.ratings == []
    heard.shows_ratings = True
    eventually(lambda: heard.ratings)


def test_the_hall_is_told_once_which_wall_showed_a_call_first(hall: RunningHall, heard: HeardApp) -> None:
    eventually(lambda: heard.snapshots)
    call_somebody(hall)
    eventually(lambda: any(isinstance(event.body, TicketCalled) for event in heard.events))
    call = next(event for event in heard.events if isinstance(event.body, TicketCalled))
    assert heard.ear is not None
    assert isinstance(call.body, TicketCalled)
    for _ in range(2):
        heard.ear.acknowledge(AcknowledgeCall(call.body.ticket_id, call.at))
    heard.ear.acknowledge(AcknowledgeCall(call.body.ticket_id, call.at, said=True))
    eventually(lambda: any(isinstance(event.body, CallSaid) for event in heard.events))
    told = [event.body for event in heard.events if isinstance(event.body, CallShown | CallSaid)]
    assert told == [
        CallShown(call.body.ticket_id, call.at, "display-1"),
        CallSaid(call.body.ticket_id, call.at, "display-1"),
    ]
