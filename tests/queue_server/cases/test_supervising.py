"""What the head of the hall does: who may, what it changes, and what it leaves alone."""

import pytest

from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from protocol.words import TicketState
from tests.queue_server.factories import DESK, KIOSK, SmallHall, hall_file, with_operator


@pytest.fixture
def hall() -> SmallHall:
    hall = SmallHall()
    hall.enrol(KIOSK)
    hall.open("1", "2", "3")
    return hall


# ---- who may ----


@pytest.mark.parametrize(
    ("person", "code"), [("01", "not_permitted"), ("98", "not_permitted"), ("", "unknown_operator")]
)
def test_only_leaders_act_for_the_whole_hall(hall: SmallHall, person: str, code: str) -> None:
    ticket_id = hall.issue().ticket.ticket_id
    before = hall.service.hall.seq
    for command in (
        cmd.SuspendService(person, "land"),
        cmd.ReopenService(person, "land"),
        cmd.SuspendKiosk(person, "kiosk-1"),
        cmd.ReopenKiosk(person, "kiosk-1"),
        cmd.AssignServices(person, "1", ["civil"]),
        cmd.MoveTicket(person, ticket_id, "civil"),
        cmd.TakeOverCounter(person, "1", "05"),
        cmd.SendMessage(person, "Họp"),
        cmd.SetCounterCount(person, 2),
        cmd.BookAppointment(person, "land", hall.clock.now),
        cmd.CancelTicket(ticket_id=ticket_id, operator_id=person),
        cmd.RestoreTicket(ticket_id, operator_id=person),
    ):
        assert hall.refusal(command, DESK) == code, command
    assert hall.service.hall.seq == before


def test_every_act_of_a_leader_is_logged_with_who(hall: SmallHall) -> None:
    ticket_id = hall.issue().ticket.ticket_id
    hall.ask(cmd.SuspendService("90", "land", "x"))
    hall.ask(cmd.ReopenService("99", "land"))
    hall.ask(cmd.SuspendKiosk("90", "kiosk-1"))
    hall.ask(cmd.ReopenKiosk("99", "kiosk-1"))
    hall.ask(cmd.AssignServices("90", "1", ["civil"]))
    hall.ask(cmd.MoveTicket("99", ticket_id, "civil"))
    hall.ask(cmd.TakeOverCounter("90", "1", "05"))
    hall.ask(cmd.SendMessage("99", "Họp"))
    hall.ask(cmd.SetCounterCount("90", 2))
    hall.ask(cmd.CancelTicket(ticket_id=ticket_id, operator_id="90"))
    hall.ask(cmd.RestoreTicket(ticket_id, operator_id="99"))
    kinds = (
        ev.ServiceSuspended,
        ev.ServiceReopened,
        ev.KioskSuspended,
        ev.KioskReopened,
        ev.ServicesAssigned,
        ev.TicketTransferred,
        ev.CounterOpened,
        ev.MessageSent,
        ev.CounterCountSet,
    )
    assert [hall.log(kind)[-1].by for kind in kinds] == ["90", "99"] * 4 + ["90"]
    assert hall.log(ev.TicketCancelled)[-1].operator_id == "90"
    assert hall.log(ev.TicketRestored)[-1].operator_id == "99"


# ---- taking over ----


def test_a_counter_that_is_taken_over_keeps_its_ticket_and_its_times_at_once(hall: SmallHall) -> None:
    hall.issue("land")
    served = hall.start("1")
    hall.clock.tick(4)
    hall.ask(cmd.KeepCounter("1", operator_id="01"))
    counter = hall.get(re.CounterReply, cmd.TakeOverCounter("90", "1", "05")).counter
    assert counter.ticket is not None
    assert (counter.operator_id, counter.ticket.ticket_id) == ("05", served.ticket_id)
    assert (counter.ticket.called_at, counter.ticket.serving_at) == (served.called_at, served.serving_at)
    assert hall.refusal(cmd.FinishTicket("1", served.ticket_id, operator_id="01")) == "lease_taken"
    assert isinstance(hall.ask(cmd.FinishTicket("1", served.ticket_id, operator_id="05")), re.CallReply)


def test_a_counter_that_is_cleared_gives_its_citizen_back_to_the_line_with_his_time(hall: SmallHall) -> None:
    served = hall.issue("land").ticket
    hall.start("1")
    hall.clock.tick(4)
    later = hall.issue("land").ticket
    counter = hall.get(re.CounterReply, cmd.TakeOverCounter("90", "1")).counter
    assert not counter.open
    assert hall.ticket(served.ticket_id).state is TicketState.WAITING
    called = hall.call("3")
    assert called is not None
    assert called.ticket_id == served.ticket_id
    assert called.ticket_id != later.ticket_id


def test_nobody_is_put_at_two_counters(hall: SmallHall) -> None:
    assert hall.refusal(cmd.TakeOverCounter("90", "1", "02")) == "operator_elsewhere"
    assert hall.refusal(cmd.TakeOverCounter("90", "1", "77")) == "unknown_operator"


# ---- what a counter calls ----


def test_what_a_counter_calls_changes_at_once_and_for_the_day(hall: SmallHall) -> None:
    civil = hall.issue("civil").ticket
    assert hall.call("1") is None
    hall.ask(cmd.AssignServices("90", "1", ["civil"]))
    called = hall.call("1")
    assert called is not None
    assert called.ticket_id == civil.ticket_id
    hall.ask(cmd.MarkNoShow("1", civil.ticket_id))
    hall.ask(cmd.AssignServices("90", "1"))
    hall.issue("civil")
    assert hall.call("1") is None, "null is what the hall file says"


def test_a_counter_takes_only_priority_or_only_ordinary_if_so_assigned(hall: SmallHall) -> None:
    ordinary, elderly = hall.issue("land").ticket, hall.issue("land", "elderly").ticket
    hall.ask(cmd.AssignServices("90", "1", takes="ordinary"))
    hall.ask(cmd.AssignServices("90", "3", takes="priority"))
    called = hall.call("1"), hall.call("3")
    assert [ticket and ticket.ticket_id for ticket in called] == [ordinary.ticket_id, elderly.ticket_id]


def test_an_operator_without_the_skill_is_called_nobody_of_it_wherever_he_sits() -> None:

    hall = SmallHall(with_operator(hall_file(), "03", skills=["civil"]))
    hall.open("3")
    hall.issue("land")
    assert hall.call("3") is None
    civil = hall.issue("civil").ticket
    called = hall.call("3")
    assert called is not None
    assert called.ticket_id == civil.ticket_id


# ---- messages ----


def test_a_message_reaches_the_counters_it_is_for_and_the_newest_stands_first(hall: SmallHall) -> None:
    hall.ask(cmd.SendMessage("90", "Họp giao ban lúc 17 giờ"))
    hall.clock.tick(1)
    hall.ask(cmd.SendMessage("90", "Quầy 1 nhận thêm Hộ tịch", ["1"]))
    assert [m.text for m in hall.desk("1").messages] == ["Quầy 1 nhận thêm Hộ tịch", "Họp giao ban lúc 17 giờ"]
    assert [m.text for m in hall.desk("2").messages] == ["Họp giao ban lúc 17 giờ"]
    assert hall.desk("1").messages[0].operator_id == "90"
    assert "Họp".encode() not in hall.stored_log()


def test_yesterdays_messages_are_not_todays(hall: SmallHall) -> None:
    hall.ask(cmd.SendMessage("90", "Họp"))
    hall.pass_time(24 * 60)
    assert hall.desk("1").messages == []


# ---- doors ----


def test_shutting_twice_changes_the_reason_and_opening_twice_nothing(hall: SmallHall) -> None:
    hall.ask(cmd.SuspendService("90", "land", "mất mạng"))
    hall.ask(cmd.SuspendService("90", "land", "mất điện"))
    assert hall.service.hall.suspensions["land"].reason == "mất điện"
    hall.ask(cmd.ReopenService("90", "land"))
    hall.ask(cmd.ReopenService("90", "land"))
    hall.ask(cmd.ReopenKiosk("90", "kiosk-1"))
    assert (len(hall.log(ev.ServiceReopened)), len(hall.log(ev.KioskReopened))) == (1, 0)


def test_only_a_kiosk_is_a_kiosk(hall: SmallHall) -> None:
    hall.enrol(DESK)
    assert hall.refusal(cmd.SuspendKiosk("90", "desk")) == "unknown_device"
    assert hall.refusal(cmd.SuspendKiosk("90", "kiosk-9")) == "unknown_device"
