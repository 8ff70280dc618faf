"""The counter now: its phase, what it may do, the ticket in hand."""

import datetime as dt
from typing import Any

from config.texts import text
from protocol.replies import CounterHabits, CounterStatus, DeskReply, HallReply, NamedInfo, OperatorInfo, TicketView
from protocol.words import Origin, TicketState
from web.desk.session import DeskSession
from web.desk.wording import (
    class_of,
    counter_name,
    milliseconds,
    minutes,
    named,
    operator_name,
    service_name,
    ticket_words,
)

HABITS = CounterHabits(
    max_recalls=3,
    recall_gap_seconds=0,
    no_show_min_calls=1,
    no_show_min_seconds=0,
    undo_seconds=10,
    lease_seconds=60,
    next_finishes=False,
    result_required=False,
    come_back_hours=48,
)
"""For a server that does not say what the hall lets its counters do: it refuses what it does not want."""
MAIN = {
    "idle": "call_next",
    "asking": "call_next",
    "called": "start_serving",
    "serving": "finish_ticket",
    "paused": "continue_counter",
    "closed": "",
}
_ALWAYS = ("check_in", "restore_ticket", "raise_alarm")
_FREE = ("call_next", "call_service", "wait_next", "serve_directly", "resume_ticket", "pause_counter", "close_counter")
_CAN: dict[str, tuple[str, ...]] = {
    "idle": (*_FREE, *_ALWAYS),
    "asking": (*_FREE, *_ALWAYS),
    "called": (
        "start_serving",
        "recall_ticket",
        "mark_no_show",
        "park_ticket",
        "transfer_ticket",
        "add_note",
        "cancel_ticket",
        *_ALWAYS,
    ),
    "serving": (
        "finish_ticket",
        "park_ticket",
        "transfer_ticket",
        "record_services",
        "add_note",
        "grant_come_back",
        *_ALWAYS,
    ),
    "paused": ("continue_counter", "close_counter", *_ALWAYS),
    "closed": (),
}
_LEADERS = ("supervisor", "administrator")


def phase_of(counter: CounterStatus, session: DeskSession) -> str:
    """`closed` for whoever does not sit there, else what the counter is doing."""
    if not counter.open or counter.operator_id != session.operator_id:
        return "closed"
    if counter.ticket is not None:
        return "serving" if counter.ticket.state is TicketState.SERVING else "called"
    if counter.paused_reason_id is not None:
        return "paused"
    return "asking" if counter.asks_next else "idle"


def phase_text(hall: HallReply, counter: CounterStatus, phase: str, language: str) -> str:
    """The phase in words, with the reason of a pause."""
    reason = next((one for one in hall.pause_reasons if one.id == counter.paused_reason_id), None)
    if phase == "paused" and reason is not None:
        return text("desk.phase_paused_for", language, reason=named(reason, language))
    return text(f"desk.phase_{phase}", language)


def deeds_of(hall: HallReply, desk: DeskReply, session: DeskSession, phase: str) -> list[str]:
    """What the page offers now; the server has the last word."""
    can = list(_CAN[phase])
    ticket, habits = desk.counter.ticket, hall.habits or HABITS
    if phase in ("idle", "asking") and may_call_any(hall, session.operator_id):
        can.append("call_ticket")
    if phase == "serving" and habits.next_finishes:
        can.append("call_next")
    if ticket is not None and ticket.state is TicketState.CALLED and ticket.recalls >= habits.max_recalls:
        can.remove("recall_ticket")
    if ticket is not None and ticket.origin is Origin.BACK_OFFICE and "grant_come_back" in can:
        can.remove("grant_come_back")
    if desk.counter.alarm_at is not None and "raise_alarm" in can:
        can.remove("raise_alarm")
    return can


def may_call_any(hall: HallReply, operator_id: str) -> bool:
    """Whether a person may call a given number out of order."""
    found = operator_info(hall, operator_id)
    return found is not None and (found.may_call_any or found.role in _LEADERS)


def operator_info(hall: HallReply, operator_id: str) -> OperatorInfo | None:
    """A person of the hall."""
    return next((one for one in hall.operators if one.operator_id == operator_id), None)


def holds_of(hall: HallReply, ticket: TicketView, language: str) -> dict[str, dict[str, Any]]:
    """What must wait: until which instant, or in words why not yet."""
    habits, called_at = hall.habits or HABITS, ticket.called_at or ticket.issued_at
    missing = habits.no_show_min_calls - ticket.recalls - 1
    return {
        "recall_ticket": {
            "at": _after(ticket.announced_at or called_at, habits.recall_gap_seconds),
            "why": text("desk.recalls_used", language) if ticket.recalls >= habits.max_recalls else "",
        },
        "mark_no_show": {
            "at": _after(called_at, habits.no_show_min_seconds),
            "why": text("desk.calls_missing", language, n=missing) if missing > 0 else "",
        },
    }


def _after(instant: dt.datetime, seconds: int) -> int:
    return milliseconds(instant) + 1000 * seconds


def held_ticket(hall: HallReply, desk: DeskReply, ticket: TicketView, language: str) -> dict[str, Any]:
    """The ticket in hand."""
    called_at = ticket.called_at or ticket.issued_at
    serving = ticket.state is TicketState.SERVING
    since = ticket.serving_at if serving and ticket.serving_at else called_at
    habits = hall.habits or HABITS
    return {
        **ticket_words(hall, ticket, language),
        "waited": minutes(called_at - ticket.issued_at, language),
        "since": milliseconds(since),
        "since_text": text("desk.since_start" if serving else "desk.since_call", language),
        "recalls": text("desk.recalls_of", language, n=ticket.recalls, limit=habits.max_recalls)
        if ticket.recalls
        else "",
        "procedure": ticket.procedure_code or "",
        "origin": _origin(ticket, language),
        "goes_back": _goes_back(hall, desk, ticket, language),
        "claim": _claim(hall, ticket, language),
        "performed": _performed(hall, ticket, language),
        "done": [
            {"service_id": one.service_id, "quantity": one.quantity, "result_id": one.result_id}
            for one in ticket.performed
        ],
        "service_id": ticket.service_id,
        "wrong": ticket.times_wrong,
    }


def _origin(ticket: TicketView, language: str) -> str:
    if ticket.origin in (Origin.DIRECT, Origin.BACK_OFFICE):
        return text(f"desk.name_{ticket.origin.value}", language)
    return ""


def _goes_back(hall: HallReply, desk: DeskReply, ticket: TicketView, language: str) -> str:
    there = ticket.return_to_counter_id
    if there is None or there == desk.counter.counter_id:
        return ""
    return text("desk.goes_back", language, counter=counter_name(hall, there, language))


def _claim(hall: HallReply, ticket: TicketView, language: str) -> dict[str, Any] | None:
    """What proof a priority class needs, while nobody looked at it."""
    kind = class_of(hall, ticket.class_id)
    if kind is None or not kind.head_start_minutes or ticket.claim_valid is not None:
        return None
    if ticket.origin in (Origin.DIRECT, Origin.BACK_OFFICE, Origin.COME_BACK):
        return None
    proof = kind.proof if language == "vi" else kind.proof_en or kind.proof
    return {"sign": kind.sign, "name": named(kind, language), "proof": proof}


def _performed(hall: HallReply, ticket: TicketView, language: str) -> list[str]:
    return [performed_text(hall, one.service_id, one.quantity, one.result_id, language) for one in ticket.performed]


def performed_text(hall: HallReply, service_id: str, quantity: int, result_id: str, language: str) -> str:
    """A service done within a visit, in one line."""
    result = result_of(hall, result_id)
    shown = f"{service_name(hall, service_id, language)} × {quantity}"
    return f"{shown} · {named(result, language)}" if result else shown


def result_of(hall: HallReply, result_id: str) -> NamedInfo | None:
    """A result of the hall's list."""
    return next((one for one in hall.results if one.id == result_id), None)


def notes_of(hall: HallReply, desk: DeskReply, language: str) -> list[dict[str, str]]:
    """The notes on the ticket in hand, each with who left it."""
    shown = []
    for note in desk.notes:
        place = counter_name(hall, note.counter_id, language) if note.counter_id else ""
        who = operator_name(hall, note.operator_id, language) if note.operator_id else ""
        shown.append({"who": ", ".join(part for part in (place, who) if part), "text": note.text})
    return shown
