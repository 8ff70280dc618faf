"""Snapshots, events and pulses become what the wall knows."""

import datetime as dt
from collections import Counter

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from display.board import Board, Freshness
from display.calls import MINIMUM_SECONDS
from protocol import events as ev
from protocol import replies as re
from protocol.words import Origin, TicketState
from tests.display import halls
from tests.display.halls import called, event, pulse, snapshot

HO_TICH = re.ServiceStatus("ho-tich", 5, 2, 10, 15)


def board(services: list[re.ServiceStatus] | None = None) -> Board:
    found = Board()
    found.describe(halls.hall())
    found.take_snapshot(snapshot(services=[HO_TICH] if services is None else services), 0.0)
    return found


def waiting(of: Board) -> dict[str, int]:
    return {status.service_id: status.waiting for status in of.services() if status.waiting}


def issued(ticket_id: int, service: str = "ho-tich") -> ev.TicketIssued:
    number = f"H{ticket_id:03}"
    return ev.TicketIssued(ticket_id, number, ticket_id, halls.DAY, "h", service, "ordinary", "vi", 0)


def cancelled(state: TicketState, counter: str | None = None) -> ev.TicketCancelled:
    return ev.TicketCancelled(7, "H007", "ho-tich", state, "staff", "", counter)


def test_a_number_given_makes_one_more_wait_and_a_call_one_less() -> None:
    found = board()
    found.take_event(event(101, issued(101)), 1.0)
    assert waiting(found) == {"ho-tich": 6}
    found.take_event(event(102, called(101, "H101", "3")), 2.0)
    assert waiting(found) == {"ho-tich": 5}
    assert [(call.number, call.counter_id) for call in found.calls(2.0)] == [("H101", "3")]


@pytest.mark.parametrize(
    ("state", "left"), [(TicketState.WAITING, 4), (TicketState.CALLED, 5), (TicketState.SERVING, 5)]
)
def test_a_cancelled_ticket_leaves_the_line_only_if_it_stood_there(state: TicketState, left: int) -> None:
    found = board()
    found.take_event(event(101, cancelled(state)), 1.0)
    assert waiting(found) == {"ho-tich": left}


def test_a_cancelled_call_goes_from_the_wall() -> None:
    found = board()
    found.take_event(event(101, called(7, "H007", "3")), 1.0)
    found.take_event(event(102, cancelled(TicketState.CALLED, "3")), 20.0)
    assert found.calls(20.0) == []


def test_a_pulse_at_the_same_seq_is_the_authority() -> None:
    found = board()
    found.take_pulse(pulse(100, [re.ServiceStatus("ho-tich", 2, 1, 5, 8)]), 1.0)
    assert waiting(found) == {"ho-tich": 2}
    assert found.satisfaction == re.Satisfaction(3, 2, 5)


def test_a_pulse_of_another_seq_only_shows_that_the_hall_lives() -> None:
    found = board()
    found.take_pulse(pulse(104, [re.ServiceStatus("ho-tich", 2, 1, 5, 8)]), 30.0)
    assert waiting(found) == {"ho-tich": 5}
    assert found.age(30.0) == 0


def test_an_event_is_folded_once() -> None:
    found = board()
    found.take_event(event(101, issued(101)), 1.0)
    found.take_event(event(101, issued(101)), 1.0)
    assert waiting(found) == {"ho-tich": 6}


def test_nothing_of_another_epoch_is_heard() -> None:
    found = board()
    found.take_event(event(101, issued(101), epoch="e0"), 9.0)
    found.take_pulse(pulse(100, epoch="e0"), 9.0)
    assert waiting(found) == {"ho-tich": 5}
    assert found.age(9.0) == 9.0


def test_a_snapshot_of_a_new_epoch_forgets_the_old_calls() -> None:
    found = board()
    found.take_event(event(101, called(7, "H007", "3")), 1.0)
    found.take_snapshot(snapshot([halls.ticket(3, "1")], epoch="e2", seq=4), 2.0)
    assert [call.number for call in found.calls(2.0)] == ["E003"]
    assert found.seq == 4


def test_a_new_day_begins_without_ratings() -> None:
    found = board()
    found.take_pulse(pulse(100), 1.0)
    found.take_event(event(101, ev.DayStarted(halls.DAY)), 2.0)
    assert found.satisfaction.ratings == 0


@pytest.mark.parametrize(
    ("age", "freshness"),
    [
        (0.0, Freshness.LIVE),
        (3.0, Freshness.LIVE),
        (3.1, Freshness.MARKED),
        (15.1, Freshness.SAID),
        (60.0, Freshness.SAID),
        (60.1, Freshness.LOST),
    ],
)
def test_the_older_the_data_the_less_they_are_trusted(age: float, freshness: Freshness) -> None:
    assert board().freshness(age) is freshness


def test_before_anything_is_heard_nothing_is_trusted() -> None:
    assert Board().freshness(0.0) is Freshness.LOST
    assert Board().age(0.0) is None


def test_the_clock_is_the_halls_own_and_goes_on_between_pulses() -> None:
    clock = board().clock(31.0)
    assert clock is not None
    assert clock.isoformat() == "2026-01-12T08:13:01+07:00"
    assert clock - halls.AT == dt.timedelta(seconds=31)


def test_without_the_halls_zone_there_is_no_clock() -> None:
    found = Board()
    found.take_snapshot(snapshot(), 0.0)
    assert found.clock(0.0) is None


def parked(until: dt.datetime = halls.AT) -> ev.TicketParked:
    return ev.TicketParked(7, "H007", "ho-tich", "3", "cb01", until)


def sent_on(before: TicketState, after: TicketState = TicketState.WAITING) -> ev.TicketTransferred:
    counter = None if before is TicketState.WAITING else "3"
    return ev.TicketTransferred(7, "H007", "ho-tich", before, after, "dat-dai", "ordinary", counter)


def test_a_parked_ticket_leaves_the_wall_and_waits_again_when_it_returns() -> None:
    found = board()
    found.take_event(event(101, called(7, "H007", "3")), 1.0)
    found.take_event(event(102, parked()), 2.0)
    assert waiting(found) == {"ho-tich": 4}
    assert found.calls(1.0 + MINIMUM_SECONDS) == []
    found.take_event(event(103, ev.TicketReturned(7, "H007", "ho-tich")), 20.0)
    assert waiting(found) == {"ho-tich": 5}


def test_a_parked_ticket_that_is_resumed_is_a_new_call_of_somebody_who_did_not_wait() -> None:
    found = board()
    resumed = ev.CallReason(ev.CallRule.RESUMED, 0.0, [])
    found.take_event(event(101, ev.TicketCalled(7, "H007", "ho-tich", "3", "cb01", resumed)), 1.0)
    assert waiting(found) == {"ho-tich": 5}
    assert [call.blinks(1.0) for call in found.calls(1.0)] == [True]


@pytest.mark.parametrize(
    ("body", "left"),
    [
        (sent_on(TicketState.SERVING), {"ho-tich": 4, "dat-dai": 1}),
        (sent_on(TicketState.SERVING, TicketState.PARKED), {"ho-tich": 4}),
    ],
)
def test_a_ticket_that_is_sent_on_leaves_the_wall(body: ev.TicketTransferred, left: dict[str, int]) -> None:
    found = board()
    found.take_event(event(101, called(7, "H007", "3")), 1.0)
    found.take_event(event(102, body), 2.0)
    assert waiting(found) == left
    assert found.calls(1.0 + MINIMUM_SECONDS) == []


def test_a_ticket_that_is_moved_while_it_waits_changes_its_line() -> None:
    found = board()
    found.take_event(event(101, sent_on(TicketState.WAITING)), 1.0)
    assert waiting(found) == {"ho-tich": 4, "dat-dai": 1}


def test_a_transfer_that_is_taken_back_leaves_the_line_it_was_sent_to() -> None:
    found = board()
    found.take_event(event(101, called(7, "H007", "3")), 1.0)
    found.take_event(event(102, sent_on(TicketState.CALLED)), 2.0)
    back = ev.UndoneTicket(7, "H007", "ho-tich", TicketState.WAITING, TicketState.CALLED, "3", "dat-dai")
    found.take_event(event(103, ev.ActionUndone("3", "cb01", "transfer_ticket", 102, 102, [back])), 3.0)
    assert waiting(found) == {"ho-tich": 4}
    assert [call.number for call in found.calls(30.0)] == ["H007"]


def test_who_is_served_at_once_neither_waits_nor_is_called() -> None:
    found = board()
    direct = msgspec.structs.replace(issued(101), origin=Origin.DIRECT)
    found.take_event(event(101, direct), 1.0)
    found.take_event(event(102, ev.ServingStarted(101, "H101", "ho-tich", "3", directly=True)), 1.0)
    assert waiting(found) == {"ho-tich": 5}
    assert found.calls(1.0) == []


# ---- any day: what is folded is what the server would say ---------------------


class Hall:
    """A small hall that makes events and can tell its state: what the board must agree with."""

    def __init__(self) -> None:
        self.seq = 0
        self.states: dict[int, TicketState] = {}
        self.services: dict[int, str] = {}
        self.counters: dict[int, str] = {}

    def step(self, verb: str, pick: int) -> ev.Event | None:
        """One move that its ticket allows, chosen by `pick`; None when no ticket does."""
        body = self._issue(pick) if verb == "issue" else self._move(verb, pick)
        if body is None:
            return None
        self.seq += 1
        return event(self.seq, body)

    def _issue(self, pick: int) -> ev.EventBody:
        ticket_id, service = self.seq + 1, list(halls.NAMES)[pick % 3]
        self.states[ticket_id], self.services[ticket_id] = TicketState.WAITING, service
        return issued(ticket_id, service)

    def _move(self, verb: str, pick: int) -> ev.EventBody | None:
        before, after = MOVES[verb]
        able = [ticket_id for ticket_id, state in self.states.items() if state in before]
        if not able:
            return None
        ticket_id = able[pick % len(able)]
        was, self.states[ticket_id] = self.states[ticket_id], after
        if verb == "call":
            self.counters[ticket_id] = str(ticket_id)
        return self._body(verb, ticket_id, was)

    def _body(self, verb: str, ticket_id: int, was: TicketState) -> ev.EventBody:
        number, service = f"H{ticket_id:03}", self.services[ticket_id]
        counter = self.counters.get(ticket_id, "")
        if verb == "call":
            return called(ticket_id, number, counter, service)
        if verb == "recall":
            return ev.TicketRecalled(ticket_id, number, service, counter, 1)
        if verb == "cancel":
            return ev.TicketCancelled(ticket_id, number, service, was, "staff")
        kind = {"start": ev.ServingStarted, "finish": ev.TicketFinished, "no_show": ev.NoShowMarked}[verb]
        return kind(ticket_id, number, service, counter)

    def waiting(self) -> dict[str, int]:
        states = self.states.items()
        return dict(Counter(self.services[t] for t, state in states if state is TicketState.WAITING))

    def held(self) -> set[int]:
        return {t for t, state in self.states.items() if state in (TicketState.CALLED, TicketState.SERVING)}


S = TicketState
MOVES = {
    "call": ({S.WAITING}, S.CALLED),
    "recall": ({S.CALLED}, S.CALLED),
    "start": ({S.CALLED}, S.SERVING),
    "finish": ({S.SERVING}, S.FINISHED),
    "no_show": ({S.CALLED}, S.NO_SHOW),
    "cancel": ({S.WAITING, S.CALLED, S.SERVING}, S.CANCELLED),
}
STEPS = st.tuples(
    st.sampled_from(["issue", "issue", "call", *MOVES]), st.integers(0, 50), st.floats(0, 6, allow_nan=False)
)


@settings(deadline=None)
@given(steps=st.lists(STEPS, max_size=60))
def test_any_day_folded_says_what_the_hall_says(steps: list[tuple[str, int, float]]) -> None:
    hall, found, now = Hall(), Board(), 0.0
    ended: dict[int, float] = {}
    announced: dict[int, float] = {}
    found.take_snapshot(snapshot(seq=0), now)
    for verb, pick, pause in steps:
        now += pause
        before = hall.held()
        if (happened := hall.step(verb, pick)) is None:
            continue
        found.take_event(happened, now)
        if isinstance(happened.body, ev.TicketCalled | ev.TicketRecalled):
            announced[happened.body.ticket_id] = now
        ended.update(dict.fromkeys(before - hall.held(), now))
        shown = {call.ticket_id for call in found.calls(now)}
        assert waiting(found) == hall.waiting()
        assert hall.held() <= shown
        assert all(now < announced[t] + MINIMUM_SECONDS for t in shown - hall.held())
        assert all(t in shown for t in ended if now < announced[t] + MINIMUM_SECONDS)


@settings(deadline=None)
@given(steps=st.lists(STEPS, max_size=40))
def test_a_snapshot_after_a_gap_gives_the_wall_that_listening_would_have_given(
    steps: list[tuple[str, int, float]],
) -> None:
    hall, listening, late = Hall(), Board(), Board()
    for found in (listening, late):
        found.take_snapshot(snapshot(seq=0), 0.0)
    for verb, pick, _ in steps:
        if happened := hall.step(verb, pick):
            listening.take_event(happened, 0.0)
    held = [halls.ticket(t, str(t), number=f"H{t:03}") for t in sorted(hall.held(), reverse=True)]
    services = [re.ServiceStatus(service, count, 1) for service, count in hall.waiting().items()]
    late.take_snapshot(snapshot(held, services, seq=hall.seq), 0.0)
    after = MINIMUM_SECONDS
    assert waiting(listening) == waiting(late)
    assert {c.number for c in listening.calls(after)} == {c.number for c in late.calls(after)}
