"""More calls than the wall has places: each is shown as long as the room needs, in order, and none is lost."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display.board import Board
from display.calls import MINIMUM_SECONDS, Call, Calls
from display.wall import Shape, compose
from protocol import events as ev
from protocol.words import TicketState
from tests.display import halls
from tests.display.halls import event

STEP = 0.25
"""Seconds between two looks at the wall."""
LYING, UPRIGHT, ONE = Shape(5, 2, 5), Shape(4, 1, 3), Shape(1, 1, 1)


def some_call(ticket_id: int, recalls: int = 0) -> Call:
    return Call(ticket_id, f"A{ticket_id:03}", str(ticket_id), "ho-tich", recalls=recalls)


def numbers(calls: Calls, now: float, places: int) -> list[str]:
    return [call.number for call in calls.shown(now, places)]


# ---- one after the other ---------------------------------------------------------


def test_a_call_waits_until_one_before_it_had_its_time() -> None:
    calls = Calls()
    for ticket_id in (1, 2, 3):
        calls.call(some_call(ticket_id))
    assert numbers(calls, 0.0, 2) == ["A002", "A001"]
    assert numbers(calls, MINIMUM_SECONDS - 0.1, 2) == ["A002", "A001"]
    assert numbers(calls, MINIMUM_SECONDS, 2) == ["A003", "A002", "A001"]


def test_a_call_that_waited_blinks_from_when_it_comes_on() -> None:
    calls = Calls()
    calls.call(some_call(1))
    calls.call(some_call(2))
    calls.shown(0.0, 1)
    [newest, _] = calls.shown(MINIMUM_SECONDS, 1)
    assert newest.number == "A002"
    assert newest.blinks(MINIMUM_SECONDS + 2.9)


def test_a_call_that_ended_before_its_turn_is_not_shown() -> None:
    calls = Calls()
    calls.call(some_call(1))
    calls.call(some_call(2))
    calls.shown(0.0, 1)
    calls.end(2)
    assert numbers(calls, 100.0, 1) == ["A001"]


def test_who_came_before_his_turn_on_the_wall_is_steady_at_once_and_takes_nobodys_place() -> None:
    calls = Calls()
    for ticket_id in (1, 2, 3):
        calls.call(some_call(ticket_id))
    calls.shown(0.0, 1)
    calls.serve(2)
    [served, first] = calls.shown(1.0, 1)
    assert (served.number, served.serving, served.blinks(1.0)) == ("A002", True, False)
    assert first.number == "A001"
    assert numbers(calls, MINIMUM_SECONDS, 1)[0] == "A003"


def test_a_call_taken_back_before_its_turn_was_none() -> None:
    calls = Calls()
    calls.call(some_call(1))
    calls.call(some_call(2))
    calls.shown(0.0, 1)
    calls.take_back(ev.UndoneTicket(2, "A002", "ho-tich", TicketState.CALLED, TicketState.WAITING))
    assert numbers(calls, 100.0, 1) == ["A001"]


def test_a_repetition_waits_for_its_turn_while_the_first_call_still_stands() -> None:
    calls = Calls()
    calls.call(some_call(1))
    calls.shown(0.0, 1)
    calls.call(some_call(2))
    calls.shown(MINIMUM_SECONDS, 1)
    calls.call(some_call(1, recalls=1))
    assert numbers(calls, MINIMUM_SECONDS + 1, 1) == ["A002", "A001"]
    assert numbers(calls, 2 * MINIMUM_SECONDS, 1) == ["A001", "A002"]


def test_a_repetition_of_what_keeps_its_place_anyway_takes_no_other() -> None:
    calls = Calls()
    calls.call(some_call(1))
    calls.call(some_call(2))
    calls.shown(0.0, 2)
    calls.call(some_call(1, recalls=1))
    [top, _] = calls.shown(1.0, 2)
    assert (top.number, top.blinks(1.0)) == ("A001", True)


def test_what_waits_for_its_turn_still_waits_after_a_gap() -> None:
    calls = Calls()
    calls.call(some_call(1))
    calls.call(some_call(2))
    calls.shown(0.0, 1)
    views = [halls.ticket(2, "2", number="A002"), halls.ticket(1, "1", number="A001")]
    calls.rebuild(views, same_life=True)
    assert numbers(calls, 1.0, 1) == ["A001"]
    assert calls.shown(MINIMUM_SECONDS, 1)[0].blinks(MINIMUM_SECONDS)


def test_a_wall_that_starts_again_shows_all_at_once_without_blinking() -> None:
    calls = Calls()
    calls.rebuild([halls.ticket(n, str(n)) for n in range(9, 0, -1)], same_life=False)
    shown = calls.shown(0.0, 1)
    assert len(shown) == 9
    assert not any(call.blinks(0.0) for call in shown)


# ---- storms -----------------------------------------------------------------------


@dataclass
class Watcher:
    """Somebody who looks at the wall all the time."""

    board: Board
    shape: Shape
    first_seen: dict[str, float] = field(default_factory=dict)
    looks: list[tuple[float, list[str]]] = field(default_factory=list)

    def look(self, now: float) -> None:
        shown = [row.number for row in compose(self.board, now, self.shape).rows]
        for number in reversed(shown):
            self.first_seen.setdefault(number, now)
        self.looks.append((now, shown))

    def left_early(self, number: str) -> list[float]:
        """When the number was not there although its time was not over."""
        since = self.first_seen[number]
        return [at for at, shown in self.looks if since <= at < since + MINIMUM_SECONDS and number not in shown]


@pytest.mark.parametrize("shape", [LYING, UPRIGHT, ONE], ids=["lying", "upright", "one"])
def test_of_forty_calls_in_a_minute_each_stays_its_time_in_order_and_none_is_lost(shape: Shape) -> None:
    board = Board()
    board.describe(halls.hall(counters=40))
    board.take_snapshot(halls.snapshot(), 0.0)
    watcher = Watcher(board, shape)
    called: list[str] = []
    for look in range(int(400 / STEP)):
        now = look * STEP
        if now < 60 and len(called) < 40 and now >= len(called) * 1.5:
            called.append(f"A{len(called):03}")
            board.take_event(event(100 + len(called), halls.called(len(called), called[-1], str(len(called)))), now)
        watcher.look(now)
    assert list(watcher.first_seen) == called
    assert {number: watcher.left_early(number) for number in called} == {number: [] for number in called}


Step = tuple[str, int, float]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["call"] * 5 + ["recall", "serve", "end", "gap"]),
        st.integers(1, 12),
        st.sampled_from([0.0, 0.0, 0.1, 1.0, 3.0, 9.0]),
    ),
    max_size=40,
)


class Hall:
    """Calls in any order, and which of them the room has a right to see."""

    def __init__(self) -> None:
        self.calls = Calls()
        self.live: dict[int, int] = {}
        """Recalls of the tickets that are called and not served."""
        self.owed: list[tuple[int, int]] = []
        """Announcements (ticket, recalls) that must come on, in this order."""

    def step(self, verb: str, ticket_id: int) -> None:
        if verb == "call" and ticket_id not in self.live:
            self._announce(ticket_id, 0)
        elif verb == "recall" and ticket_id in self.live:
            self._announce(ticket_id, self.live[ticket_id] + 1)
        elif verb == "serve" and self.live.pop(ticket_id, None) is not None:
            self.calls.serve(ticket_id)
            self._forgive(ticket_id)
        elif verb == "end":
            self.live.pop(ticket_id, None)
            self.calls.end(ticket_id)
            self._forgive(ticket_id)

    def _announce(self, ticket_id: int, recalls: int) -> None:
        place = next((at for at, (owed, _) in enumerate(self.owed) if owed == ticket_id), len(self.owed))
        self.owed[place : place + 1] = [(ticket_id, recalls)]
        self.live[ticket_id] = recalls
        self.calls.call(some_call(ticket_id, recalls))

    def _forgive(self, ticket_id: int) -> None:
        self.owed = [one for one in self.owed if one[0] != ticket_id]

    def look(self, now: float, places: int) -> Sequence[Call]:
        shown = self.calls.shown(now, places)
        came = sorted((call for call in shown if call.since == now), key=lambda call: call.rank)
        for call in came:
            assert (call.ticket_id, call.recalls) == self.owed.pop(0)
        return shown


@given(steps=STEPS, places=st.integers(1, 5))
def test_whatever_happens_announcements_come_in_order_and_no_more_than_fit_are_new(
    steps: list[Step], places: int
) -> None:
    hall, now = Hall(), 0.0
    for verb, ticket_id, seconds in steps:
        now += seconds + 0.01
        before = [call for call in hall.look(now, places) if hall.calls.held(call, now)]
        hall.step(verb, ticket_id)
        now += 0.01
        shown = hall.look(now, places)
        assert sum(hall.calls.held(call, now) for call in shown) <= places
        kept = {call.ticket_id for call in shown}
        assert all(call.ticket_id in kept for call in before if now - call.since < MINIMUM_SECONDS)
    for _ in range(len(hall.owed) + 1):
        now += MINIMUM_SECONDS
        hall.look(now, places)
    assert hall.owed == []
