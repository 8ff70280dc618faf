"""What a ticket says of its visit: stays, waits, and whether anybody was there."""

import datetime as dt

import pytest
from msgspec.structs import replace

from protocol.words import Origin, TicketState
from queue_server.domain.ticket import Leg, Ticket
from queue_server.domain.visit import Stay, first_wait, is_served, is_visit, stays
from tests.queue_server.factories import MORNING

FIRST = Leg("land", "3", "01", MORNING, MORNING + dt.timedelta(minutes=9), MORNING + dt.timedelta(minutes=2))


def later(minutes: float) -> dt.datetime:
    return MORNING + dt.timedelta(minutes=minutes)


def ticket(**fields: object) -> Ticket:
    plain = Ticket(7, "A001", MORNING.date(), "A", "civil", "ordinary", "vi", MORNING)
    return replace(plain, **fields)


def test_a_ticket_that_was_never_called_has_no_stay() -> None:
    assert stays(ticket()) == []


def test_a_visit_is_told_stay_by_stay_and_the_last_may_still_go_on() -> None:
    going_on = ticket(
        legs=[FIRST],
        state=TicketState.SERVING,
        counter_id="5",
        operator_id="02",
        called_at=later(20),
        serving_at=later(21),
    )
    first = Stay("land", "3", "01", MORNING, later(2), later(9), TicketState.WAITING)
    assert stays(going_on) == [first, Stay("civil", "5", "02", later(20), later(21), None, None)]


def test_a_visit_that_is_over_says_when_and_how_it_ended() -> None:
    ended = ticket(state=TicketState.NO_SHOW, counter_id="5", called_at=later(20), ended_at=later(24))
    assert stays(ended) == [Stay("civil", "5", "", later(20), None, later(24), TicketState.NO_SHOW)]


def test_a_ticket_that_waits_again_has_only_the_stays_behind_it() -> None:
    assert [stay.counter_id for stay in stays(ticket(legs=[FIRST]))] == ["3"]
    assert [stay.counter_id for stay in stays(ticket(legs=[FIRST], called_at=later(20)))] == ["3"], "at no counter"


@pytest.mark.parametrize(
    ("fields", "minutes"),
    [
        ({}, None),
        ({"called_at": later(12)}, 12.0),
        ({"called_at": later(0.5)}, 0.5),
        ({"called_at": later(40), "legs": [FIRST]}, 0.0),
        ({"called_at": later(12), "on_time": True, "slot_at": later(8)}, 4.0),
        ({"called_at": later(12), "on_time": True, "slot_at": later(-8)}, 12.0),
        ({"called_at": later(12), "on_time": False, "slot_at": later(8)}, 12.0),
        ({"called_at": later(12), "on_time": True}, 12.0),
        ({"called_at": later(6), "on_time": True, "slot_at": later(8)}, 0.0),
        ({"called_at": later(12), "times_wrong": True}, None),
        ({"called_at": later(12), "origin": Origin.DIRECT}, None),
        ({"called_at": later(12), "origin": Origin.BACK_OFFICE}, None),
    ],
)
def test_the_wait_goes_from_issue_or_kept_slot_to_the_first_call(
    fields: dict[str, object], minutes: float | None
) -> None:
    assert first_wait(ticket(**fields)) == minutes


@pytest.mark.parametrize(
    ("fields", "visit", "served"),
    [
        ({"state": TicketState.FINISHED}, True, True),
        ({"state": TicketState.SERVING}, True, False),
        ({"state": TicketState.FINISHED, "origin": Origin.BACK_OFFICE}, False, False),
        ({"state": TicketState.CANCELLED, "withdrawn": True}, False, False),
    ],
)
def test_items_without_a_citizen_and_numbers_that_nobody_held_are_no_visits(
    fields: dict[str, object], visit: bool, served: bool
) -> None:
    assert (is_visit(ticket(**fields)), is_served(ticket(**fields))) == (visit, served)
