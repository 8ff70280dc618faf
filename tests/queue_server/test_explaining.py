"""Why him and not me: the recorded reason, and how another ticket stood in that moment."""

import pytest

from config.settings import Calling
from protocol import commands as cmd
from protocol import replies as re
from protocol.events import CallRule
from tests.queue_server.factories import DESK, SmallHall, hall_file, with_operator


@pytest.fixture
def hall() -> SmallHall:
    hall = SmallHall(hall_file(limits=False))
    hall.open("1")
    return hall


def why(hall: SmallHall, ticket: re.TicketView, other: re.TicketView | None = None) -> re.WhyReply:
    return hall.get(re.WhyReply, cmd.GetWhy(ticket.ticket_id, other.ticket_id if other else None), DESK)


def test_a_call_says_its_own_reason_without_a_comparison(hall: SmallHall) -> None:
    ticket = hall.issue().ticket
    hall.clock.tick(7)
    hall.call()
    told = why(hall, ticket)
    assert told.reason is not None
    assert (told.reason.rule, told.reason.points, told.other, told.verdict) == (CallRule.TURN, 7, None, "")


def test_who_has_more_points_goes_first_and_both_are_told(hall: SmallHall) -> None:
    ordinary = hall.issue().ticket
    hall.clock.tick(5)
    elderly = hall.issue("land", "elderly").ticket
    hall.clock.tick(1)
    hall.call()
    told = why(hall, elderly, ordinary)
    assert told.reason is not None
    assert (told.verdict, told.reason.points, told.other_points) == ("more_points", 16, 6)


def test_with_equal_points_the_earlier_number_goes_first(hall: SmallHall) -> None:
    first, second = hall.issue().ticket, hall.issue().ticket
    hall.call()
    assert why(hall, first, second).verdict == "earlier_number"


def test_who_is_past_the_limit_goes_before_who_is_within() -> None:
    hall = SmallHall()
    hall.open("1")
    ordinary = hall.issue().ticket
    hall.clock.tick(30)
    elderly = hall.issue("land", "elderly").ticket
    hall.clock.tick(10)
    hall.call()
    told = why(hall, elderly, ordinary)
    assert told.reason is not None
    assert (told.verdict, told.reason.over_limit) == ("over_limit", 1.0)
    assert told.other_over_limit == pytest.approx(40 / 60, abs=0.01)


def test_a_counter_that_does_not_serve_the_other_did_not_pass_anybody(hall: SmallHall) -> None:
    civil = hall.issue("civil").ticket
    hall.clock.tick(5)
    land = hall.issue("land").ticket
    hall.call()
    assert why(hall, land, civil).verdict == "not_served_there"


def test_who_had_not_come_yet_or_was_called_already_was_not_waiting(hall: SmallHall) -> None:
    hall.open("3")
    early, ticket = hall.issue("land").ticket, hall.issue("land").ticket
    hall.call("3")
    hall.clock.tick(1)
    hall.call("1")
    hall.clock.tick(1)
    late = hall.issue("land").ticket
    assert why(hall, ticket, early).verdict == "not_waiting"
    assert why(hall, ticket, late).verdict == "not_waiting"


def test_who_waits_for_another_counter_alone_was_not_passed(hall: SmallHall) -> None:
    hall.open("3")
    directed = hall.issue("land").ticket
    hall.ask(cmd.MoveTicket("90", directed.ticket_id, to_counter_id="3"))
    hall.clock.tick(1)
    ticket = hall.issue("land").ticket
    hall.call("1")
    assert why(hall, ticket, directed).verdict == "meant_for_another"


def test_a_number_called_by_choice_says_so() -> None:
    hall = SmallHall(with_operator(hall_file(), "01", may_call_any=True))
    hall.open("1")
    first, second = hall.issue().ticket, hall.issue().ticket
    hall.ask(cmd.CallTicket("1", second.number, "sản phụ"))
    told = why(hall, second, first)
    assert told.reason is not None
    assert (told.verdict, told.reason.text) == ("chosen", "sản phụ")


def test_a_ticket_that_was_owed_a_call_says_so() -> None:
    hall = SmallHall(hall_file(calling=Calling(limits=False, max_priority_run=1)))
    hall.open("1")
    ordinary = hall.issue().ticket
    hall.clock.tick(14)
    hall.issue("land", "elderly")
    second = hall.issue("land", "elderly").ticket
    hall.clock.tick(20)
    first = hall.call()
    assert first is not None
    hall.ask(cmd.MarkNoShow("1", first.ticket_id))
    hall.call()
    assert why(hall, ordinary, second).verdict == "fair_share"


# ---- asked later, when both have gone on ----


def test_the_answer_is_the_same_when_the_other_was_served_or_missed_since(hall: SmallHall) -> None:
    ordinary = hall.issue().ticket
    hall.clock.tick(5)
    elderly = hall.issue("land", "elderly").ticket
    hall.serve()
    asked_at_once = why(hall, elderly, ordinary)
    hall.clock.tick(1)
    hall.call()
    hall.ask(cmd.MarkNoShow("1", ordinary.ticket_id))
    told = why(hall, elderly, ordinary)
    assert (told.verdict, told.other_points) == (asked_at_once.verdict, asked_at_once.other_points)
    hall.ask(cmd.RestoreTicket(ordinary.ticket_id, "1"))
    told = why(hall, elderly, ordinary)
    assert (told.verdict, told.other_points) == ("more_points", 5), "what it is worth now is not what it was worth then"


def test_who_was_set_aside_only_later_was_waiting_then(hall: SmallHall) -> None:
    ordinary = hall.issue().ticket
    hall.clock.tick(5)
    elderly = hall.issue("land", "elderly").ticket
    hall.serve()
    hall.clock.tick(1)
    hall.start()
    hall.ask(cmd.ParkTicket("1", ordinary.ticket_id, 30))
    told = why(hall, elderly, ordinary)
    assert (told.verdict, told.other_points) == ("more_points", 5)


def test_who_was_set_aside_in_that_moment_was_not_waiting_also_when_he_has_come_back(hall: SmallHall) -> None:
    parked = hall.issue().ticket
    hall.start()
    hall.ask(cmd.ParkTicket("1", parked.ticket_id, 10))
    hall.clock.tick(5)
    ticket = hall.issue().ticket
    hall.serve()
    assert why(hall, ticket, parked).verdict == "not_waiting"
    hall.pass_time(6)
    assert why(hall, ticket, parked).verdict == "not_waiting"


def test_who_was_sent_to_another_service_since_is_judged_by_the_one_he_waited_for(hall: SmallHall) -> None:
    ordinary = hall.issue("land").ticket
    hall.clock.tick(5)
    elderly = hall.issue("land", "elderly").ticket
    hall.serve()
    hall.clock.tick(1)
    hall.start()
    hall.ask(cmd.TransferTicket("1", ordinary.ticket_id, "civil"))
    assert why(hall, elderly, ordinary).verdict == "more_points"


def test_a_ticket_that_was_called_and_sent_on_still_says_why_it_was_called(hall: SmallHall) -> None:
    ordinary = hall.issue("land").ticket
    hall.clock.tick(5)
    elderly = hall.issue("land", "elderly").ticket
    hall.start()
    hall.ask(cmd.TransferTicket("1", elderly.ticket_id, "civil"))
    assert why(hall, elderly, ordinary).verdict == "more_points"


def test_a_ticket_that_was_never_called_has_no_why(hall: SmallHall) -> None:
    first, second = hall.issue().ticket, hall.issue().ticket
    assert why(hall, first).reason is None
    assert hall.refusal(cmd.GetWhy(first.ticket_id, second.ticket_id)) == "wrong_state"
