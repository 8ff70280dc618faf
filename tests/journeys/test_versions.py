"""Halls are renewed machine by machine: programs of the version before work with this one's, in both directions."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from protocol.keys import write_keys
from queue_server.storage.migrating import copy_up_to_date
from tests.conftest import ROOT, RunningHall, eventually, hall_file_at_free_ports
from tests.journeys.kiosks import Kiosk, assert_exact
from tests.protocol.record_frames import frames
from tests.queue_server.factories import MORNING
from tests.queue_server.served_hall import Served

PREVIOUS = "f3c726b"
"""The last commit of the version before; its frames lie in tests/protocol/frames."""
FRAMES = ROOT / "tests" / "protocol" / "frames" / f"version-{PREVIOUS}"
CLIENT = Path(__file__).with_name("any_version.py")
STEPS = [
    "report_print done",
    "open_counter counter",
    "call_next call",
    "start_serving call",
    "finish_ticket call",
    "get_overview overview",
    "get_desk desk",
    "get_snapshot snapshot",
    "get_events events",
]


@pytest.fixture(scope="module")
def previous(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code of the version before."""
    try:
        command = ["git", "archive", "--format=zip", PREVIOUS]
        packed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip(f"this copy has no history with {PREVIOUS}")
    folder = tmp_path_factory.mktemp("previous")
    with ZipFile(BytesIO(packed)) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[Path], RunningHall]]:
    """Start a server with the code of a tree."""
    running: list[RunningHall] = []

    def start_one(tree: Path) -> RunningHall:
        hall_file, web_port = hall_file_at_free_ports(tree / "config" / "halls" / "xa.toml", tmp_path)
        running.append(RunningHall(hall_file, tmp_path / "data", web_port, tree=tree))
        return running[-1]

    yield start_one
    for hall in running:
        hall.close()


def said(tree: Path, keys: Path, what: str) -> list[str]:
    """What the client of a tree says."""
    command = [sys.executable, str(CLIENT), str(keys), what]
    environment = os.environ | {"PYTHONPATH": str(tree)}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()


@pytest.mark.parametrize("older", ["client", "server"])
def test_a_ticket_goes_its_whole_way_between_two_versions(
    previous: Path, start: Callable[[Path], RunningHall], older: str
) -> None:
    hall = start(previous if older == "server" else ROOT)
    tree = previous if older == "client" else ROOT
    *steps, token = said(tree, hall.data / "keys" / "admin.json", "serve")
    assert steps == STEPS
    assert said(tree, hall.data / "keys" / "phone.json", token.split()[1]) == ["done"]


@pytest.mark.parametrize("choice", [0, -1])
def test_what_this_version_says_the_older_one_can_read(previous: Path, choice: int) -> None:
    kept = {kind: json.loads((FRAMES / f"{kind}.json").read_text()) for kind in ("replies", "events", "pulse")}
    today = {
        kind: {name: json.loads(frame) for name, frame in found.items() if name in kept[kind]}
        for kind, found in frames(choice).items()
        if kind in kept
    }
    command = [sys.executable, str(CLIENT), "-", "read"]
    environment = os.environ | {"PYTHONPATH": str(previous)}
    ended = subprocess.run(
        command, env=environment, input=json.dumps(today), capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.stdout, ended.stderr) == ("", "")


@pytest.mark.timeout(240)
@pytest.mark.parametrize("older", ["kiosk", "server"])
def test_a_kiosk_of_another_version_gives_numbers_also_alone_and_hands_them_in(
    previous: Path, start: Callable[[Path], RunningHall], tmp_path: Path, older: str
) -> None:
    hall = start(previous if older == "server" else ROOT)
    kiosk = Kiosk(hall, "kiosk-1", tmp_path, previous if older == "kiosk" else ROOT)
    kiosk.start()
    try:
        _given(kiosk, 1)
        hall.kill()
        _given(kiosk, 2)
        hall.start()
        _given(kiosk, 1)
        assert kiosk.stop() == 0, "everything was handed in"
    finally:
        kiosk.close()
    hall.stop()
    (tmp_path / "up-to-date").mkdir()
    copy_up_to_date(tmp_path / "data" / "hall.db", tmp_path / "up-to-date" / "hall.db")
    assert len(assert_exact([kiosk], tmp_path / "up-to-date")) >= 4


def _given(kiosk: Kiosk, more: int) -> None:
    enough = kiosk.count("number") + more
    eventually(lambda: kiosk.count("number") >= enough, within=60, what=f"{more} more numbers")


class Listening:
    """A listener of the version before."""

    def __init__(self, tree: Path, keys: Path) -> None:
        command = [sys.executable, str(CLIENT), str(keys), "listen"]
        environment = os.environ | {"PYTHONPATH": str(tree)}
        self._process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.said: list[str] = []
        self._ear = threading.Thread(target=self._listen, daemon=True)
        self._ear.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.said.append(line.strip())

    def count(self, word: str) -> int:
        """How often it said something that begins so."""
        return sum(said.startswith(word) for said in self.said)

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)
        self._ear.join(timeout=5)
        assert self._process.stdout is not None
        self._process.stdout.close()


def test_an_event_that_the_older_listener_does_not_know_costs_it_one_snapshot(previous: Path, tmp_path: Path) -> None:
    served = Served(tmp_path)
    write_keys(tmp_path / "keys" / "old.json", served.keys)
    listening = Listening(previous, tmp_path / "keys" / "old.json")
    try:
        eventually(lambda: listening.count("pulse"), what="the first pulse")
        before = listening.count("snapshot")
        served.told = MORNING.replace(year=1970)
        eventually(lambda: listening.count("snapshot") > before, what="a snapshot after clock_doubted")
        pulses = listening.count("pulse")
        eventually(lambda: listening.count("pulse") > pulses + 1, what="pulses after it")
        assert listening.count("snapshot") == before + 1
        assert not listening.count("silence")
    finally:
        listening.close()
        served.close()
