"""A server whose doors let strangers in, or nobody, does not begin to serve."""

import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import zmq

from protocol.client import new_key_pair
from queue_server import doors as doors_module
from queue_server.doors import ENROLMENT, HALL, Doors, DoorsFault, check_version
from queue_server.gate import Gate
from tests.conftest import ROOT, hall_file_at_free_ports

ANYWHERE = "tcp://127.0.0.1:*"


@pytest.fixture
def doors() -> Iterator[Doors]:
    made = Doors(new_key_pair())
    made.open(zmq.ROUTER, HALL, ANYWHERE)
    made.open(zmq.XPUB, HALL, ANYWHERE)
    made.open(zmq.ROUTER, ENROLMENT, ANYWHERE)
    yield made
    made.close()


def test_good_doors_pass_and_the_proof_leaves_no_knocks_and_no_key_behind(doors: Doors) -> None:
    doors.prove([])
    assert doors.refused() == {}
    doors.prove([])


def test_doors_that_let_every_key_in_are_found_out(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Gate, "_user", lambda *_: b"x" * 40)
    with pytest.raises(DoorsFault, match=r"lets in a stranger's key.*anybody could come in"):
        doors.prove([])


def test_doors_that_let_nobody_in_are_found_out(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Gate, "_user", lambda *_: b"")
    with pytest.raises(DoorsFault, match=r"refuses a known key.*nobody could come in"):
        doors.prove([])


def test_a_door_without_keys_is_found_out(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_curve(socket: "zmq.Socket[bytes]") -> None:
        socket.curve_server = False

    monkeypatch.setattr(doors_module, "_limit", without_curve)
    monkeypatch.setattr("queue_server.door_proof.PATIENCE_SECONDS", 0.2)
    doors.open(zmq.ROUTER, HALL, ANYWHERE)
    with pytest.raises(DoorsFault, match="does not answer a stranger's key"):
        doors.prove([])


def test_a_door_behind_which_nobody_answers_is_found_out(doors: Doors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("queue_server.door_proof.PATIENCE_SECONDS", 0.2)
    doors._gate.stop()
    with pytest.raises(DoorsFault, match=r"does not answer|refuses"):
        doors.prove([])


@pytest.mark.parametrize(
    ("found", "fit"), [((4, 3, 4), False), ((4, 2, 9), False), ((4, 3, 5), True), ((4, 4, 0), True)]
)
def test_an_old_libzmq_is_refused_with_a_sentence(found: tuple[int, int, int], *, fit: bool) -> None:
    if fit:
        check_version(found)
        return
    with pytest.raises(DoorsFault, match=r"libzmq .* is too old to be safe; 4\.3\.5 or later is needed"):
        check_version(found)


def test_a_server_that_may_open_too_few_files_says_so_and_does_not_start(tmp_path: Path) -> None:
    hall_file, _ = hall_file_at_free_ports(ROOT / "config" / "halls" / "xa.toml", tmp_path)
    command = [sys.executable, str(ROOT / "run_server.py"), "--hall", str(hall_file), "--data", str(tmp_path / "data")]
    done = subprocess.run(
        [*command, "--no-web"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)),
    )
    assert done.returncode == 1
    assert "the limit of open files is 64; at least 256 are needed" in done.stderr
    assert "Traceback" not in done.stderr
