"""Faults that other queue systems had, each with a test that fails on the faulty behaviour.

| fault elsewhere | here |
|---|---|
| interleaving asks one class only: nobody is next although others wait | below, and for any line and counter `tests/queue_server/domain/test_calling.py::test_if_anybody_is_eligible_next_is_never_empty` |
| the time of issue is changed to place a ticket | `tests/queue_server/domain/test_calling_rule.py::test_whatever_happens_to_a_ticket_its_time_of_issue_never_changes` |
| the newest priority ticket goes first | below |
| descending arrival | `tests/queue_server/domain/test_calling.py::test_who_came_first_is_called_first` |
| two kiosks, one number | below |
| a ticket is printed before it is saved | `tests/journeys/test_sigkill.py` (answered is stored), `tests/kiosk/test_session.py::test_a_number_is_printed_and_its_paper_reported` (printed after the answer) |
| the waiting list is in no order | `tests/queue_server/test_desk_view.py::test_the_line_holds_whom_this_counter_may_call_in_its_order` |
| a reset deletes tickets | below |
| every key is an administrator's | below, and at random `tests/queue_server/test_machine.py` |
| numbers begin again in the afternoon | below, and `tests/queue_server/domain/test_numbering.py::test_the_service_day_turns_at_midnight_of_the_halls_zone` |
| a mean of the minute part only | below |
| the second ticket on hold loses the first | below |
| a person's number in a log file | below, and `tests/queue_server/storage/test_notes.py::test_nothing_of_a_persons_number_is_ever_in_the_files` |
| refreshing a page calls again | `tests/web/test_desk_pages.py::test_a_get_never_changes_anything`, `test_one_press_sent_twice_has_one_effect` |
| any number can be rated, at any time, over again | `tests/queue_server/domain/test_token.py`, `tests/queue_server/test_service.py::test_a_served_ticket_is_rated_once` |
| postponing oneself is a way to the front | `tests/queue_server/domain/test_calling_rule.py::test_a_parked_ticket_gains_nothing_but_its_head_start_however_often_it_was_parked` |
| a call waits for a sleeping thread of its own | below |
| screens ask every three seconds | below, and `tests/web/test_desk_browser.py::test_what_happens_elsewhere_shows_by_itself` |
"""  # noqa: E501

import queue
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from config.settings import Calling
from figures.words import Figures
from protocol import commands as cmd
from protocol import replies as re
from protocol.client import HallClient
from protocol.errors import Refusal
from protocol.events import Event, TicketCalled
from protocol.words import TicketState
from queue_server.domain.rows import Device
from queue_server.enrolling import enrol_here
from queue_server.storage.sqlite import SqliteStorage
from tests.conftest import ROOT, RunningHall, hall_file_at_free_ports
from tests.queue_server.day_reports import day_report
from tests.queue_server.domain.test_hours import MONDAY, at
from tests.queue_server.factories import SmallHall, hall_file

PERSON = "001199012345"


@pytest.fixture
def small() -> SmallHall:
    hall = SmallHall(hall_file(limits=False))
    hall.open("1")
    return hall


def monday(hall: SmallHall) -> Figures:
    """The figures that a report shows of the first day."""
    return day_report(hall.storage, MONDAY).whole


# ---- who is next ----


@pytest.mark.parametrize("class_id", ["ordinary", "elderly"])
def test_a_class_of_which_nobody_is_there_never_makes_the_next_one_nobody(class_id: str) -> None:
    hall = SmallHall(hall_file(calling=Calling(limits=False, max_priority_run=1)))
    hall.open("1")
    for _ in range(8):
        hall.issue("land", class_id)
    hall.clock.tick(60)
    for _ in range(8):
        ticket = hall.call()
        assert ticket is not None, "others wait"
        hall.ask(cmd.MarkNoShow("1", ticket.ticket_id))


def test_among_priority_tickets_the_newest_is_the_last(small: SmallHall) -> None:
    taken = []
    for _ in range(4):
        taken.append(small.issue("land", "elderly").ticket.ticket_id)
        small.clock.tick(1)
    assert [small.serve().ticket_id for _ in taken] == taken


# ---- numbers ----


def test_two_kiosks_never_give_the_same_number(hall: RunningHall, tmp_path: Path) -> None:
    names, admin = ("kiosk-1", "kiosk-2"), hall.client("admin")
    keys = [enrol_here(admin, tmp_path / name, cmd.CreateEnrolment("kiosk", name)) for name in names]
    kiosks = [HallClient(key) for key in keys]

    def take(turn: int) -> str:
        reply = kiosks[turn % 2].call(cmd.IssueTicket("ho-tich"))
        assert isinstance(reply, re.TicketIssuedReply)
        return reply.ticket.number

    with ThreadPoolExecutor(8) as threads:
        numbers = list(threads.map(take, range(200)))
    for kiosk in kiosks:
        kiosk.close()
    assert len(set(numbers)) == 200
    series = sorted(int("".join(filter(str.isdecimal, number))) for number in numbers)
    assert series == list(range(series[0], series[0] + 200)), "and none is left out"


def test_numbers_go_on_through_the_afternoon_and_the_night_until_the_halls_own_midnight() -> None:
    """A day counted in UTC, or eleven hours off, begins again at 07:00 or after 17:00."""
    hall = SmallHall()
    given = []
    for clock in ("00:00", "06:59", "07:01", "16:59", "17:01", "23:59"):
        hall.clock.now = at(clock)
        given.append(hall.issue("land").ticket.number)
    assert given == [f"A00{number}" for number in range(1, 7)]
    hall.clock.tick(1)
    assert hall.issue("land").ticket.number == "A001"


def test_a_new_day_deletes_no_ticket(tmp_path: Path) -> None:
    hall = SmallHall(storage=SqliteStorage(tmp_path / "hall.db"))
    hall.open("1")
    waiting = hall.issue("civil").ticket
    hall.issue("land")
    served = hall.serve()
    hall.pass_time(24 * 60)
    hall.issue("land")
    kept = {ticket.ticket_id: ticket.state for ticket in hall.storage.tickets()}
    assert kept[served.ticket_id] is TicketState.FINISHED
    assert kept[waiting.ticket_id] is TicketState.CANCELLED
    assert (monday(hall).issued, monday(hall).served) == (2, 1)


# ---- keys ----


@pytest.mark.parametrize("role", ["kiosk", "display", "desk", "phone", "counter", "auditor"])
def test_no_other_key_than_the_administrators_is_his(small: SmallHall, role: str) -> None:
    device = Device("somebody", role, "s", counter_id="1")
    ticket_id = small.issue("land").ticket.ticket_id
    forbidden: list[cmd.Command] = [cmd.CreateEnrolment("admin", "mine"), cmd.RevokeDevice("admin")]
    if role not in ("desk", "counter"):
        forbidden += [cmd.OpenCounter("2", "02"), cmd.CallNext("1"), cmd.FinishTicket("1", ticket_id)]
        forbidden += [cmd.MoveTicket("90", ticket_id, "civil"), cmd.SuspendService("90", "land")]
    if role != "kiosk":
        forbidden += [cmd.IssueTicket("land")]
    before = small.service.hall.seq
    assert [small.refusal(command, device) for command in forbidden] == ["forbidden"] * len(forbidden)
    assert small.service.hall.seq == before


# ---- figures ----


def test_a_wait_of_seventy_five_minutes_is_not_one_of_fifteen(small: SmallHall) -> None:
    small.issue("land")
    small.clock.tick(75)
    small.serve()
    (hour,) = [hour for hour in small.overview().hours if hour.called]
    assert hour.median_minutes == 75
    assert monday(small).waiting_median == 75


# ---- on hold ----


def test_a_second_ticket_on_hold_does_not_lose_the_first(small: SmallHall) -> None:
    held = []
    for minutes in (20, 10, 15):
        small.issue("land")
        ticket_id = small.start().ticket_id
        small.ask(cmd.ParkTicket("1", ticket_id, minutes))
        held.append(ticket_id)
    assert sorted(ticket.ticket_id for ticket in small.desk().parked) == held
    small.pass_time(21)
    assert sorted(small.serve().ticket_id for _ in held) == held


# ---- persons ----


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[RunningHall]:
    """A running hall in which one service asks who comes."""
    source = ROOT / "config" / "halls" / "xa.toml"
    hall_file, web_port = hall_file_at_free_ports(source, tmp_path)
    text = hall_file.read_text(encoding="utf-8")
    assert text.count('[[services]]\nid = "ho-tich"\n') == 1
    text = text.replace('[[services]]\nid = "ho-tich"\n', '[[services]]\nid = "ho-tich"\nasks_person = true\n')
    hall_file.write_text(text, encoding="utf-8")
    running = RunningHall(hall_file, tmp_path / "data", web_port)
    yield running
    running.close()


def test_a_persons_number_stands_in_no_file_that_the_server_writes(asking: RunningHall) -> None:
    kiosk = asking.client("admin")
    assert isinstance(kiosk.call(cmd.IssueTicket("ho-tich", person=PERSON)), re.TicketIssuedReply)
    for command in (cmd.IssueTicket("ho-tich", person=PERSON), cmd.IssueTicket("nix", person=PERSON)):
        with pytest.raises(Refusal, match=r"already_waiting|unknown_service") as refusal:
            kiosk.call(command)
        assert PERSON not in str(refusal.value)
    assert PERSON not in asking.errors()
    written = [path for path in asking.data.rglob("*") if path.is_file()]
    assert any(path.name == "hall.db" for path in written)
    assert [path.name for path in written if PERSON.encode() in path.read_bytes()] == []


# ---- waiting for each other ----


def test_many_tickets_aside_and_called_hold_nobody_up(small: SmallHall) -> None:
    """What is due comes back with the clock; no call and no hold has a thread that sleeps for it."""
    threads = threading.active_count()
    small.open("2", "3")
    for _ in range(30):
        small.issue("land")
        ticket_id = small.start().ticket_id
        small.ask(cmd.ParkTicket("1", ticket_id, 480))
    small.issue("civil")
    assert small.call("2") is not None
    assert threading.active_count() == threads
    small.pass_time(480)
    assert small.desk().total == 30


class Ear:
    """Hears what the hall publishes, and asks for nothing."""

    def __init__(self) -> None:
        self.calls: queue.SimpleQueue[TicketCalled] = queue.SimpleQueue()
        self.listens = threading.Event()

    def on_snapshot(self, snapshot: re.Snapshot) -> None:
        self.listens.set()

    def on_event(self, event: Event) -> None:
        if isinstance(event.body, TicketCalled):
            self.calls.put(event.body)

    def on_pulse(self, pulse: re.Pulse) -> None:
        pass

    def on_silence(self, seconds: float) -> None:
        pass


def test_a_call_comes_to_every_screen_by_itself(hall: RunningHall) -> None:
    ears = [Ear(), Ear()]
    for ear in ears:
        hall.client("desk", ear)
        assert ear.listens.wait(10)
    staff = hall.client("admin")
    staff.call(cmd.OpenCounter("8", "08"))
    staff.call(cmd.IssueTicket("ho-tich"))
    called = staff.call(cmd.CallNext("8"))
    assert isinstance(called, re.CallReply)
    assert called.ticket is not None
    assert [ear.calls.get(timeout=60).number for ear in ears] == [called.ticket.number] * 2
