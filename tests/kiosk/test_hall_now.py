"""What the kiosk knows of the hall, folded from snapshots, events and pulses."""

import datetime as dt

from msgspec.structs import replace

from kiosk.hall_now import HallNow
from protocol.events import (
    CallReason,
    CallRule,
    Event,
    EventBody,
    KioskReopened,
    KioskSuspended,
    ServiceSuspended,
    TicketCalled,
    TicketCancelled,
    TicketFinished,
    TicketIssued,
    TicketParked,
    TicketReturned,
)
from protocol.words import Issuing, TicketState
from tests.kiosk.halls import AT, DAY, commune, pulse, snapshot

ISSUED = TicketIssued(11, "A015", 15, DAY, "a", "s1", "ordinary", "vi", 7)
CALLED = TicketCalled(11, "A015", "s1", "c1", "o1", CallReason(CallRule.TURN, 3.0, []))
CANCELLED = TicketCancelled(11, "A015", "s1", TicketState.WAITING, "citizen")


def known(device_id: str = "") -> HallNow:
    """A commune whose service s1 has 7 people waiting."""
    hall = HallNow(device_id)
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


def test_a_parked_ticket_waits_only_when_it_returns() -> None:
    resumed = replace(CALLED, reason=CallReason(CallRule.RESUMED, 0.0, []))
    parked = TicketParked(11, "A015", "s1", "c1", "o1", AT)
    assert after(ISSUED, CALLED, parked) == 7
    assert after(ISSUED, CALLED, parked, TicketReturned(11, "A015", "s1")) == 8
    assert after(ISSUED, CALLED, parked, resumed) == 7


def test_a_suspended_service_is_known_before_the_next_pulse() -> None:
    hall = known()
    hall.take_event(Event("e", 11, AT, "desk", ServiceSuspended("s1", "Mất điện", "90")))
    assert (hall.status("s1").issuing, hall.status("s1").reason) == (Issuing.SUSPENDED, "Mất điện")


def test_only_the_suspension_of_this_kiosk_is_its_own() -> None:
    hall = known("kiosk-1")
    hall.take_event(Event("e", 11, AT, "desk", KioskSuspended("kiosk-2", "Bảo trì", "90")))
    assert hall.suspended is None
    hall.take_event(Event("e", 12, AT, "desk", KioskSuspended("kiosk-1", "Bảo trì", "90")))
    assert hall.suspended == "Bảo trì"
    hall.take_event(Event("e", 13, AT, "desk", KioskReopened("kiosk-2", "90")))
    assert hall.suspended == "Bảo trì"
    hall.take_event(Event("e", 14, AT, "desk", KioskReopened("kiosk-1", "90")))
    assert hall.suspended is None


def test_a_kiosk_that_was_refused_is_in_use_again_as_far_as_a_new_snapshot_tells() -> None:
    hall = known("kiosk-1")
    hall.suspend("Bảo trì")
    hall.take_snapshot(snapshot(commune()))
    assert hall.suspended is None
