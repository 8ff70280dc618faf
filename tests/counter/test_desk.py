"""What the boxes know of their counter."""

import pytest

from counter.desk import SILENT_SECONDS, Desk, Phase
from protocol import events as ev
from protocol.replies import CounterStatus
from protocol.words import TicketState
from tests.counter.halls import HALL, called, desk_reply, event, open_desk, pulse, snapshot, view

HAND_OVERS: list[ev.EventBody] = [
    ev.TicketFinished(7, "A012", "land", "1"),
    ev.NoShowMarked(7, "A012", "land", "1"),
    ev.TicketCancelled(7, "A012", "land", TicketState.CALLED, "citizen"),
    ev.TicketParked(7, "A012", "land", "1", "05", called().at),
    ev.TicketTransferred(7, "A012", "land", TicketState.CALLED, TicketState.WAITING, "tax", "ordinary", by="90"),
    ev.TicketReturned(7, "A012", "land"),
    ev.TicketRestored(7, "A012", "land", TicketState.CANCELLED),
]


def test_a_counter_is_silent_until_something_is_heard_and_after_a_long_silence() -> None:
    desk = Desk("1")
    assert desk.phase(0.0) is Phase.SILENT
    desk = open_desk()
    assert desk.phase(SILENT_SECONDS) is Phase.IDLE
    assert desk.phase(SILENT_SECONDS + 1) is Phase.SILENT
    assert desk.face(SILENT_SECONDS + 1).number == ""
    desk.take_pulse(pulse(), SILENT_SECONDS + 1)
    assert desk.phase(SILENT_SECONDS + 1) is Phase.IDLE


def test_a_ticket_goes_through_called_serving_and_idle() -> None:
    desk = open_desk(called())
    assert (desk.phase(0), desk.face(0).number) == (Phase.CALLED, "A012")
    desk.take_event(event(ev.ServingStarted(7, "A012", "land", "1")), 0)
    assert desk.phase(0) is Phase.SERVING
    desk.take_event(event(ev.TicketFinished(7, "A012", "land", "1")), 0)
    assert (desk.phase(0), desk.face(0).number) == (Phase.IDLE, "")


def test_each_call_recall_and_finish_is_news_once() -> None:
    desk = open_desk()
    idle = desk.face(0)
    desk.take_event(called(), 0)
    first = desk.face(0)
    desk.take_event(event(ev.TicketRecalled(7, "A012", "land", "1", 1)), 0)
    again = desk.face(0)
    assert first.announced_since(idle)
    assert again.announced_since(first)
    assert not again.announced_since(again)
    assert not again.announced_since(None)
    desk.take_event(event(ev.TicketFinished(7, "A012", "land", "1")), 0)
    assert desk.face(0).finished_since(again)
    assert not desk.face(0).announced_since(again)


@pytest.mark.parametrize("body", HAND_OVERS, ids=lambda body: type(body).__name__)
def test_a_ticket_that_went_on_is_not_in_hand_any_more(body: ev.EventBody) -> None:
    assert open_desk(called(), event(body)).phase(0) is Phase.IDLE


def test_events_of_other_counters_and_tickets_change_nothing() -> None:
    desk = open_desk(called())
    desk.take_event(called(8, "A013", counter_id="c2"), 0)
    desk.take_event(event(ev.TicketFinished(8, "A013", "land", "c2")), 0)
    desk.take_event(event(ev.CounterClosed("c2", "06")), 0)
    assert (desk.phase(0), desk.face(0).number) == (Phase.CALLED, "A012")


def test_a_ticket_called_elsewhere_has_left_this_counter() -> None:
    assert open_desk(called(), called(counter_id="c2")).phase(0) is Phase.IDLE


def test_opening_pausing_continuing_and_closing_are_followed() -> None:
    desk = Desk("1")
    desk.take_snapshot(snapshot(CounterStatus("1", open=False)), 0)
    seen = [desk.phase(0)]
    for body in (
        ev.CounterOpened("1", "05"),
        ev.CounterPaused("1", "05", "break"),
        ev.CounterContinued("1", "05"),
        ev.CounterClosed("1", "05"),
    ):
        desk.take_event(event(body), 0)
        seen.append(desk.phase(0))
    assert seen == [Phase.CLOSED, Phase.IDLE, Phase.PAUSED, Phase.IDLE, Phase.CLOSED]


def test_a_counter_that_was_taken_over_keeps_its_ticket_and_has_the_new_operator() -> None:
    desk = open_desk(called(), event(ev.CounterOpened("1", "06", from_operator_id="05", by="90")))
    assert (desk.operator_id, desk.phase(0)) == ("06", Phase.CALLED)


def test_a_snapshot_brings_the_ticket_in_hand_and_the_pause() -> None:
    desk = Desk("1")
    status = CounterStatus("1", open=True, operator_id="05", ticket=view(state="serving"))
    desk.take_snapshot(snapshot(status), 0)
    assert desk.phase(0) is Phase.SERVING
    desk.take_snapshot(snapshot(CounterStatus("1", open=True, operator_id="05", paused_reason_id="break")), 0)
    assert desk.phase(0) is Phase.PAUSED


def test_what_was_taken_back_is_in_hand_again_and_the_rest_is_asked_for() -> None:
    desk = open_desk(called(), event(ev.TicketFinished(7, "A012", "land", "1")))
    back = ev.UndoneTicket(7, "A012", "land", TicketState.FINISHED, TicketState.SERVING, "1")
    desk.take_event(event(ev.ActionUndone("1", "05", "finish_ticket", 1, 1, [back])), 0)
    assert desk.phase(0) is Phase.SERVING
    assert desk.doubtful
    desk.take_desk(desk_reply(CounterStatus("1", open=True, operator_id="05"), seq=1))
    assert desk.doubtful, "that was older than what is known"
    desk.take_desk(desk_reply(CounterStatus("1", open=True, operator_id="05", paused_reason_id="break")))
    assert (desk.phase(0), desk.doubtful) == (Phase.PAUSED, False)


def test_a_call_that_was_taken_back_leaves_the_hand() -> None:
    back = ev.UndoneTicket(7, "A012", "land", TicketState.CALLED, TicketState.WAITING)
    desk = open_desk(called(), event(ev.ActionUndone("1", "05", "call_next", 1, 1, [back])))
    assert desk.phase(0) is Phase.IDLE


def test_waiting_are_those_of_the_services_that_the_counter_calls_now() -> None:
    desk = open_desk()
    desk.take_pulse(pulse(land=2, tax=3), 0)
    assert desk.face(0).waiting == 5
    desk.take_event(event(ev.ServicesAssigned("1", ["tax"], "all", "90")), 0)
    assert desk.face(0).waiting == 3
    desk.take_event(event(ev.ServicesAssigned("1", None, "all", "90")), 0)
    assert desk.face(0).waiting == 5


def test_somebody_wakes_a_counter_only_if_it_was_idle_with_nobody() -> None:
    desk = open_desk()
    before = desk.face(0)
    desk.take_pulse(pulse(land=1), 0)
    one = desk.face(0)
    assert one.woken_since(before)
    desk.take_pulse(pulse(land=2), 0)
    assert not desk.face(0).woken_since(one)
    assert not one.woken_since(None)
    assert not open_desk(called(), land=1).face(0).woken_since(before)


@pytest.mark.parametrize(("counter_id", "label"), [("1", "1"), ("c2", "12"), ("x", "x")])
def test_a_counter_is_labelled_by_the_digits_of_its_name(counter_id: str, label: str) -> None:
    desk = Desk(counter_id)
    desk.describe(HALL)
    assert desk.label == label
