"""A disk that takes a fifth of a second for every sync: batches grow, everybody is answered, nothing happens twice."""

import shutil
import subprocess
from concurrent.futures import wait
from pathlib import Path

import pytest

from protocol import commands as cmd
from protocol.client import new_request_id
from protocol.replies import HealthReply, TicketIssuedReply
from tests.bench.hall import write_hall
from tests.conftest import RunningHall, free_ports

CITIZENS = 40
SYNC_MICROSECONDS = 200_000


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_on_a_slow_disk_many_are_answered_by_few_syncs_and_a_second_tap_changes_nothing(tmp_path: Path) -> None:
    hall = RunningHall(write_hall(tmp_path, free_ports(4), 8), tmp_path / "data", 0)
    slow = ["-e", "trace=fdatasync", "-e", f"inject=fdatasync:delay_enter={SYNC_MICROSECONDS}"]
    tracer = subprocess.Popen(
        ["strace", "-f", "-qq", "-o", "/dev/null", *slow, "-p", str(hall.process.pid)], stderr=subprocess.DEVNULL
    )
    try:
        client, again = hall.client("admin"), hall.client("admin")
        before = commits(hall)
        ids = [new_request_id() for _ in range(CITIZENS)]
        first = [client.ask(cmd.IssueTicket("s1"), request_id=one, within=60) for one in ids]
        second = [again.ask(cmd.IssueTicket("s1"), request_id=one, within=60) for one in ids]
        wait([*first, *second])
        assert [future.result() for future in first] == [future.result() for future in second]
        numbers = {reply.ticket.number for reply in (f.result() for f in first) if isinstance(reply, TicketIssuedReply)}
        assert len(numbers) == CITIZENS
        assert commits(hall) - before < CITIZENS / 2, "those who came meanwhile share a sync"
    finally:
        tracer.terminate()
        tracer.wait()
        hall.close()


def commits(hall: RunningHall) -> int:
    health = hall.client("admin").call(cmd.GetHealth(), within=30)
    assert isinstance(health, HealthReply)
    return health.counts.get("commits", 0)
