"""Whatever a real hall does, a wall that listened knows of its counters what a wall that starts now is told."""

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from display.counters import UNKNOWN_REASON, AtCounter, Counters, Held
from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from protocol.words import TicketState
from tests.display import halls
from tests.display.days import COUNTERS, SERVICES, STEPS, SUPERVISOR, VERBS, Day
from tests.display.halls import AT, called, event
from tests.queue_server.factories import ADMIN, DESK

Step = tuple[str, str, int, float]


class BusyDay(Day):
    """A day whose counters also pause, close and get other services."""

    def step(self, verb: str, counter: str, pick: int, minutes: float) -> list[ev.Event]:
        if verb in VERBS:
            return super().step(verb, counter, pick, minutes)
        if self.hall.service.hall.counters[counter].operator_id is None:
            self.hall.open(counter)
        self.hall.ask(_SEATS[verb](counter, pick), ADMIN if verb == "assign" else DESK)
        return self._published()


_SEATS: dict[str, Callable[[str, int], cmd.Command]] = {
    "pause": lambda counter, _pick: cmd.PauseCounter(counter, "break"),
    "continue": lambda counter, _pick: cmd.ContinueCounter(counter),
    "close": lambda counter, _pick: cmd.CloseCounter(counter),
    "assign": lambda counter, pick: cmd.AssignServices(
        SUPERVISOR, counter, None if pick % 3 == 0 else [SERVICES[pick % 3]], "priority" if pick % 2 else "all"
    ),
}
BUSY = st.builds(
    lambda steps, seats: [step for pair in zip(steps, seats, strict=False) for step in pair],
    STEPS,
    st.lists(
        st.tuples(
            st.sampled_from([*_SEATS, "pause", "continue", "undo", "start"]),
            st.sampled_from(COUNTERS),
            st.integers(0, 30),
            st.just(0.0),
        ),
        min_size=20,
        max_size=60,
    ),
)


def told(snapshot: re.Snapshot) -> Counters:
    counters = Counters()
    counters.take_snapshot(snapshot)
    return counters


def known(counters: Counters) -> dict[str, AtCounter]:
    """Every counter, but for when its ticket was called."""
    return {counter: _without_time(counters.at(counter)) for counter in COUNTERS}


def _without_time(counter: AtCounter) -> AtCounter:
    return replace(counter, held=counter.held and replace(counter.held, announced_at=None))


def _reason_aside(counter: AtCounter) -> AtCounter:
    return replace(counter, asks_next=False, paused_reason_id="?" if counter.paused_reason_id is not None else None)


@settings(deadline=None, max_examples=60)
@given(steps=BUSY)
def test_a_wall_that_listened_knows_the_counters_as_a_wall_that_starts_now(steps: list[Step]) -> None:
    day = BusyDay()
    listening = told(day.snapshot())
    for step in steps:
        for happened in day.step(*step):
            listening.take_event(happened)
        assert known(listening) == known(told(day.snapshot())), step


@settings(deadline=None, max_examples=40)
@given(steps=BUSY)
def test_a_wall_that_started_within_an_action_still_knows_who_holds_what_after_it_was_undone(steps: list[Step]) -> None:
    day = BusyDay()
    joining = told(day.snapshot())
    for step in steps:
        for happened in day.step(*step):
            joining.take_event(happened)
        now = told(day.snapshot())
        for counter in COUNTERS:
            assert _reason_aside(known(joining)[counter]) == _reason_aside(known(now)[counter]), step
        joining = now


def board(*bodies: ev.EventBody) -> Counters:
    counters = told(halls.snapshot())
    for place, body in enumerate(bodies):
        counters.take_event(event(101 + place, body))
    return counters


OPENED = ev.CounterOpened("3", "cb01")


def test_a_counter_nobody_heard_of_is_not_open() -> None:
    assert not board().at("3").open


def test_a_call_is_held_until_it_is_served_and_ends() -> None:
    counters = board(OPENED, called(7, "A015", "3"))
    assert counters.at("3").held == Held(7, "A015", "ho-tich", False, AT)
    counters.take_event(event(103, ev.ServingStarted(7, "A015", "ho-tich", "3")))
    assert counters.at("3").held == Held(7, "A015", "ho-tich", True, AT)
    counters.take_event(event(104, ev.TicketFinished(7, "A015", "ho-tich", "3")))
    assert counters.at("3").held is None


@pytest.mark.parametrize(
    "ending",
    [
        ev.NoShowMarked(7, "A015", "ho-tich", "3"),
        ev.TicketParked(7, "A015", "ho-tich", "3", "cb01", AT),
        ev.TicketCancelled(7, "A015", "ho-tich", TicketState.CALLED, "citizen", counter_id="3"),
        ev.TicketTransferred(
            7, "A015", "ho-tich", TicketState.CALLED, TicketState.WAITING, "ket-qua", "ordinary", counter_id="3"
        ),
    ],
)
def test_a_ticket_that_leaves_frees_its_counter(ending: ev.EventBody) -> None:
    assert board(OPENED, called(7, "A015", "3"), ending).at("3").held is None


def test_who_is_served_without_a_call_was_never_announced() -> None:
    held = board(OPENED, ev.ServingStarted(7, "A015", "ho-tich", "3", directly=True)).at("3").held
    assert held == Held(7, "A015", "ho-tich", True)


def test_a_repeated_call_is_announced_anew() -> None:
    counters = board(OPENED, called(7, "A015", "3"))
    later = AT + dt.timedelta(seconds=20)
    counters.take_event(ev.Event("e1", 110, later, "server", ev.TicketRecalled(7, "A015", "ho-tich", "3", 1)))
    held = counters.at("3").held
    assert held is not None
    assert held.announced_at == later


def test_an_old_event_and_one_of_another_life_change_nothing() -> None:
    counters = board(OPENED)
    counters.take_event(event(101, ev.CounterClosed("3", "cb01")))
    counters.take_event(event(500, ev.CounterClosed("3", "cb01"), epoch="e2"))
    assert counters.at("3").open


def test_a_pause_that_begins_again_has_its_reason_unless_nobody_heard_it() -> None:
    undone = ev.ActionUndone("3", "cb01", "continue_counter", 103, 103, [])
    heard = board(OPENED, ev.CounterPaused("3", "cb01", "break"), ev.CounterContinued("3", "cb01"), undone)
    assert heard.at("3").paused_reason_id == "break"
    late = told(halls.snapshot(seq=103))
    late.take_event(event(104, undone))
    assert late.at("3").paused_reason_id == UNKNOWN_REASON
