"""What the kiosk knows of the hall, folded from snapshots, events and pulses."""

import datetime as dt

from msgspec.structs import replace

from kiosk.hall_now import HallNow
from protocol.events import (
    CallReason,
    CallRule,
    Event,
    EventBody,
    TicketCalled,
    TicketCancelled,
    TicketFinished,
    TicketIssued,
)
from protocol.words import TicketState
from tests.kiosk.halls import AT, DAY, commune, pulse, snapshot

ISSUED = TicketIssued(11, "A015", 15, DAY, "a", "s1", "ordinary", "vi", 7)
CALLED = TicketCalled(11, "A015", "s1", "c1", "o1", CallReason(CallRule.TURN, 3.0, []))
CANCELLED = TicketCancelled(11, "A015", "s1", TicketState.WAITING, "citizen")


def known() -> HallNow:
    """A commune whose service s1 has 7 people waiting."""
    hall = HallNow()
    hall.take_hall(commune())
    hall.take_snapshot(snapshot(commune()))
    return hall


def after(*bodies: EventBody) -> int:
    """How many wait for s1 after these events."""
    hall = known()
    for at, body in enumerate(bodies):
        hall.take_event(Event("e", 11 + at, AT, "kiosk-1", body))
    return hall.status("s1").waiting


def test_nothing_can_be_asked_before_both_settings_and_state_are_known() -> None:
    hall = HallNow()
    assert not hall.usable
    hall.take_snapshot(snapshot(commune()))
    assert not hall.usable
    hall.take_hall(commune())
    assert hall.usable


def test_a_number_given_makes_one_more_wait() -> None:
    assert after() == 7
    assert after(ISSUED) == 8


def test_who_is_called_or_cancelled_no_longer_waits() -> None:
    assert after(ISSUED, CALLED) == 7
    assert after(CANCELLED) == 6


def test_a_ticket_cancelled_after_its_call_was_not_waiting() -> None:
    assert after(replace(CANCELLED, state_before=TicketState.CALLED)) == 7


def test_the_end_of_a_service_changes_no_line() -> None:
    assert after(TicketFinished(11, "A015", "s1", "c1")) == 7


def test_nobody_can_wait_less_than_zero_times() -> None:
    assert after(*[CALLED] * 9) == 0


def test_a_pulse_knows_better_than_the_count() -> None:
    hall = known()
    hall.take_event(Event("e", 11, AT, "kiosk-1", ISSUED))
    hall.take_pulse(pulse(commune()))
    assert hall.status("s1").waiting == 7


def test_the_waiting_of_an_agency_is_that_of_its_services() -> None:
    assert known().waiting("ubnd") == known().waiting() == 0 + 7 + 14 + 21


def test_a_silent_hall_is_away_until_it_is_heard_again() -> None:
    hall = known()
    hall.lose()
    assert not hall.usable
    hall.take_pulse(pulse(commune()))
    assert hall.usable


def test_the_clock_is_the_servers_in_the_halls_zone() -> None:
    hall = known()
    hall.take_pulse(pulse(commune(), dt.datetime(2026, 1, 12, 23, 30, tzinfo=dt.UTC)))
    local = hall.local()
    assert local is not None
    assert f"{local:%Y-%m-%d %H:%M}" == "2026-01-13 06:30"


def test_a_counter_without_name_is_called_by_its_id() -> None:
    assert known().counter_names(["c2", "c99"]) == ("2", "c99")
