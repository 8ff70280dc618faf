"""SIGKILL after SIGKILL of the whole server while citizens take numbers, and how soon the next number comes."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from protocol import commands as cmd
from protocol.client import new_request_id
from protocol.errors import MotcuaError
from protocol.replies import TicketIssuedReply
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify
from tests.bench.hall import write_hall
from tests.crash.checking import Fault
from tests.running import RunningHall, eventually, free_ports

CITIZENS = 8
COUNTERS = 40
"""As many as the largest provincial hall has."""
ANSWERS_BETWEEN = 40
REPEATED = 40
"""So many of each citizen's requests are asked again at the end."""


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


@dataclass
class Found:
    """The figures of a run; `back` are the seconds from each SIGKILL to the next number that was answered."""

    kills: int = 0
    answered: int = 0
    lost: int = 0
    doubled: int = 0
    back: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def run(folder: Path, count: int, progress: Callable[[Found], None] = lambda _found: None) -> Found:
    """Kill the server of a hall in this folder so many times; what its data folder holds already stays."""
    hall = RunningHall(write_hall(folder, free_ports(4), COUNTERS), folder / "data", 0)
    citizens = [Citizen(hall, f"s{i % 8 + 1}") for i in range(CITIZENS)]
    found = Found()
    try:
        for citizen in citizens:
            citizen.start()
        for _ in range(count):
            _kill(hall, citizens, found)
            progress(found)
        _end(citizens)
        _look(citizens, folder / "data", found)
        for citizen in citizens:
            _ask_again(citizen, found)
    finally:
        hall.close()
    return found


def _kill(hall: RunningHall, citizens: list[Citizen], found: Found) -> None:
    before = _answered(citizens)
    eventually(lambda: _answered(citizens) >= before + ANSWERS_BETWEEN, what=f"answers after kill {found.kills}")
    hall.kill()
    killed = time.monotonic()
    held = _answered(citizens)
    hall.start_unheard()
    while _answered(citizens) <= held and time.monotonic() - killed < 60:
        time.sleep(0.002)  # what is measured is a time
    found.back.append(time.monotonic() - killed)
    found.kills += 1
    found.answered = _answered(citizens)


def _end(citizens: list[Citizen]) -> None:
    for citizen in citizens:
        citizen.enough.set()
    for citizen in citizens:
        citizen.join(timeout=60)
        if citizen.is_alive():
            raise Fault("a citizen waits for an answer for ever")


def _answered(citizens: list[Citizen]) -> int:
    return sum(len(citizen.answers) for citizen in citizens)


def _look(citizens: list[Citizen], data: Path, found: Found) -> None:
    """Compare what was answered with what is stored."""
    answers = [answer for citizen in citizens for answer in citizen.answers.values()]
    numbers = {(answer.ticket.service_day, answer.ticket.number) for answer in answers}
    found.answered, found.doubled = len(answers), len(answers) - len(numbers)
    storage = SqliteStorage(data / "hall.db", writing=False)
    try:
        stored = {ticket.ticket_id: ticket for ticket in storage.tickets()}
        kept = (stored.get(answer.ticket.ticket_id) for answer in answers)
        found.lost = sum(a.ticket.number != (k.number if k else "") for a, k in zip(answers, kept, strict=True))
        for day in {ticket.service_day for ticket in stored.values()}:
            series = sorted(int(ticket.number[1:]) for ticket in stored.values() if ticket.service_day == day)
            if series != list(range(1, len(series) + 1)):
                found.faults.append(f"the series of {day} has a hole or a double")
        verify(storage)
    except MotcuaError as fault:
        found.faults.append(str(fault))
    finally:
        storage.close()
    found.faults += [f"{found.lost} numbers were lost"] * bool(found.lost)
    found.faults += [f"{found.doubled} numbers were given twice"] * bool(found.doubled)


def _ask_again(citizen: Citizen, found: Found) -> None:
    for request_id, answer in list(citizen.answers.items())[:: len(citizen.answers) // REPEATED + 1]:
        if citizen.asked_again(request_id) != answer:
            found.faults.append(f"{request_id} got another answer when it was asked again")


def percentile(values: list[float], share: float) -> float:
    """The value that so large a share of all does not pass."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
