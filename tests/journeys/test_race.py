"""Counters that press at the same instant never get the same citizen, and nobody is forgotten."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from protocol import commands as cmd
from protocol.client import HallClient
from protocol.replies import CallReply
from tests.bench.hall import write_hall
from tests.conftest import RunningHall, free_ports

ROUNDS = 60


class Operator:
    """One counter with a connection of its own."""

    def __init__(self, client: HallClient, counter_id: str, together: threading.Barrier) -> None:
        self._client, self._counter_id, self._together = client, counter_id, together
        client.call(cmd.OpenCounter(counter_id, counter_id))

    def press(self) -> int | None:
        """Call next at the same instant as the others; the ticket or nobody."""
        self._together.wait(timeout=60)
        reply = self._client.call(cmd.CallNext(self._counter_id))
        assert isinstance(reply, CallReply)
        if reply.ticket is None:
            return None
        self._client.call(cmd.MarkNoShow(self._counter_id, reply.ticket.ticket_id))
        return reply.ticket.ticket_id


@pytest.mark.parametrize("counters", [2, 8])
def test_counters_that_press_at_once_share_the_waiting_people_without_double_or_rest(
    tmp_path: Path, counters: int
) -> None:
    hall = RunningHall(write_hall(tmp_path, free_ports(4)), tmp_path / "data", 0)
    try:
        kiosk, together = hall.client("admin"), threading.Barrier(counters)
        operators = [Operator(hall.client("desk"), str(i), together) for i in range(1, counters + 1)]
        seen: list[int] = []
        with ThreadPoolExecutor(counters) as threads:
            for turn in range(ROUNDS):
                waiting = turn % (counters + 2)
                asked = [kiosk.ask(cmd.IssueTicket(f"s{i % 8 + 1}")) for i in range(waiting)]
                for future in asked:
                    future.result(timeout=60)
                found = [one.result() for one in [threads.submit(operator.press) for operator in operators]]
                called = [ticket_id for ticket_id in found if ticket_id is not None]
                assert len(called) == min(waiting, counters), "somebody was told that nobody waits"
                seen += called
                while (rest := called_by(hall, kiosk, turn, waiting - counters)) is not None:
                    seen.append(rest)
        assert len(set(seen)) == len(seen), "a citizen was called twice"
        assert len(seen) == sum(turn % (counters + 2) for turn in range(ROUNDS))
    finally:
        hall.close()


def called_by(hall: RunningHall, client: HallClient, turn: int, left: int) -> int | None:
    """A counter of its own takes who is left over from a round."""
    if left <= 0:
        return None
    client.call(cmd.OpenCounter("200", "200"))
    reply = client.call(cmd.CallNext("200"))
    assert isinstance(reply, CallReply)
    if reply.ticket is None:
        return None
    client.call(cmd.MarkNoShow("200", reply.ticket.ticket_id))
    return reply.ticket.ticket_id
