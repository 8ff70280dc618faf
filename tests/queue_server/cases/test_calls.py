"""Calling: limits, permissions, what is recorded, and the next arrival."""

import datetime as dt

import pytest
from msgspec.structs import replace

from config.settings import Calling, CounterWork, HallFile
from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from protocol.events import CallRule
from protocol.words import Origin, TicketState
from queue_server.verifying import verify
from tests.queue_server.factories import EASY_WORK, SmallHall, hall_file, with_operator

STRICT = CounterWork(recall_gap_seconds=5, no_show_min_calls=2, no_show_min_seconds=30)


@pytest.fixture
def hall() -> SmallHall:
    return SmallHall()


@pytest.fixture
def strict() -> SmallHall:
    """A hall whose counters must wait before they call again or give up, with somebody called at counter 1."""
    hall = SmallHall(hall_file(work=STRICT))
    hall.open("1")
    hall.issue()
    hall.call()
    return hall


def held(hall: SmallHall, counter_id: str = "1") -> int:
    ticket_id = hall.service.hall.counters[counter_id].ticket_id
    assert ticket_id is not None
    return ticket_id


# ---- again, and giving up ----


def test_a_recall_waits_for_the_halls_gap_and_says_how_long(strict: SmallHall) -> None:
    again = cmd.RecallTicket("1", held(strict))
    strict.clock.tick(2 / 60)
    refused = strict.get(re.Refused, again)
    assert (refused.code, refused.facts["seconds"]) == ("too_soon", 3)
    strict.clock.tick(3 / 60)
    recalled = strict.get(re.CallReply, again).ticket
    assert recalled is not None
    assert recalled.recalls == 1
    assert strict.refusal(again) == "too_soon", "the gap counts from the last announcement"


def test_a_no_show_needs_the_halls_calls_and_seconds(strict: SmallHall) -> None:
    give_up = cmd.MarkNoShow("1", held(strict))
    strict.clock.tick(10 / 60)
    refused = strict.get(re.Refused, give_up)
    assert refused.code == "too_soon"
    assert (refused.facts["seconds"], refused.facts["calls"], refused.facts["min_calls"]) == (20, 1, 2)
    strict.clock.tick(20 / 60)
    refused = strict.get(re.Refused, give_up)
    assert (refused.facts["seconds"], refused.facts["calls"]) == (0, 1), "long enough, but called only once"
    strict.ask(cmd.RecallTicket("1", held(strict)))
    assert strict.get(re.CallReply, give_up).ticket is not None


def test_a_clock_that_was_set_back_makes_no_counter_wait(strict: SmallHall) -> None:
    strict.clock.tick(-60)
    assert isinstance(strict.ask(cmd.RecallTicket("1", held(strict))), re.CallReply)
    strict.clock.tick(-60)
    assert isinstance(strict.ask(cmd.MarkNoShow("1", held(strict))), re.CallReply)


# ---- a given number ----


def test_a_given_number_is_called_only_by_whoever_may_and_its_reason_is_recorded() -> None:
    hall = SmallHall(with_operator(hall_file(), "02", may_call_any=True))
    hall.open("1", "2")
    first, second = hall.issue("land").ticket, hall.issue("land").ticket
    assert hall.refusal(cmd.CallTicket("1", second.number, "quen biết")) == "not_permitted"
    called = hall.get(re.CallReply, cmd.CallTicket("2", second.number, "mẹ có con nhỏ")).ticket
    assert called is not None
    assert called.ticket_id == second.ticket_id
    (reason,) = [body.reason for body in hall.log(ev.TicketCalled)]
    assert (reason.rule, reason.text) == (CallRule.CHOSEN, "mẹ có con nhỏ")
    assert hall.ticket(first.ticket_id).state is TicketState.WAITING


def test_the_record_of_a_number_called_out_of_order_shows_whom_it_passed() -> None:
    hall = SmallHall(with_operator(hall_file(), "01", may_call_any=True))
    hall.open("1")
    first = hall.issue("land").ticket
    hall.clock.tick(4)
    second = hall.issue("land").ticket
    hall.ask(cmd.CallTicket("1", second.number, "hẹn trước"))
    (reason,) = [body.reason for body in hall.log(ev.TicketCalled)]
    assert [(c.number, c.points) for c in reason.candidates] == [(first.number, 4)]


def test_digits_alone_do_if_only_one_waiting_ticket_ends_so() -> None:
    hall = SmallHall(with_operator(hall_file(), "03", may_call_any=True))
    hall.open("3")
    hall.issue("land")
    hall.issue("civil")
    assert hall.refusal(cmd.CallTicket("3", "1", "hẹn")) == "ambiguous_number"
    hall.issue("land")
    called = hall.get(re.CallReply, cmd.CallTicket("3", "2", "hẹn")).ticket
    assert called is not None
    assert called.number == "A002"


# ---- next, within one service, after finishing ----


def test_next_within_one_service_passes_over_who_waits_longer_for_another(hall: SmallHall) -> None:
    hall.open("3")
    hall.issue("land")
    hall.clock.tick(20)
    civil = hall.issue("civil").ticket
    called = hall.get(re.CallReply, cmd.CallNext("3", "civil")).ticket
    assert called is not None
    assert called.ticket_id == civil.ticket_id


def test_next_while_serving_finishes_first_if_the_hall_says_so(hall: SmallHall) -> None:
    hall.open("1")
    hall.issue()
    second = hall.issue().ticket
    served = hall.start()
    hall.clock.tick(6)
    reply = hall.get(re.CallReply, cmd.CallNext("1", finish_ticket_id=served.ticket_id))
    assert reply.ticket is not None
    assert reply.ticket.ticket_id == second.ticket_id
    finished = hall.ticket(served.ticket_id)
    assert (finished.state, finished.ended_at) == (TicketState.FINISHED, hall.clock.now)


def test_next_finishes_even_if_nobody_else_waits(hall: SmallHall) -> None:
    hall.open("1")
    hall.issue()
    served = hall.start()
    assert hall.get(re.CallReply, cmd.CallNext("1", finish_ticket_id=served.ticket_id)).ticket is None
    assert hall.ticket(served.ticket_id).state is TicketState.FINISHED


def test_next_while_serving_is_refused_if_the_hall_wants_each_ticket_finished() -> None:
    hall = SmallHall(hall_file(work=replace(EASY_WORK, next_finishes=False)))
    hall.open("1")
    hall.issue()
    hall.issue()
    served = hall.start()
    assert hall.refusal(cmd.CallNext("1", finish_ticket_id=served.ticket_id)) == "counter_busy"
    assert hall.ticket(served.ticket_id).state is TicketState.SERVING


def test_next_with_a_stale_ticket_neither_finishes_nor_calls(hall: SmallHall) -> None:
    hall.open("1")
    hall.issue()
    hall.issue()
    first = hall.start()
    hall.ask(cmd.CallNext("1", finish_ticket_id=first.ticket_id))
    before = hall.service.hall.seq
    assert hall.refusal(cmd.CallNext("1", finish_ticket_id=first.ticket_id)) == "wrong_state"
    assert hall.service.hall.seq == before


# ---- priority in a row ----


def test_after_so_many_priority_calls_somebody_ordinary_past_the_target_is_next_and_stands_first() -> None:
    hall = SmallHall(hall_file(calling=Calling(limits=False, max_priority_run=2)))
    hall.open("1")
    late = hall.issue("land").ticket
    hall.clock.tick(14)
    for _ in range(4):
        hall.issue("land", "elderly")
    hall.clock.tick(20)
    called = []
    for _ in range(3):
        shown = hall.desk().tickets[0]
        ticket = hall.call()
        assert ticket is not None
        assert shown.ticket_id == ticket.ticket_id, "the list shows who is really next"
        hall.ask(cmd.MarkNoShow("1", ticket.ticket_id))
        called.append(ticket)
    assert [ticket.class_id for ticket in called] == ["elderly", "elderly", "ordinary"]
    assert (called[-1].ticket_id, called[-1].rule) == (late.ticket_id, CallRule.FAIR_SHARE)


def test_a_run_of_priority_calls_goes_on_while_nobody_ordinary_is_past_the_target() -> None:
    hall = SmallHall(hall_file(calling=Calling(limits=False, max_priority_run=1)))
    hall.open("1")
    hall.issue("land")
    hall.clock.tick(10)
    for _ in range(2):
        hall.issue("land", "elderly")
    for _ in range(2):
        ticket = hall.call()
        assert ticket is not None
        assert ticket.class_id == "elderly"
        hall.ask(cmd.MarkNoShow("1", ticket.ticket_id))


# ---- the next arrival ----


def ask_next(hall: SmallHall, *counter_ids: str) -> None:
    for counter_id in counter_ids:
        assert hall.get(re.CallReply, cmd.CallNext(counter_id, wait=True)).ticket is None


def at_work(hall: SmallHall) -> list[str]:
    return [counter.counter_id for counter in hall.service.hall.counters.values() if counter.ticket_id]


def test_an_arrival_goes_to_the_counter_whose_own_field_it_is() -> None:
    hall = SmallHall(hall_file(own={"3": ["land"]}))
    hall.open("1", "3")
    ask_next(hall, "1", "3")
    hall.issue("land")
    assert at_work(hall) == ["3"]


def test_else_to_the_counter_that_can_do_least_else(hall: SmallHall) -> None:
    hall.open("3", "1")
    ask_next(hall, "3", "1")
    hall.issue("land")
    assert at_work(hall) == ["1"]


def test_else_to_the_counter_that_is_idle_longest() -> None:
    hall = SmallHall(hall_file(counters={"1": ["land"], "2": ["land"]}))
    hall.open("2")
    hall.clock.tick(1)
    hall.open("1")
    ask_next(hall, "1", "2")
    hall.clock.tick(0.1)
    hall.issue("land")
    assert at_work(hall) == ["2"]


def test_an_arrival_is_called_once_and_the_counter_asks_again_for_the_next(hall: SmallHall) -> None:
    hall.open("1")
    ask_next(hall, "1")
    first = hall.issue("land").ticket
    assert held(hall) == first.ticket_id
    hall.ask(cmd.StartServing("1", first.ticket_id))
    hall.ask(cmd.FinishTicket("1", first.ticket_id))
    hall.issue("land")
    assert at_work(hall) == []


def test_nobody_is_called_to_a_counter_whose_page_is_gone(hall: SmallHall) -> None:
    hall.open("1")
    ask_next(hall, "1")
    hall.clock.tick(2)
    hall.issue("land")
    assert at_work(hall) == []
    hall.ask(cmd.KeepCounter("1"))
    hall.pass_time(0.01)
    assert at_work(hall) == ["1"]


def test_a_parked_ticket_that_is_due_is_called_to_the_counter_that_waits_for_it(hall: SmallHall) -> None:
    hall.open("1")
    ticket_id = hall.issue("land").ticket.ticket_id
    hall.start()
    hall.ask(cmd.ParkTicket("1", ticket_id, 5))
    ask_next(hall, "1")
    hall.clock.tick(4.9)
    hall.ask(cmd.KeepCounter("1"))
    hall.pass_time(0.2)
    assert held(hall) == ticket_id


def test_asking_again_without_waiting_ends_the_wish(hall: SmallHall) -> None:
    hall.open("1")
    ask_next(hall, "1")
    hall.ask(cmd.CallNext("1"))
    hall.issue("land")
    assert at_work(hall) == []


# ---- back from being parked ----


def test_resuming_records_that_it_was_no_turn_of_the_rule(hall: SmallHall) -> None:
    hall.open("1")
    ticket_id = hall.issue("land").ticket.ticket_id
    hall.start()
    hall.ask(cmd.ParkTicket("1", ticket_id, 60))
    hall.clock.tick(3)
    resumed = hall.get(re.CallReply, cmd.ResumeTicket("1", ticket_id)).ticket
    assert resumed is not None
    assert (resumed.state, resumed.rule, resumed.called_at) == (TicketState.CALLED, CallRule.RESUMED, hall.clock.now)


def test_a_counter_resumes_only_what_is_parked_there_or_of_its_services(hall: SmallHall) -> None:
    hall.open("1", "2", "3")
    ticket_id = hall.issue("land").ticket.ticket_id
    hall.start("1")
    hall.ask(cmd.ParkTicket("1", ticket_id, 60))
    assert hall.refusal(cmd.ResumeTicket("2", ticket_id)) == "not_served_here"
    assert isinstance(hall.ask(cmd.ResumeTicket("3", ticket_id)), re.CallReply)


# ---- appointments ----


def book(hall: SmallHall, minutes: float) -> re.PlaceReply:
    slot_at = hall.clock.now + dt.timedelta(minutes=minutes)
    return hall.get(re.PlaceReply, cmd.BookAppointment("90", "land", slot_at))


def test_an_appointment_kept_on_time_counts_from_before_its_slot_but_never_later_than_its_arrival(
    hall: SmallHall,
) -> None:
    place = book(hall, 30)
    hall.clock.tick(10)
    early = hall.get(re.TicketIssuedReply, cmd.CheckIn(place.token)).ticket
    counts = hall.ticket(early.ticket_id).counts_since
    assert counts == hall.clock.now, "he came before slot − 15 and counts from then, as anybody would"
    second = book(hall, 5)
    ticket = hall.get(re.TicketIssuedReply, cmd.CheckIn(second.token)).ticket
    assert hall.ticket(ticket.ticket_id).counts_since == hall.clock.now - dt.timedelta(minutes=10)


def test_who_keeps_an_appointment_goes_before_those_who_came_within_the_head_start(hall: SmallHall) -> None:
    place = book(hall, 20)
    hall.clock.tick(10)
    walk_in = hall.issue("land").ticket
    hall.clock.tick(10)
    kept = hall.get(re.TicketIssuedReply, cmd.CheckIn(place.token))
    assert (kept.ticket.people_ahead, kept.ticket.origin) == (0, Origin.APPOINTMENT)
    hall.open("1")
    called = hall.call()
    assert called is not None
    assert (called.ticket_id, called.rule) == (kept.ticket.ticket_id, CallRule.APPOINTMENT)
    assert walk_in.ticket_id != called.ticket_id


def test_who_is_late_for_an_appointment_waits_as_if_he_had_none(hall: SmallHall) -> None:
    place = book(hall, 20)
    hall.clock.tick(25)
    walk_in = hall.issue("land").ticket
    hall.clock.tick(6)
    hall.get(re.TicketIssuedReply, cmd.CheckIn(place.token))
    hall.open("1")
    called = hall.call()
    assert called is not None
    assert called.ticket_id == walk_in.ticket_id


# ---- when the hall file has changed ----


def reopened(hall: SmallHall, file: HallFile) -> SmallHall:
    """The hall after its file was changed and its server started again."""
    again = SmallHall(file, hall.storage, first_id=1000)
    again.clock.now = hall.clock.now
    return again


def test_a_counter_that_is_no_more_asks_for_nobody(hall: SmallHall) -> None:
    hall.open("3")
    ask_next(hall, "3")
    again = reopened(hall, hall_file(counters={"1": ["land", "results"], "2": ["civil", "results"]}))
    assert again.issue("land").ticket.state is TicketState.WAITING


def test_a_ticket_of_a_service_that_is_no_more_is_refused_by_name() -> None:
    file = with_operator(hall_file(), "01", may_call_any=True)
    hall = SmallHall(file)
    hall.open("1")
    waiting, parked = hall.issue("land").ticket, hall.issue("land", "elderly").ticket
    hall.start("1")
    hall.ask(cmd.ParkTicket("1", parked.ticket_id, 30))
    services = [service for service in file.services if service.id != "land"]
    counters = [replace(c, services=[s for s in c.services if s != "land"]) for c in file.counters]
    again = reopened(hall, replace(file, services=services, counters=counters))
    assert again.refusal(cmd.ResumeTicket("1", parked.ticket_id)) == "unknown_service"
    assert again.refusal(cmd.CallTicket("1", waiting.number, "hẹn")) == "unknown_service"
    again.ask(cmd.MoveTicket("90", waiting.ticket_id, "results"))
    called = again.call("1")
    assert called is not None
    assert called.ticket_id == waiting.ticket_id, "a supervisor moves it to what took its place"


def test_a_counter_that_is_no_more_lets_its_ticket_go_and_the_log_still_adds_up(hall: SmallHall) -> None:
    hall.open("3")
    ticket_id = hall.issue("land").ticket.ticket_id
    hall.call("3")
    again = reopened(hall, hall_file(counters={"1": ["land", "results"], "2": ["civil", "results"]}))
    again.ask(cmd.MoveTicket("90", ticket_id))
    again.open("1")
    assert again.call("1") is not None
    assert verify(again.storage) == again.service.hall.seq


def test_a_citizen_whose_service_is_no_more_still_sees_his_number() -> None:
    file = hall_file()
    hall = SmallHall(file)
    issued = hall.issue("land")
    services = [service for service in file.services if service.id != "land"]
    counters = [replace(c, services=[s for s in c.services if s != "land"]) for c in file.counters]
    again = reopened(hall, replace(file, services=services, counters=counters))
    shown = again.get(re.TicketReply, cmd.GetTicket(token=issued.token)).ticket
    assert (shown.number, shown.state) == (issued.ticket.number, TicketState.WAITING)


def test_who_goes_before_somebody_whom_the_counter_only_helps_is_not_called_quick() -> None:
    file = hall_file(counters={"1": ["land"]})
    hall = SmallHall(replace(file, counters=[replace(file.counters[0], helps={"civil": 20})]))
    hall.open("1")
    hall.issue("civil")
    hall.clock.tick(5)
    hall.issue("land")
    called = hall.call()
    assert called is not None
    assert (called.number, called.rule) == ("A001", CallRule.PREFERENCE)
