"""What a key means."""

import datetime as dt

import pytest
from msgspec.structs import replace

from counter.desk import SILENT_SECONDS, Desk, Phase
from counter.keys import Key, Press
from counter.orders import Presets, needs_a_look, orders, orders_after_look
from protocol import commands as cmd
from protocol import events as ev
from protocol.commands import Command
from protocol.replies import CounterStatus
from tests.counter.halls import HABITS, HALL, NOW, called, desk_reply, event, open_desk, snapshot, view

BY = {"operator_id": "05"}
PRESETS = Presets("05", "tax")


def desk_in(phase: Phase) -> Desk:
    """Counter 1 in a phase; the ticket in hand is 7."""
    if phase is Phase.CLOSED:
        desk = Desk("1")
        desk.take_snapshot(snapshot(), 0)
        return desk
    bodies: dict[Phase, list[ev.Event]] = {
        Phase.CALLED: [called()],
        Phase.SERVING: [called(), event(ev.ServingStarted(7, "A012", "land", "1"))],
        Phase.PAUSED: [event(ev.CounterPaused("1", "05", "break"))],
    }
    return open_desk(*bodies.get(phase, []))


CALL: list[Command] = [cmd.CallNext("1", operator_id="05")]
RECALL: list[Command] = [cmd.RecallTicket("1", 7, operator_id="05")]
START: list[Command] = [cmd.StartServing("1", 7, operator_id="05")]
FINISH: list[Command] = [cmd.FinishTicket("1", 7, operator_id="05")]
NO_SHOW: list[Command] = [cmd.MarkNoShow("1", 7, operator_id="05")]
HOLD: list[Command] = [cmd.ParkTicket("1", 7, 10, operator_id="05")]
TRANSFER: list[Command] = [cmd.TransferTicket("1", 7, service_id="tax", operator_id="05")]
CONTINUE: list[Command] = [cmd.ContinueCounter("1", operator_id="05")]
CLOSE: list[Command] = [cmd.CloseCounter("1", operator_id="05")]
FINISH_AND_CALL: list[Command] = [cmd.CallNext("1", finish_ticket_id=7, operator_id="05")]
OPEN: list[Command] = [cmd.OpenCounter("1", "05")]
MEANINGS: dict[tuple[Phase, Key], list[Command]] = {
    (Phase.CLOSED, Key.CALL): OPEN,
    (Phase.CLOSED, Key.CALL_OR_RECALL): OPEN,
    (Phase.PAUSED, Key.CALL): CONTINUE,
    (Phase.PAUSED, Key.CALL_OR_RECALL): CONTINUE,
    (Phase.PAUSED, Key.PAUSE): CONTINUE,
    (Phase.PAUSED, Key.CLOSE): CLOSE,
    (Phase.IDLE, Key.CALL): CALL,
    (Phase.IDLE, Key.CALL_OR_RECALL): CALL,
    (Phase.IDLE, Key.PAUSE): [cmd.PauseCounter("1", "break", operator_id="05")],
    (Phase.IDLE, Key.CLOSE): CLOSE,
    (Phase.CALLED, Key.RECALL): RECALL,
    (Phase.CALLED, Key.CALL_OR_RECALL): RECALL,
    (Phase.CALLED, Key.START): START,
    (Phase.CALLED, Key.FINISH): [*START, cmd.FlagTimes("1", 7, operator_id="05"), *FINISH],
    (Phase.CALLED, Key.NO_SHOW): NO_SHOW,
    (Phase.CALLED, Key.FINISH_OR_NO_SHOW): NO_SHOW,
    (Phase.CALLED, Key.HOLD): HOLD,
    (Phase.CALLED, Key.TRANSFER): TRANSFER,
    (Phase.SERVING, Key.CALL): FINISH_AND_CALL,
    (Phase.SERVING, Key.CALL_OR_RECALL): FINISH_AND_CALL,
    (Phase.SERVING, Key.FINISH): FINISH,
    (Phase.SERVING, Key.FINISH_OR_NO_SHOW): FINISH,
    (Phase.SERVING, Key.HOLD): HOLD,
    (Phase.SERVING, Key.TRANSFER): TRANSFER,
}


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.SILENT])
@pytest.mark.parametrize("key", list(Key))
def test_every_key_means_in_every_phase_what_the_table_says(phase: Phase, key: Key) -> None:
    assert orders(key, desk_in(phase), PRESETS, 0) == MEANINGS.get((phase, key), [])


@pytest.mark.parametrize("key", list(Key))
def test_no_key_means_anything_while_the_hall_is_silent(key: Key) -> None:
    desk = desk_in(Phase.SERVING)
    assert orders(key, desk, PRESETS, SILENT_SECONDS + 1) == []
    assert not needs_a_look(key, Phase.SILENT)


def test_without_presets_the_counter_is_not_opened_and_nothing_is_transferred() -> None:
    assert orders(Key.CALL, desk_in(Phase.CLOSED), Presets(), 0) == []
    assert orders(Key.TRANSFER, desk_in(Phase.SERVING), Presets(), 0) == []


def test_the_next_is_not_called_over_a_running_service_if_the_hall_does_not_say_so() -> None:
    desk = desk_in(Phase.SERVING)
    desk.describe(replace(HALL, habits=replace(HABITS, next_finishes=False)))
    assert orders(Key.CALL, desk, PRESETS, 0) == []


def test_a_hall_without_reasons_has_no_pause_key() -> None:
    desk = desk_in(Phase.IDLE)
    desk.describe(replace(HALL, pause_reasons=[]))
    assert orders(Key.PAUSE, desk, PRESETS, 0) == []


def test_commands_name_who_sits_there_not_who_opens_it_usually() -> None:
    desk = desk_in(Phase.IDLE)
    desk.take_event(event(ev.CounterOpened("1", "06", from_operator_id="05")), 0)
    assert orders(Key.CALL, desk, PRESETS, 0) == [cmd.CallNext("1", operator_id="06")]


HERE = CounterStatus("1", open=True, operator_id="05")


def test_the_held_ticket_that_is_due_first_is_called_back() -> None:
    parked = [
        view(8, "A013", "parked", parked_until=NOW + dt.timedelta(minutes=9), to_counter_id="1"),
        view(9, "A014", "parked", parked_until=NOW + dt.timedelta(minutes=4), to_counter_id="1"),
        view(6, "A011", "parked", parked_until=NOW + dt.timedelta(minutes=1), to_counter_id="c2"),
    ]
    assert needs_a_look(Key.RESUME, Phase.IDLE)
    assert not needs_a_look(Key.RESUME, Phase.CALLED)
    seen = desk_reply(HERE, parked=parked)
    assert orders_after_look(Press(Key.RESUME), seen) == [cmd.ResumeTicket("1", 9, operator_id="05")]
    assert orders_after_look(Press(Key.RESUME), desk_reply(HERE)) == []


def test_a_rating_is_of_the_ticket_finished_last_here_and_of_no_other() -> None:
    later = NOW + dt.timedelta(minutes=5)
    done = [
        view(7, "A012", "finished", finished_at=NOW, counter_id="1"),
        view(8, "A013", "finished", finished_at=later, counter_id="1"),
        view(9, "A014", "no_show", finished_at=later, counter_id="1"),
        view(10, "A015", "finished", finished_at=later + dt.timedelta(minutes=1), counter_id="c2"),
    ]
    rating = Press(Key.RATE, 4)
    assert needs_a_look(Key.RATE, Phase.SERVING)
    assert orders_after_look(rating, desk_reply(HERE, done=done)) == [cmd.RateAtCounter("1", 8, 4)]
    done[1] = view(8, "A013", "finished", finished_at=later, counter_id="1", rated=True)
    assert orders_after_look(rating, desk_reply(HERE, done=done)) == []
    assert orders_after_look(rating, desk_reply(HERE)) == []
