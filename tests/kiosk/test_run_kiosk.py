"""The kiosk as a program of its own: its arguments, a real hall, and its end."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from kiosk.journal import open_journal
from kiosk.options import WrongInputError, find_keys
from kiosk.staff_pin import ServicePin
from protocol.client import HallClient
from protocol.commands import GetSnapshot
from protocol.keys import DeviceKeys, write_keys
from protocol.replies import Snapshot
from run_kiosk import main
from tests.conftest import ROOT, RunningHall, eventually

KEYS = DeviceKeys("kiosk-1", "kiosk", "p" * 40, "s" * 40, "h" * 40, "tcp://127.0.0.1:1", "tcp://127.0.0.1:2")
Run = Callable[..., tuple[int, str]]
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")
}


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the program, which is expected not to start; its exit code and what it says. No traceback: it would fail."""

    def end(*arguments: str) -> tuple[int, str]:
        try:
            code = main(list(arguments))
        except SystemExit as wrong:  # argparse itself
            code = int(wrong.code or 0)
        return code, capsys.readouterr().err

    return end


def test_the_only_kiosks_key_of_the_folder_is_found(tmp_path: Path) -> None:
    write_keys(tmp_path / "keys" / "kiosk-1.json", KEYS)
    assert find_keys(tmp_path, None) == KEYS


def test_one_of_two_kiosks_must_be_named(tmp_path: Path) -> None:
    for name in ("kiosk-1", "kiosk-2"):
        write_keys(tmp_path / "keys" / f"{name}.json", KEYS)
    with pytest.raises(WrongInputError, match=r"found kiosk-1\.json, kiosk-2\.json; name it with --keys"):
        find_keys(tmp_path, None)
    assert find_keys(tmp_path, tmp_path / "keys" / "kiosk-2.json") == KEYS


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "expected one kiosk*.json, found none"),
        (["--keys", "nowhere.json"], "no key file; enrol this device first"),
        (["--size", "big"], "expected WIDTHxHEIGHT"),
        (["--played", "0"], "expected seconds"),
        (["--language", "xx"], "expected one of vi, en"),
        (["--window", "--fullscreen"], "not allowed with"),
    ],
)
def test_wrong_arguments_are_told_in_one_line(run: Run, tmp_path: Path, arguments: list[str], said: str) -> None:
    code, told = run("--data", str(tmp_path), *arguments)
    assert code == 2
    assert said in told


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--printer", "serail:/dev/ttyS0", "--model", "generic-80mm"], "serial:/dev/ttyUSB0"),
        (["--model", "no-such-model"], "no-such-model"),
    ],
)
def test_a_printer_that_cannot_be_meant_is_told(run: Run, tmp_path: Path, arguments: list[str], said: str) -> None:
    write_keys(tmp_path / "keys" / "kiosk-1.json", KEYS)
    code, told = run("--data", str(tmp_path), *arguments)
    assert (code, said in told) == (2, True)


@pytest.mark.parametrize(
    ("template", "said"), [("nowhere.toml", "nowhere.toml"), ("bad.toml", "bad.toml"), ("odd.toml", "odd.toml")]
)
def test_a_template_that_cannot_be_meant_is_told(run: Run, tmp_path: Path, template: str, said: str) -> None:
    write_keys(tmp_path / "keys" / "kiosk-1.json", KEYS)
    (tmp_path / "bad.toml").write_text("[[ticket]\n")
    (tmp_path / "odd.toml").write_text('[[ticket]]\nline = "moon"\n')
    code, told = run("--data", str(tmp_path), "--template", str(tmp_path / template))
    assert (code, said in told) == (2, True)


def test_a_second_program_for_the_same_kiosk_is_told_so(run: Run, tmp_path: Path) -> None:
    write_keys(tmp_path / "keys" / "kiosk-1.json", KEYS)
    journal = open_journal(tmp_path / "kiosk-kiosk-1.db")
    code, told = run("--data", str(tmp_path))
    journal.close()
    assert (code, "in use by another kiosk program" in told) == (2, True)


def test_the_key_of_another_device_is_refused(tmp_path: Path) -> None:
    """As a process of its own: the exit code that a service manager sees, and no traceback."""
    write_keys(tmp_path / "keys" / "kiosk-1.json", DeviceKeys("wall", "display", *["x"] * 5))
    command = [sys.executable, str(ROOT / "run_kiosk.py"), "--data", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, env=ENVIRONMENT, check=False)
    assert (ended.returncode, "the key of a display" in ended.stderr) == (2, True)
    assert "Traceback" not in ended.stderr


@pytest.mark.window
def test_a_kiosk_gives_numbers_of_a_real_hall_survives_its_server_and_ends_in_order(
    start_hall: Callable[[str], RunningHall], tmp_path: Path
) -> None:
    hall = start_hall("cao-bang")
    hall.join("kiosk", "kiosk-1")
    pictures, journal = tmp_path / "pictures", hall.data / "kiosk-kiosk-1.db"
    journal.write_bytes(b"no journal" * 1000)
    command = [sys.executable, str(ROOT / "run_kiosk.py"), "--data", str(hall.data), "--pictures", str(pictures)]
    kiosk = subprocess.Popen([*command, "--played", "0.2", "--size", "540x960"], env=ENVIRONMENT)
    try:
        eventually(lambda: waiting(hall) >= 1, within=60, what="a number is given")
        eventually(lambda: list((hall.data / "tickets").glob("*.png")), within=30, what="a ticket is printed")
        eventually(lambda: (pictures / "kiosk-result.png").is_file(), within=30, what="a picture of the result")
        hall.kill()
        before = papers(hall)
        eventually(lambda: papers(hall) > before + 2, within=60, what="the kiosk goes on by itself")
        hall.start()
        eventually(lambda: waiting(hall) > before + 2, within=60, what="its numbers are handed in")
        kiosk.send_signal(signal.SIGTERM)
        assert kiosk.wait(timeout=20) == 0
    finally:
        kiosk.kill()
        kiosk.wait()
    assert journal.with_name("kiosk-kiosk-1.db.damaged-1").is_file(), "a damaged journal does not keep it from starting"
    with Image.open(pictures / "kiosk-idle.png") as picture:
        assert picture.size == (540, 960)
        assert len(picture.convert("RGB").getcolors(1 << 20) or []) > 50


def papers(hall: RunningHall) -> int:
    """How many tickets were printed."""
    return len(list((hall.data / "tickets").glob("*.png")))


def waiting(hall: RunningHall) -> int:
    """How many people wait in the hall."""
    client = HallClient(hall.keys("desk"))
    try:
        snapshot = client.call(GetSnapshot(), within=20)
    finally:
        client.close()
    assert isinstance(snapshot, Snapshot)
    return sum(status.waiting for status in snapshot.services)


def test_the_service_pin_is_set_without_starting_a_kiosk(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "run_kiosk.py"), "--data", str(tmp_path), "--set-pin"]
    done = subprocess.run(command, input="4711\n", capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert ServicePin(tmp_path).is_right("4711")
    assert "4711" not in (tmp_path / "kiosk-pin.json").read_text(encoding="utf-8")


def test_a_folder_of_texts_with_a_fault_is_told_and_nothing_starts(run: Run, tmp_path: Path) -> None:
    (tmp_path / "tyz.toml").write_text('[kiosk]\nno_such_text = "x"\n', encoding="utf-8")
    code, told = run("--data", str(tmp_path), "--texts", str(tmp_path))
    assert code == 2
    assert "kiosk.no_such_text: there is no such text" in told
