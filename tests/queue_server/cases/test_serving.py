"""Serving: who did it, where a ticket that was sent on stands, and what is never announced."""

import pytest
from msgspec.structs import replace

from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from protocol.words import Origin, Performed, TicketState
from tests.queue_server.factories import EASY_WORK, PHONE, SmallHall, hall_file


@pytest.fixture
def hall() -> SmallHall:
    return SmallHall()


# ---- who and where ----

BY_COUNTER = (
    cmd.StartServing,
    cmd.RecallTicket,
    cmd.MarkNoShow,
)


@pytest.mark.parametrize("command", BY_COUNTER)
def test_after_a_take_over_the_log_names_who_did_it_and_not_who_called(hall: SmallHall, command: type) -> None:
    hall.open("1")
    ticket_id = hall.issue().ticket.ticket_id
    hall.call()
    hall.get(re.CounterReply, cmd.TakeOverCounter("90", "1", "05"))
    hall.get(re.CallReply, command("1", ticket_id))
    (done,) = hall.log(ev.ServingStarted) + hall.log(ev.TicketRecalled) + hall.log(ev.NoShowMarked)
    assert (done.operator_id, done.counter_id) == ("05", "1")


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (lambda i: cmd.FinishTicket("1", i), ev.TicketFinished),
        (lambda i: cmd.ParkTicket("1", i, 5, "chờ bản sao"), ev.TicketParked),
        (lambda i: cmd.TransferTicket("1", i, "civil"), ev.TicketTransferred),
        (lambda i: cmd.RecordServices("1", i, [Performed("land")]), ev.ServicesRecorded),
        (lambda i: cmd.CheckClaim("1", i, valid=True), ev.ClaimChecked),
        (lambda i: cmd.GrantComeBack("1", i, ["bản sao"], 24), ev.ComeBackGranted),
        (lambda i: cmd.CancelTicket(ticket_id=i, counter_id="1"), ev.TicketCancelled),
        (lambda i: cmd.CallNext("1", finish_ticket_id=i), ev.TicketFinished),
    ],
)
def test_what_a_relieving_operator_does_is_logged_as_his(hall: SmallHall, command, event) -> None:  # type: ignore[no-untyped-def]
    hall.open("1")
    hall.issue("land", "elderly")
    ticket_id = hall.start().ticket_id
    hall.get(re.CounterReply, cmd.TakeOverCounter("90", "1", "05"))
    assert not isinstance(hall.ask(command(ticket_id)), re.Refused)
    assert [body.operator_id for body in hall.log(event)] == ["05"]


def test_a_ticket_cancelled_while_it_waits_is_logged_with_who_and_where(hall: SmallHall) -> None:
    hall.open("1")
    ticket_id = hall.issue().ticket.ticket_id
    hall.get(re.TicketReply, cmd.CancelTicket(ticket_id=ticket_id, counter_id="1", reason="đã về"))
    (cancelled,) = hall.log(ev.TicketCancelled)
    assert (cancelled.by, cancelled.operator_id, cancelled.at_counter_id) == ("staff", "01", "1")


def test_cancelling_who_waits_leaves_the_counters_own_citizen_alone(hall: SmallHall) -> None:
    hall.open("1")
    served, waiting = hall.issue().ticket, hall.issue().ticket
    hall.start()
    hall.get(re.TicketReply, cmd.CancelTicket(ticket_id=waiting.ticket_id, counter_id="1"))
    assert hall.desk().counter.ticket is not None
    assert hall.desk().counter.ticket.ticket_id == served.ticket_id


# ---- times ----


def test_a_transfer_keeps_number_and_original_time_so_that_nobody_later_goes_before(hall: SmallHall) -> None:
    hall.open("1", "2")
    first = hall.issue("land").ticket
    hall.clock.tick(5)
    later = hall.issue("civil").ticket
    hall.clock.tick(5)
    hall.start("1")
    hall.clock.tick(10)
    hall.ask(cmd.TransferTicket("1", first.ticket_id, "civil"))
    called = hall.call("2")
    assert called is not None
    assert (called.number, called.issued_at) == (first.number, first.issued_at)
    assert called.ticket_id != later.ticket_id


def test_each_stay_of_a_visit_keeps_its_own_times(hall: SmallHall) -> None:
    hall.open("1", "2")
    issued = hall.issue("land").ticket
    hall.clock.tick(2)
    hall.call("1")
    hall.clock.tick(1)
    hall.ask(cmd.StartServing("1", issued.ticket_id))
    hall.clock.tick(7)
    hall.ask(cmd.TransferTicket("1", issued.ticket_id, "civil"))
    hall.clock.tick(3)
    hall.call("2")
    ticket = hall.ticket(issued.ticket_id)
    (leg,) = ticket.legs
    assert leg.serving_at is not None
    assert (leg.service_id, leg.counter_id, leg.operator_id, leg.end) == ("land", "1", "01", TicketState.WAITING)
    since = [leg.called_at, leg.serving_at, leg.ended_at, ticket.called_at]
    assert [round((at - issued.issued_at).total_seconds() / 60) for at in since if at] == [2, 3, 10, 13]
    assert (ticket.serving_at, ticket.recalls) == (None, 0), "the second stay begins with times of its own"


def test_a_parked_ticket_returns_by_itself_when_due_to_its_counter_and_its_time(hall: SmallHall) -> None:
    hall.open("1", "3")
    parked = hall.issue("land").ticket
    hall.start("1")
    hall.ask(cmd.ParkTicket("1", parked.ticket_id, 10, "đi photo"))
    later = hall.issue("land").ticket
    hall.pass_time(9.9)
    assert hall.ticket(parked.ticket_id).state is TicketState.PARKED
    hall.pass_time(0.1)
    assert hall.ticket(parked.ticket_id).state is TicketState.WAITING
    other = hall.call("3")
    assert other is not None
    assert other.ticket_id == later.ticket_id, "it waits for the counter that parked it"
    called = hall.call("1")
    assert called is not None
    assert called.ticket_id == parked.ticket_id


def test_a_parked_ticket_is_called_by_another_counter_once_its_own_is_closed(hall: SmallHall) -> None:
    hall.open("1", "3")
    ticket_id = hall.issue("land").ticket.ticket_id
    hall.start("1")
    hall.ask(cmd.ParkTicket("1", ticket_id, 10))
    hall.ask(cmd.CloseCounter("1"))
    hall.clock.tick(11)
    called = hall.call("3")
    assert called is not None
    assert called.ticket_id == ticket_id, "nobody is stranded at a counter without operator"


def test_who_may_not_be_called_before_a_time_is_passed_over_until_then(hall: SmallHall) -> None:
    hall.open("1", "2")
    sent = hall.issue("land").ticket
    hall.start("1")
    hall.ask(cmd.TransferTicket("1", sent.ticket_id, "civil", not_before_minutes=15))
    later = hall.issue("civil").ticket
    first = hall.start("2")
    hall.ask(cmd.FinishTicket("2", first.ticket_id))
    assert first.ticket_id == later.ticket_id
    assert hall.call("2") is None
    hall.clock.tick(15)
    called = hall.call("2")
    assert called is not None
    assert called.ticket_id == sent.ticket_id


def test_a_restored_no_show_stands_where_its_original_time_puts_it(hall: SmallHall) -> None:
    hall.open("1")
    missed = hall.issue().ticket
    hall.clock.tick(1)
    others = [hall.issue().ticket for _ in range(3)]
    hall.call()
    hall.ask(cmd.MarkNoShow("1", missed.ticket_id))
    hall.clock.tick(4)
    hall.get(re.CallReply, cmd.RestoreTicket(missed.ticket_id, "1"))
    assert [t.ticket_id for t in hall.desk().tickets] == [missed.ticket_id, *(t.ticket_id for t in others)]
    assert hall.ticket(missed.ticket_id).issued_at == missed.issued_at


def test_a_back_office_item_and_yesterdays_ticket_are_not_restored(hall: SmallHall) -> None:
    hall.open("1")
    old = hall.issue().ticket
    hall.call()
    hall.ask(cmd.MarkNoShow("1", old.ticket_id))
    hall.clock.tick(24 * 60)
    hall.open("1")
    item = hall.get(re.CallReply, cmd.ServeDirectly("1", "land", back_office=True)).ticket
    assert item is not None
    hall.ask(cmd.CancelTicket(ticket_id=item.ticket_id, counter_id="1"))
    assert hall.refusal(cmd.RestoreTicket(item.ticket_id, "1")) == "wrong_state"
    assert hall.refusal(cmd.RestoreTicket(old.ticket_id, "1")) == "wrong_state"


# ---- sent on, and back ----


def test_a_ticket_that_comes_back_returns_to_the_counter_and_service_that_sent_it(hall: SmallHall) -> None:
    hall.open("1", "2", "3")
    ticket_id = hall.issue("land").ticket.ticket_id
    hall.start("1")
    hall.ask(cmd.TransferTicket("1", ticket_id, "civil", to_counter_id="2", note="xác nhận hộ", comes_back=True))
    assert hall.call("3") is None, "it is meant for counter 2"
    hall.start("2")
    sent_back = hall.get(re.CallReply, cmd.FinishTicket("2", ticket_id)).ticket
    assert sent_back is not None
    assert (sent_back.state, sent_back.service_id, sent_back.to_counter_id) == (TicketState.WAITING, "land", "1")
    assert hall.call("3") is None
    hall.start("1")
    finished = hall.get(re.CallReply, cmd.FinishTicket("1", ticket_id)).ticket
    assert finished is not None
    assert finished.state is TicketState.FINISHED, "it comes back once"
    assert len(hall.log(ev.TicketFinished)) == 1


def test_a_ticket_sent_to_a_person_follows_that_person_to_another_counter(hall: SmallHall) -> None:
    hall.open("1", "2")
    ticket_id = hall.issue("land").ticket.ticket_id
    hall.start("1")
    hall.ask(cmd.TransferTicket("1", ticket_id, to_operator_id="02"))
    hall.ask(cmd.CloseCounter("2"))
    hall.ask(cmd.OpenCounter("3", "02"))
    assert hall.call("1") is None
    called = hall.call("3")
    assert called is not None
    assert called.ticket_id == ticket_id


def test_a_supervisor_moves_who_waits_without_changing_the_time(hall: SmallHall) -> None:
    hall.open("1", "2")
    ticket = hall.issue("land").ticket
    hall.clock.tick(10)
    hall.ask(cmd.MoveTicket("90", ticket.ticket_id, "civil", class_id="elderly"))
    called = hall.call("2")
    assert called is not None
    assert (called.ticket_id, called.class_id, called.issued_at) == (ticket.ticket_id, "elderly", ticket.issued_at)
    (moved,) = hall.log(ev.TicketTransferred)
    assert moved.by == "90"


# ---- without a ticket, without a citizen ----


def test_serving_without_a_ticket_announces_nothing_and_takes_a_number_of_the_series(hall: SmallHall) -> None:
    hall.open("1")
    hall.issue("land")
    hall.ask(cmd.ServeDirectly("1", "land"))
    view = hall.desk().counter.ticket
    assert view is not None
    assert (view.number, view.origin, view.state) == ("A002", Origin.DIRECT, TicketState.SERVING)
    assert hall.log(ev.TicketCalled) == []
    hall.get(re.CallReply, cmd.FinishTicket("1", view.ticket_id))
    assert hall.issue("land").ticket.number == "A003"


def test_a_back_office_item_leaves_no_hole_in_what_citizens_see_called(hall: SmallHall) -> None:
    hall.open("1")
    hall.issue("land")
    reply = hall.get(re.CallReply, cmd.ServeDirectly("1", "land", back_office=True)).ticket
    assert reply is not None
    assert reply.number == "HS-001"
    hall.get(re.CallReply, cmd.FinishTicket("1", reply.ticket_id))
    assert hall.issue("land").ticket.number == "A002"
    assert hall.log(ev.TicketCalled) == []
    assert hall.service.satisfaction.finished == 0, "nobody can rate an item without a citizen"


def test_a_back_office_item_is_never_announced_nor_counted_as_somebody_who_waits(hall: SmallHall) -> None:
    hall.open("1")
    item = hall.get(re.CallReply, cmd.ServeDirectly("1", "land", back_office=True)).ticket
    assert item is not None
    hall.ask(cmd.ParkTicket("1", item.ticket_id, 5))
    hall.pass_time(5)
    assert hall.issue("land").ticket.people_ahead == 0
    hall.call()
    assert [body.number for body in hall.log(ev.TicketCalled)] == ["A001"]


# ---- what a visit was ----


def test_a_visit_has_several_services_with_quantities_and_results(hall: SmallHall) -> None:
    hall.open("1")
    hall.issue()
    ticket_id = hall.start().ticket_id
    done = [Performed("land", 2, "received", "1.012756"), Performed("results", 1, "must_supplement")]
    hall.get(re.CallReply, cmd.RecordServices("1", ticket_id, done[:1]))
    finished = hall.get(re.CallReply, cmd.FinishTicket("1", ticket_id, done)).ticket
    assert finished is not None
    assert finished.performed == done


def test_a_hall_that_wants_a_result_finishes_nothing_without_one() -> None:
    hall = SmallHall(hall_file(work=replace(EASY_WORK, result_required=True)))
    hall.open("1")
    hall.issue()
    hall.issue()
    ticket_id = hall.start().ticket_id
    assert hall.refusal(cmd.FinishTicket("1", ticket_id)) == "result_needed"
    assert hall.refusal(cmd.FinishTicket("1", ticket_id, [Performed("land")])) == "result_needed"
    assert hall.refusal(cmd.CallNext("1", finish_ticket_id=ticket_id)) == "result_needed"
    assert hall.ticket(ticket_id).state is TicketState.SERVING, "and nothing was changed"
    hall.ask(cmd.RecordServices("1", ticket_id, [Performed("land", 1, "received")]))
    assert hall.get(re.CallReply, cmd.CallNext("1", finish_ticket_id=ticket_id)).ticket is not None
    assert hall.ticket(ticket_id).state is TicketState.FINISHED


def test_a_citizen_who_cancels_by_phone_is_not_taken_for_staff(hall: SmallHall) -> None:
    hall.open("1")
    issued = hall.issue()
    assert hall.refusal(cmd.CancelTicket(token=issued.token, counter_id="1"), PHONE) == "malformed_request"
    hall.get(re.TicketReply, cmd.CancelTicket(token=issued.token), PHONE)
    assert hall.desk().undoable is None
    (cancelled,) = hall.log(ev.TicketCancelled)
    assert (cancelled.by, cancelled.operator_id, cancelled.counter_id) == ("citizen", "", None)


# ---- the day's end ----


def test_at_the_days_end_who_waits_is_called_or_parked_ends_and_counters_close(hall: SmallHall) -> None:
    hall.open("1", "2", "3")
    served = hall.issue("land").ticket
    hall.start("1")
    parked = hall.issue("civil").ticket
    hall.start("2")
    hall.ask(cmd.ParkTicket("2", parked.ticket_id, 60))
    called = hall.issue("civil").ticket
    hall.call("3")
    hall.ask(cmd.AssignServices("90", "1", ["civil"], "priority"))
    hall.pass_time(24 * 60)
    states = [hall.ticket(t.ticket_id).state for t in (served, parked, called)]
    assert states == [TicketState.SERVING, TicketState.CANCELLED, TicketState.CANCELLED]
    counters = hall.service.hall.counters
    assert [counters[c].operator_id for c in ("1", "2", "3")] == ["01", None, None], "who serves stays"
    assert (counters["1"].service_ids, counters["1"].takes) == (None, "all"), "what was changed held for a day"
    assert {(body.by, body.reason) for body in hall.log(ev.TicketCancelled)} == {("day_end", "")}
    closed = [(body.counter_id, body.operator_id, body.by) for body in hall.log(ev.CounterClosed)]
    assert closed == [("2", "02", "server"), ("3", "03", "server")], "nobody closed them by hand"
