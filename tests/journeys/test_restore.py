"""A disk dies, the clerk restores last night's copy: the hall goes on, and everybody who listens starts anew."""

import shutil
import subprocess
import sys
from pathlib import Path

import msgspec

from protocol import commands as cmd
from protocol.replies import OverviewReply, Snapshot, TicketIssuedReply
from queue_server.last_backup import read_last_backup
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify
from tests.conftest import ROOT, RunningHall, eventually
from tests.protocol.test_client import Watcher


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "queue_server", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


def take_numbers(hall: RunningHall, count: int) -> list[str]:
    client = hall.client("admin")
    snapshot = client.call(cmd.GetSnapshot())
    assert isinstance(snapshot, Snapshot)
    service_id = snapshot.services[0].service_id
    replies = [client.call(cmd.IssueTicket(service_id)) for _ in range(count)]
    assert all(isinstance(reply, TicketIssuedReply) for reply in replies)
    return [reply.ticket.number for reply in replies if isinstance(reply, TicketIssuedReply)]


def test_a_hall_is_restored_and_whoever_listens_takes_a_new_snapshot(hall: RunningHall, tmp_path: Path) -> None:
    backup, watcher = tmp_path / "night.db", Watcher()
    hall.client("admin", watcher)
    early = take_numbers(hall, 3)
    assert run("backup", "--data", hall.data, backup).returncode == 0
    known = read_last_backup(hall.data)
    assert known is not None
    assert known.file == str(backup)
    late = take_numbers(hall, 40)
    eventually(lambda: watcher.at[1] >= known.seq + 40, what="the watcher heard all of it")
    busy = run("restore", "--data", hall.data, backup)
    assert (busy.returncode, busy.stdout) == (1, "")
    assert "stop it first" in busy.stderr

    seen = watcher.at
    assert hall.stop() == 0
    done = run("restore", "--data", hall.data, backup)
    assert done.returncode == 0, done.stderr
    assert "nobody gets the numbers" in done.stdout
    hall.log.close()
    hall.start()
    eventually(lambda: watcher.at[0] not in ("", seen[0]), what="the watcher hears of another epoch")
    new = take_numbers(hall, 3)
    eventually(lambda: watcher.at[1] > watcher.snapshots[-1].seq, what="and of what happens in it")
    assert not {*early, *late} & set(new), "no number twice"
    overview = hall.client("admin").call(cmd.GetOverview())
    assert isinstance(overview, OverviewReply)
    assert "hall_restored" in [alert.code for alert in overview.alerts]
    assert run("verify", "--data", hall.data).returncode == 0


def test_an_older_database_copied_by_hand_is_no_older_picture_for_anybody(hall: RunningHall, tmp_path: Path) -> None:
    backup, watcher = tmp_path / "night.db", Watcher()
    hall.client("admin", watcher)
    assert run("backup", "--data", hall.data, backup).returncode == 0
    held = take_numbers(hall, 5)
    eventually(lambda: len(watcher.events) >= 5)
    seen = watcher.at
    assert hall.stop() == 0
    shutil.copy(backup, hall.data / "hall.db")
    hall.log.close()
    hall.start()
    eventually(lambda: watcher.at[0] not in ("", seen[0]), what="the watcher hears of another epoch")
    assert not set(held) & set(take_numbers(hall, 3))
    assert "which was stored here, is not in it" in hall.errors() + _logs(hall)


def _logs(hall: RunningHall) -> str:
    return "".join(path.read_text(errors="replace") for path in hall.data.rglob("*.log*") if path.is_file())


def test_the_head_of_the_log_is_noted_when_the_server_ends(hall: RunningHall) -> None:
    take_numbers(hall, 2)
    assert hall.stop() == 0
    head = msgspec.json.decode((hall.data / "hall.head").read_bytes())
    storage = SqliteStorage(hall.data / "hall.db", writing=False)
    try:
        assert (head["seq"], head["epoch"]) == (verify(storage), storage.epoch)
    finally:
        storage.close()
