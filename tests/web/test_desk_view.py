"""What the desk shows and allows, state by state."""

import datetime as dt

import pytest

from protocol.replies import TicketView, WaitingReply
from protocol.words import TicketState
from tests.web.sample import AT, HALL, snapshot, ticket
from web.desk.session import DeskSession
from web.desk.view import counter_choices, desk_state

ME = DeskSession("012", "q1")
CALLED = ticket(TicketState.CALLED, called_at=AT + dt.timedelta(minutes=12), counter_id="q1", recalls=2)
SERVING = ticket(
    TicketState.SERVING,
    called_at=AT + dt.timedelta(minutes=12),
    serving_at=AT + dt.timedelta(minutes=13),
    counter_id="q1",
)


@pytest.mark.parametrize(
    ("held", "operator", "phase", "main", "key", "also"),
    [
        (None, "012", "idle", "call_next", "F2", ["close"]),
        (CALLED, "012", "called", "start_serving", "F4", ["recall_ticket", "mark_no_show", "cancel_ticket"]),
        (SERVING, "012", "serving", "finish_ticket", "F8", []),
        (None, None, "closed", "", "", []),
        (CALLED, "034", "closed", "", "", []),
    ],
)
def test_one_main_deed_per_state(
    held: TicketView | None, operator: str | None, phase: str, main: str, key: str, also: list[str]
) -> None:
    state = desk_state(HALL, snapshot(held, operator), WaitingReply([], 0), ME, "vi")
    assert (state["phase"], state["main"], state["main_key"], state["also"]) == (phase, main, key, also)


def test_a_colleagues_ticket_is_not_shown() -> None:
    assert desk_state(HALL, snapshot(CALLED, "034"), WaitingReply([], 0), ME, "vi")["ticket"] is None


def test_the_called_ticket_tells_how_long_it_waited_and_since_when_it_is_called() -> None:
    shown = desk_state(HALL, snapshot(CALLED), WaitingReply([], 0), ME, "vi")["ticket"]
    assert (shown["number"], shown["waited"], shown["recalls"]) == ("A007", "12 phút", "2 lần")
    assert (shown["since_text"], shown["since"]) == ("Từ lúc gọi", int(AT.timestamp() + 720) * 1000)


def test_the_served_ticket_counts_from_the_start() -> None:
    shown = desk_state(HALL, snapshot(SERVING), WaitingReply([], 0), ME, "en")["ticket"]
    assert (shown["since_text"], shown["since"]) == ("Serving for", int(AT.timestamp() + 780) * 1000)


def test_waiting_rows_show_sign_and_minutes_and_mark_who_waits_too_long() -> None:
    rows = [ticket(class_id="elderly"), ticket(ticket_id=8, number="A008")]
    state = desk_state(HALL, snapshot(), WaitingReply(rows, 70), ME, "vi")
    assert [(row["sign"], row["waited"], row["over"]) for row in state["waiting"]] == [
        ("CT", "20 phút", True),
        ("", "20 phút", False),
    ]
    assert (state["waiting_total"], state["summary"]) == (70, "70 người đang chờ")


def test_the_sign_in_page_tells_which_counters_are_free() -> None:
    assert [(one["id"], one["operator"]) for one in counter_choices(HALL, snapshot(), "vi")] == [
        ("q1", "012"),
        ("q2", ""),
    ]
