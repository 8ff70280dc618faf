"""A server that is killed in the middle of its work loses nothing that it answered and doubles nothing."""

import threading
from pathlib import Path

from protocol import commands as cmd
from protocol.client import new_request_id
from protocol.replies import TicketIssuedReply
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify
from tests.bench.hall import write_hall
from tests.conftest import LONG, RunningHall, eventually, free_ports

KILLS = 50 if LONG else 15
CITIZENS = 8
ANSWERS_BETWEEN_KILLS = 40


class Citizen(threading.Thread):
    """Takes number after number, asks each again until it is answered, and remembers every answer."""

    def __init__(self, hall: RunningHall, service_id: str) -> None:
        super().__init__(daemon=True)
        self._client = hall.client("admin")
        self._command = cmd.IssueTicket(service_id)
        self.answers: dict[str, TicketIssuedReply] = {}
        self.enough = threading.Event()

    def run(self) -> None:
        while not self.enough.is_set():
            request_id = new_request_id()
            reply = self._client.call(self._command, request_id=request_id, within=60)
            assert isinstance(reply, TicketIssuedReply)
            self.answers[request_id] = reply

    def asked_again(self, request_id: str) -> object:
        """The answer of a later repetition."""
        return self._client.call(self._command, request_id=request_id, within=20)


def test_kills_under_load_lose_and_double_nothing(tmp_path: Path) -> None:
    hall = RunningHall(write_hall(tmp_path, free_ports(4)), tmp_path / "data", 0)
    citizens = [Citizen(hall, f"s{i % 8 + 1}") for i in range(CITIZENS)]
    try:
        for citizen in citizens:
            citizen.start()
        for kill in range(1, KILLS + 1):
            eventually(lambda k=kill: answered(citizens) >= k * ANSWERS_BETWEEN_KILLS, what=f"kill {kill}")
            hall.kill()
            hall.start()
        for citizen in citizens:
            citizen.enough.set()
        for citizen in citizens:
            citizen.join(timeout=60)
            assert not citizen.is_alive()
        assert_nothing_lost_or_doubled(citizens, tmp_path / "data")
        for citizen in citizens:
            for request_id, answer in list(citizen.answers.items())[:: len(citizen.answers) // 40 + 1]:
                assert citizen.asked_again(request_id) == answer
    finally:
        hall.close()


def answered(citizens: list[Citizen]) -> int:
    return sum(len(citizen.answers) for citizen in citizens)


def assert_nothing_lost_or_doubled(citizens: list[Citizen], data: Path) -> None:
    answers = [answer for citizen in citizens for answer in citizen.answers.values()]
    assert len(answers) >= KILLS * ANSWERS_BETWEEN_KILLS
    numbers = [(answer.ticket.service_day, answer.ticket.number) for answer in answers]
    assert len(set(numbers)) == len(numbers), "a number was given twice"
    storage = SqliteStorage(data / "hall.db", writing=False)
    stored = {ticket.ticket_id: ticket.number for ticket in storage.tickets()}
    assert all(stored.get(answer.ticket.ticket_id) == answer.ticket.number for answer in answers), "a ticket was lost"
    series = sorted(int(number[1:]) for number in stored.values())
    assert series == list(range(1, len(series) + 1)), "the series has a hole or a double"
    verify(storage)
    storage.close()
