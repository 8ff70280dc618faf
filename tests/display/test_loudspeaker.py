"""The room hears the calls, the hall hears what was heard, and no dead part holds up anything."""

import datetime as dt
import os
import queue
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from display.announcing import EMERGENCY_SECONDS, USUAL, Dropped, Why
from display.loudspeaker import AFTER_SECONDS, CLIP_MISSING, GRACE_SECONDS, NO_CLIPS, NO_SOUND, Loudspeaker
from protocol.replies import HallReply
from protocol.views import CounterInfo, QueueInfo, VoiceHabits, VoiceLevel
from tests.conftest import ROOT
from tests.display.halls import AT, hall
from tests.running import PATIENCE, eventually
from tests.voice.recordings import record
from voice.sound import seconds
from voice.speaker import NO_VOICE
from voice.speech import PROGRAM
from voice.wanted import Needs

COUNTERS = ("Quầy 1", "Quầy 21", "Quầy hướng dẫn")
LATER = AT + dt.timedelta(minutes=1)
needs_program = pytest.mark.skipif(shutil.which(PROGRAM) is None, reason=f"{PROGRAM} is not installed")


def described(habits: VoiceHabits = USUAL) -> HallReply:
    """A hall with two numbered counters and one with a name."""
    counters = [CounterInfo(str(at), name, []) for at, name in enumerate(COUNTERS)]
    return replace(hall(), counters=counters, queues=[QueueInfo("q", "A", 3)], voice=habits)


class Room:
    """Where a loudspeaker hangs. Its card plays into the void, perhaps dead, perhaps without ever coming to an end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = 1000.0
        self.jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.volume, self.dead, self.endless = 1.0, False, False
        self.played: list[tuple[float, float]] = []
        """How long each sound was, and how loud."""
        self.ends_at: float | None = None
        self.said: list[tuple[int, dt.datetime]] = []
        self.dropped: list[Dropped] = []
        self.loudspeaker = Loudspeaker(folder, self, self.jobs.put, lambda: self.now)
        self.loudspeaker.on_said = lambda ticket_id, at: self.said.append((ticket_id, at))
        self.loudspeaker.on_dropped = self.dropped.append

    @property
    def playing(self) -> bool:
        return self.ends_at is not None and (self.endless or self.now < self.ends_at)

    def play(self, path: Path) -> Callable[[], None]:
        assert self.ends_at is None, "two at a time"
        length = seconds(path.read_bytes())
        self.played.append((length, self.volume))
        self.ends_at = None if self.dead else self.now + length

        def end() -> None:
            self.ends_at = None

        return end

    def describe(self, habits: VoiceHabits = USUAL) -> None:
        """Tell the loudspeaker of its hall, and wait until it has looked at its clips."""
        self.loudspeaker.describe(described(habits))
        self.job()

    def job(self) -> None:
        """Wait for what a thread of the loudspeaker made."""
        self.jobs.get(timeout=PATIENCE)()

    def begin(self, local: dt.time | None = None) -> None:
        """Let the next announcement begin."""
        self.loudspeaker.tick(local)
        self.job()

    def pass_seconds(self, seconds: float) -> None:
        self.now += seconds
        self.loudspeaker.tick()

    def end(self) -> None:
        """Let what is being said last its length."""
        self.pass_seconds(self.played[-1][0] + AFTER_SECONDS + 0.01)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    record(tmp_path, "vi", Needs(COUNTERS, "A"))
    room = Room(tmp_path)
    yield room
    room.loudspeaker.close()


def test_a_call_is_acknowledged_once_it_was_said_to_its_end(room: Room) -> None:
    room.describe()
    room.loudspeaker.call(7, "A015", "Quầy 1", AT)
    room.begin()
    room.pass_seconds(room.played[0][0])
    assert room.said == []
    room.pass_seconds(AFTER_SECONDS + 0.01)
    assert room.said == [(7, AT)]
    assert room.loudspeaker.troubles == []


def test_the_second_time_is_not_acknowledged_again_but_a_recall_is(room: Room) -> None:
    room.describe()
    room.loudspeaker.call(7, "A015", "Quầy 1", AT)
    for _ in range(2):
        room.begin()
        room.end()
    room.pass_seconds(60)
    room.loudspeaker.recall(7, "A015", "Quầy 1", LATER)
    room.begin()
    room.end()
    assert room.said == [(7, AT), (7, LATER)]


def test_the_gong_and_further_languages_make_it_longer(room: Room) -> None:
    record(room.folder, "en", Needs(COUNTERS, "A"))
    lengths = []
    for languages, gong in (["vi"], False), (["vi"], True), (["vi", "en"], True):
        room.describe(replace(USUAL, languages=languages, gong=gong, repeats=1))
        room.loudspeaker.call(7, "A015", "Quầy 1", AT)
        room.begin()
        room.end()
        lengths.append(room.played[-1][0])
    assert lengths[0] < lengths[1] < lengths[2]


# ---- dead parts ----


def test_a_dead_sound_card_is_reported_acknowledges_nothing_and_stops_nothing(room: Room) -> None:
    room.describe(replace(USUAL, repeats=1))
    room.dead = True
    for ticket_id in (7, 8):
        room.loudspeaker.call(ticket_id, f"A{ticket_id:03}", "Quầy 1", AT)
    room.begin()
    room.end()
    assert (room.said, room.loudspeaker.troubles) == ([], [NO_SOUND])
    room.dead = False
    room.job()
    room.pass_seconds(30)
    assert len(room.played) == 2


def test_a_card_that_never_comes_to_an_end_is_reported_until_one_does(room: Room) -> None:
    room.describe()
    room.endless = True
    room.loudspeaker.call(7, "A015", "Quầy 1", AT)
    room.begin()
    room.end()
    assert room.loudspeaker.troubles == []
    room.pass_seconds(GRACE_SECONDS)
    assert (room.said, room.loudspeaker.troubles) == ([], [NO_SOUND])
    room.endless = False
    room.job()
    room.end()
    assert room.loudspeaker.troubles == []


def test_without_clips_and_without_a_program_it_is_the_gong_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    room = Room(tmp_path / "voice")
    room.describe()
    assert room.loudspeaker.troubles == [NO_CLIPS]
    room.loudspeaker.call(7, "A015", "Quầy 1", AT)
    room.begin()
    room.end()
    assert 1 < room.played[0][0] < 2
    assert room.said == []
    room.loudspeaker.close()


@pytest.mark.parametrize("broken", [None, b"", b"RIFF and nothing more"])
def test_without_a_word_the_number_is_still_said_and_it_is_reported(
    room: Room, broken: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(room.folder))
    spoil(room.folder / "vi" / "invite.wav", broken)
    room.describe()
    room.loudspeaker.call(7, "A015", "Quầy 1", AT)
    room.begin()
    room.end()
    assert room.said == [(7, AT)]
    assert CLIP_MISSING in room.loudspeaker.troubles


@pytest.mark.parametrize("broken", [None, b"", b"RIFF and nothing more"])
def test_a_number_that_lacks_a_digit_is_not_said_at_all(
    room: Room, broken: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(room.folder))
    spoil(room.folder / "vi" / "digit-5.wav", broken)
    room.describe()
    room.loudspeaker.call(7, "A015", "Quầy 1", AT)
    room.begin()
    room.end()
    assert 1 < room.played[0][0] < 2
    assert (room.said, room.loudspeaker.troubles) == ([], [CLIP_MISSING])


def test_a_clip_that_is_laid_down_later_ends_the_trouble(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(room.folder))
    clip = room.folder / "vi" / "invite.wav"
    whole = clip.read_bytes()
    spoil(clip, None)
    room.describe()
    assert room.loudspeaker.troubles == [CLIP_MISSING]
    clip.write_bytes(whole)
    room.describe()
    assert room.loudspeaker.troubles == []
    room.loudspeaker.describe(described())
    assert room.jobs.empty()


def spoil(path: Path, content: bytes | None) -> None:
    """Take a clip away, or put something else in its place."""
    path.unlink()
    if content is not None:
        path.write_bytes(content)


def test_a_folder_that_can_not_be_written_is_reported_and_stops_nothing(room: Room) -> None:
    (room.folder / "joined").write_text("a file, no folder")
    room.describe(replace(USUAL, repeats=1))
    for ticket_id in (7, 8):
        room.loudspeaker.call(ticket_id, f"A{ticket_id:03}", "Quầy 1", AT)
        room.begin()
    assert (room.played, room.said) == ([], [])
    assert room.loudspeaker.troubles == [NO_CLIPS]
    room.loudspeaker.tick()
    assert room.jobs.empty()


@needs_program
def test_clips_that_nobody_recorded_are_made_at_the_first_start(tmp_path: Path) -> None:
    room = Room(tmp_path / "voice")
    room.describe(replace(USUAL, letters={"A": "ă"}))
    assert room.loudspeaker.troubles == []
    made = {path.stem for path in (tmp_path / "voice" / "rendered" / "vi").glob("*.wav")}
    assert {"invite", "digit-0", "letter-a", "number-21", "name-quay-huong-dan"} <= made
    room.loudspeaker.call(7, "A015", "Quầy hướng dẫn", AT)
    room.begin()
    room.end()
    assert room.said == [(7, AT)]
    room.loudspeaker.close()


@needs_program
def test_calls_wait_while_the_first_clips_are_made(tmp_path: Path) -> None:
    room = Room(tmp_path / "voice")
    room.loudspeaker.describe(described())
    room.loudspeaker.call(7, "A015", "Quầy 1", AT)
    room.loudspeaker.tick()
    room.job()
    room.begin()
    room.end()
    assert room.said == [(7, AT)]
    room.loudspeaker.close()


def test_a_call_that_was_heard_the_second_time_only_is_acknowledged_then(room: Room) -> None:
    room.describe()
    room.dead = True
    room.loudspeaker.call(7, "A015", "Quầy 1", AT)
    room.begin()
    room.end()
    room.dead = False
    room.job()
    room.end()
    assert room.said == [(7, AT)]


@needs_program
def test_calls_do_not_wait_while_it_is_tried_once_more_to_make_clips(tmp_path: Path) -> None:
    room = Room(tmp_path / "voice")
    habits = replace(USUAL, languages=["vi", "lo"], repeats=1)
    room.describe(habits)
    assert room.loudspeaker.troubles == [NO_CLIPS]
    room.loudspeaker.describe(described(habits))
    room.loudspeaker.call(7, "A015", "Quầy 1", AT)
    room.loudspeaker.tick()
    room.job()
    room.job()
    room.end()
    assert room.said == [(7, AT)]
    room.loudspeaker.close()


HANGS = """
import sys
from pathlib import Path
from display.loudspeaker import Loudspeaker
from tests.display.test_loudspeaker import described
loudspeaker = Loudspeaker(Path(sys.argv[1]), None, lambda job: None)
loudspeaker.describe(described())
sys.stdin.readline()
loudspeaker.close()
"""


def test_a_program_that_hangs_does_not_hold_up_the_end(tmp_path: Path) -> None:
    begun = tmp_path / "begun"
    (tmp_path / PROGRAM).write_text(f"#!/bin/sh\ntouch {begun}\nexec sleep 12\n")
    (tmp_path / PROGRAM).chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", HANGS, str(tmp_path / "voice")]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE) as process:
        eventually(begun.exists)
        process.communicate(b"\n", timeout=10)
        assert process.returncode == 0


def test_a_folder_that_can_not_be_looked_at_ends_no_wall(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    look = Path.stat

    def forbidden(path: Path, **values: bool) -> os.stat_result:
        if room.folder in path.parents:
            raise PermissionError(13, "Permission denied", str(path))
        return look(path, **values)

    monkeypatch.setattr(Path, "stat", forbidden)
    room.describe()
    room.loudspeaker.call(7, "A015", "Quầy 1", AT)
    room.begin()
    assert room.loudspeaker.troubles == [NO_CLIPS]


# ---- the supervisor ----


@needs_program
def test_an_emergency_silences_a_call_that_is_said_again_afterwards(room: Room) -> None:
    room.describe(replace(USUAL, repeats=1))
    room.loudspeaker.call(7, "A015", "Quầy 1", AT)
    room.begin()
    room.loudspeaker.emergency(9, {"vi": "Xin mọi người ra ngoài"})
    room.begin()
    assert len(room.played) == 2
    room.loudspeaker.end(9)
    room.end()
    assert room.said == []
    room.job()
    room.end()
    assert room.said == [(7, AT)]


def test_what_can_not_be_spoken_is_a_gong_and_reported(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(room.folder))
    dumb = Room(room.folder)
    dumb.describe()
    dumb.loudspeaker.speak(9, {"vi": "Trung tâm sắp đóng cửa"})
    dumb.begin()
    dumb.end()
    assert 1 < dumb.played[0][0] < 2
    assert dumb.loudspeaker.troubles == [NO_VOICE]
    dumb.loudspeaker.close()


# ---- habits ----


def test_it_is_as_loud_as_the_time_of_day_wants(room: Room) -> None:
    room.describe(replace(USUAL, levels=[VoiceLevel("13:00-14:00", 40)]))
    room.loudspeaker.call(7, "A015", "Quầy 1", AT)
    room.begin(dt.time(13, 30))
    assert room.played[0][1] == 0.4


def test_who_has_come_is_not_called_and_the_wall_hears_why(room: Room) -> None:
    room.describe()
    room.loudspeaker.call(7, "A015", "Quầy 1", AT)
    room.loudspeaker.answered(7)
    room.loudspeaker.tick()
    assert room.jobs.empty()
    assert [(dropped.announcement.ticket_id, dropped.why) for dropped in room.dropped] == [(7, Why.ANSWERED)]


def test_an_emergency_is_heard_again_until_it_is_ended(room: Room) -> None:
    room.describe()
    room.loudspeaker.emergency(9, {"vi": ""})
    room.begin()
    room.end()
    room.pass_seconds(EMERGENCY_SECONDS)
    room.job()
    assert len(room.played) == 2
