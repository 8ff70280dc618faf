"""A disk that gets full in the middle of a day: refused in words, nothing half-done, and on it goes with space."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol import commands as cmd
from protocol.client import HallClient
from protocol.errors import StorageFailed
from protocol.replies import HealthReply, Snapshot, TicketIssuedReply
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify
from tests.bench.hall import write_hall
from tests.conftest import RunningHall, eventually, free_ports

FILLER_BYTES = 14_000_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 16 MB with 14 MB of something else on it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", disk]).returncode:
        pytest.skip("a small file system can be mounted by root only")
    (disk / "filler").write_bytes(bytes(FILLER_BYTES))
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


def test_a_full_disk_refuses_tickets_in_words_and_loses_none(tmp_path: Path, small_disk: Path) -> None:
    data = small_disk / "data"
    hall = RunningHall(write_hall(tmp_path, free_ports(4)), data, 0)
    try:
        client = hall.client("admin")
        eventually((data / "reserve").exists, what="the reserve of the first second")
        issued = fill(client)
        assert len(issued) >= 20
        assert waiting(snapshot_of(client)) == len(issued), "what was refused left nothing behind"
        issued += fill(client)  # what one refused batch freed is used up as well
        assert waiting(snapshot_of(client)) == len(issued)
        assert hall.process.poll() is None, hall.errors()
        assert not (data / "reserve").exists(), "the reserve was given up before anything was refused"
        assert {"disk_full", "disk_low"} <= set(troubles(client))
        assert hall.errors().count("the storage failed") == 1, "the log is no place for each refused request"

        (small_disk / "filler").unlink()
        again = [issue(client) for _ in range(50)]
        numbers = sorted(reply.ticket.number for reply in issued + again)
        assert numbers == [f"A{i:08}" for i in range(1, len(numbers) + 1)]
        eventually(lambda: "disk_full" not in troubles(client), what="the reserve is back")
        assert (data / "reserve").exists()
        assert hall.stop() == 0
    finally:
        hall.close()
    storage = SqliteStorage(data / "hall.db", writing=False)
    verify(storage)
    assert len(list(storage.tickets())) == len(issued) + 50
    storage.close()


def test_a_server_that_is_killed_on_a_full_disk_starts_again_with_all_that_it_answered(
    tmp_path: Path, small_disk: Path
) -> None:
    hall = RunningHall(write_hall(tmp_path, free_ports(4)), small_disk / "data", 0)
    try:
        issued = fill(hall.client("admin"))
        hall.kill()
        (small_disk / "filler").unlink()
        hall.start()
        assert waiting(snapshot_of(hall.client("admin"))) == len(issued)
    finally:
        hall.close()


def fill(client: HallClient) -> list[TicketIssuedReply]:
    """Take numbers until the disk is full, then make sure of it: no small space is left either."""
    issued: list[TicketIssuedReply] = []
    refused = 0
    while refused < 20:
        assert len(issued) < 20_000, "the disk did not get full"
        futures = [client.ask(cmd.IssueTicket("s1", language="vi")) for _ in range(20 if refused == 0 else 1)]
        for future in futures:
            try:
                reply = future.result(timeout=60)
            except StorageFailed:
                refused += 1
            else:
                assert isinstance(reply, TicketIssuedReply)
                issued.append(reply)
    return issued


def issue(client: HallClient) -> TicketIssuedReply:
    reply = client.call(cmd.IssueTicket("s1"))
    assert isinstance(reply, TicketIssuedReply)
    return reply


def troubles(client: HallClient) -> list[str]:
    health = client.call(cmd.GetHealth())
    assert isinstance(health, HealthReply)
    return [trouble.code for trouble in health.troubles]


def snapshot_of(client: HallClient) -> Snapshot:
    snapshot = client.call(cmd.GetSnapshot())
    assert isinstance(snapshot, Snapshot)
    return snapshot


def waiting(snapshot: Snapshot) -> int:
    return sum(service.waiting for service in snapshot.services)
