"""The commands at the terminal: what they do, and clear words and an exit code for all that can't be."""

import io
import os
import shutil
import stat
import subprocess
import sys
import threading
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from protocol import commands as cmd
from protocol.client import HallClient
from protocol.keys import read_keys
from protocol.replies import Snapshot
from queue_server.__main__ import main
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify
from tests.conftest import ROOT, RunningHall, free_ports, hall_file_at_free_ports

Done = subprocess.CompletedProcess[str]


def run(*arguments: object) -> Done:
    """A command of the administrator, in this process: what it raises fails the test."""
    command, out, err = [str(argument) for argument in arguments], io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main(command)
        except SystemExit as wrong:  # argparse itself
            code = int(wrong.code or 0)
    return Done(command, code, out.getvalue(), err.getvalue())


def run_program(*arguments: object) -> Done:
    """A command as the administrator's shell starts it; never a traceback."""
    return without_traceback([sys.executable, "-m", "queue_server", *map(str, arguments)])


def run_server(*arguments: object) -> Done:
    """A server that is expected not to start."""
    return without_traceback([sys.executable, str(ROOT / "run_server.py"), "--no-web", *map(str, arguments)])


def without_traceback(command: list[str]) -> Done:
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=ROOT, timeout=60, env=os.environ | {"PYTHONPATH": str(ROOT)}
    )
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    return done


def enrol(hall: RunningHall, *arguments: object) -> Done:
    return run("enrol", "--data", hall.data, *arguments)


# ---- enrol ----


def test_a_device_is_invited_joins_is_listed_and_shut_out(hall: RunningHall, tmp_path: Path) -> None:
    invited = enrol(hall, "--role", "counter", "--name", "box-1", "--counter", "1", "--host", "127.0.0.1")
    assert invited.returncode == 0
    invitation = invited.stdout.split("--join ")[1].split()[0]
    joined = run("enrol", "--data", tmp_path / "device", "--join", invitation)
    assert joined.returncode == 0, joined.stderr
    keys = read_keys(tmp_path / "device" / "keys" / "box-1.json")
    assert (keys.role, keys.counter_id) == ("counter", "1")
    again = run("enrol", "--data", tmp_path / "device", "--join", invitation)
    assert (again.returncode, again.stdout) == (1, "")
    assert "new invitation" in again.stderr
    assert "box-1                counter    1\n" in enrol(hall, "--list").stdout
    assert enrol(hall, "--revoke", "box-1").returncode == 0
    assert "box-1                counter    1          revoked\n" in enrol(hall, "--list").stdout


def test_this_machine_joins_at_once(hall: RunningHall) -> None:
    joined = run_program("enrol", "--data", hall.data, "--role", "kiosk", "--name", "kiosk-1", "--here")
    assert joined.returncode == 0, joined.stderr
    client = hall.client("kiosk-1")
    assert isinstance(client.call(cmd.GetSnapshot()), Snapshot)


def test_wrong_enrolments_are_told_in_words(hall: RunningHall, capsys: pytest.CaptureFixture[str]) -> None:
    cases: list[tuple[tuple[str, ...], int, str]] = [
        ((), 2, "--role and --name"),
        (("--role", "kiosk"), 2, "--role and --name"),
        (("--role", "king", "--name", "x"), 2, "invalid choice"),
        (("--role", "kiosk", "--name", "admin"), 1, "device_exists"),
        (("--role", "kiosk", "--name", "server", "--here"), 1, "device_exists"),
        (("--role", "kiosk", "--name", "../../evil", "--here"), 1, "malformed_request"),
        (("--role", "kiosk", "--name", "máy\n1"), 1, "malformed_request"),
        (("--role", "counter", "--name", "box-9"), 1, "unknown_counter"),
        (("--role", "counter", "--name", "box-9", "--counter", "99"), 1, "unknown_counter"),
        (("--revoke", "nobody"), 1, "unknown_device"),
        (("--join", "hello"), 2, "is no invitation"),
        (("--join", f"tcp://127.0.0.1:99999/{'0' * 64}/AAAAA"), 2, "is no invitation"),
    ]
    for arguments, code, words in cases:
        try:
            ended = main(["enrol", "--data", str(hall.data), *arguments])
        except SystemExit as wrong:  # argparse itself
            ended = int(wrong.code or 0)
        told = capsys.readouterr()
        assert (ended, told.out) == (code, ""), arguments
        assert words in told.err, arguments
    assert sorted(path.stem for path in (hall.data / "keys").glob("*.json")) == [
        *("admin", "desk", "phone", "server", "tablet"),
    ]


def test_a_hall_that_does_not_run_and_a_folder_without_keys(hall: RunningHall, tmp_path: Path) -> None:
    hall.stop()
    down = enrol(hall, "--list")
    assert down.returncode == 1
    assert "is it running?" in down.stderr
    nowhere = run_program("enrol", "--data", tmp_path / "nowhere", "--list")
    assert nowhere.returncode == 2
    assert "no key file" in nowhere.stderr
    (hall.data / "keys" / "admin.json").write_text("{")
    assert enrol(hall, "--list").returncode == 2


# ---- backup ----


def test_a_copy_taken_while_numbers_are_issued_is_sound_and_private(hall: RunningHall, tmp_path: Path) -> None:
    client, enough = hall.client("admin"), threading.Event()
    snapshot = client.call(cmd.GetSnapshot())
    assert isinstance(snapshot, Snapshot)
    issuing = threading.Thread(target=issue_until, args=(client, snapshot.services[0].service_id, enough))
    issuing.start()
    try:
        copies = [tmp_path / f"copy-{i}.db" for i in range(3)]
        for copy in copies:
            assert run("backup", "--data", hall.data, copy).returncode == 0
    finally:
        enough.set()
        issuing.join()
    for copy in copies:
        storage = SqliteStorage(copy, writing=False)
        assert verify(storage) > 0
        storage.close()
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert run("backup", "--data", hall.data, copies[0]).returncode == 2
    assert run("backup", "--data", tmp_path / "nowhere", tmp_path / "x.db").returncode == 2
    assert run("backup", "--data", hall.data, tmp_path / "no" / "folder.db").returncode == 1
    assert not list(tmp_path.glob("*.new"))


def issue_until(client: HallClient, service_id: str, enough: threading.Event) -> None:
    for _ in range(900):
        client.call(cmd.IssueTicket(service_id))
        if enough.is_set():
            return


def test_a_hall_lives_again_from_a_copy_alone(hall: RunningHall, tmp_path: Path) -> None:
    client = hall.client("admin")
    snapshot = client.call(cmd.GetSnapshot())
    assert isinstance(snapshot, Snapshot)
    client.call(cmd.IssueTicket(snapshot.services[0].service_id))
    assert run("backup", "--data", hall.data, tmp_path / "copy.db").returncode == 0
    hall.stop()
    hall.log.close()
    shutil.rmtree(hall.data)
    hall.data.mkdir()
    (tmp_path / "copy.db").rename(hall.data / "hall.db")
    hall.start()
    found = hall.client("admin").call(cmd.GetSnapshot())
    assert isinstance(found, Snapshot)
    assert found.services[0].waiting == 1


# ---- the server ----


def test_a_wrong_hall_file_is_refused_with_every_fault(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    text = (ROOT / "config" / "halls" / "xa.toml").read_text(encoding="utf-8")
    wrong.write_text(text.replace("[hall]", "[hall]\ncolour = 1", 1) + '\n[[nonsense]]\nid = "x"\n', encoding="utf-8")
    done = run_server("--hall", wrong, "--data", tmp_path / "data")
    assert done.returncode == 2
    assert "colour" in done.stderr
    assert not (tmp_path / "data").exists(), "nothing was begun"
    done = run_server("--hall", wrong, "--data", tmp_path / "data", "--clock-start", "2026-11-23T07:30")
    assert done.returncode == 2
    assert "'2026-11-23T07:30' is no instant with its zone" in done.stderr
    missing = run_server("--hall", tmp_path / "missing.toml", "--data", tmp_path / "data")
    assert missing.returncode == 2
    assert "missing.toml" in missing.stderr


def test_a_second_server_on_the_same_data_is_refused_and_the_first_goes_on(hall: RunningHall, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    elsewhere, _ = hall_file_at_free_ports(ROOT / "config" / "halls" / "xa.toml", other)
    for file in (hall.hall_file, elsewhere):
        done = run_server("--hall", file, "--data", hall.data)
        assert done.returncode == 1
        assert "another server works on this folder" in done.stderr
    assert isinstance(hall.client("admin").call(cmd.GetSnapshot()), Snapshot)


def test_ports_in_use_and_data_that_is_none_are_told_in_words(hall: RunningHall, tmp_path: Path) -> None:
    in_use = run_server("--hall", hall.hall_file, "--data", tmp_path / "other")
    assert in_use.returncode == 1
    assert "ports" in in_use.stderr
    garbage = tmp_path / "garbage"
    garbage.mkdir()
    (garbage / "hall.db").write_bytes(b"this is no database" * 300)
    assert run_server("--hall", hall.hall_file, "--data", garbage).returncode == 1
    (tmp_path / "a-file").write_text("x")
    assert run_server("--hall", hall.hall_file, "--data", tmp_path / "a-file").returncode == 1
    hall.stop()
    (hall.data / "keys" / "server.json").write_text("{")
    broken = run_server("--hall", hall.hall_file, "--data", hall.data)
    assert broken.returncode == 1
    assert "server.json" in broken.stderr


@pytest.mark.parametrize("lost", ["admin.json", "server.json"])
def test_a_lost_key_file_is_made_again_at_the_next_start(hall: RunningHall, lost: str) -> None:
    hall.stop()
    hall.log.close()
    for name in {lost, "phone.json"}:
        (hall.data / "keys" / name).unlink()
    hall.start()
    assert isinstance(hall.client("desk").call(cmd.GetSnapshot()), Snapshot)


def test_a_hall_that_moved_to_other_ports_is_found_by_its_own_devices(hall: RunningHall) -> None:
    hall.stop()
    hall.log.close()
    before = hall.keys("admin")
    text = hall.hall_file.read_text(encoding="utf-8")
    for address in (before.commands, before.events):
        text = text.replace(address, f"tcp://127.0.0.1:{free_ports(1)[0]}")
    hall.hall_file.write_text(text, encoding="utf-8")
    (hall.data / "keys" / "phone.json").unlink()  # made last: the start waits for it
    hall.start()
    assert hall.keys("admin").public_key == before.public_key
    assert isinstance(hall.client("admin").call(cmd.GetSnapshot()), Snapshot)
