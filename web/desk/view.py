"""What the desk shows and allows: pure, from the snapshot, the waiting list and the session."""

import datetime as dt
from typing import Any

from config.texts import text
from protocol.replies import CounterStatus, HallReply, Snapshot, TicketView, WaitingReply
from protocol.words import TicketState
from web.desk.session import DeskSession
from web.names import counter_text

KEYS = {"call_next": "F2", "recall_ticket": "F3", "start_serving": "F4", "finish_ticket": "F8", "mark_no_show": "F9"}
_MAIN = {"idle": "call_next", "called": "start_serving", "serving": "finish_ticket", "closed": ""}
_ALSO = {
    "idle": ["close"],
    "called": ["recall_ticket", "mark_no_show", "cancel_ticket"],
    "serving": [],
    "closed": [],
}


def desk_state(
    hall: HallReply, snapshot: Snapshot, waiting: WaitingReply, session: DeskSession, language: str
) -> dict[str, Any]:
    """The whole desk as JSON; instants are milliseconds since 1970 UTC by the hall's clock."""
    status = counter_status(snapshot, session.counter_id)
    phase = _phase(status, session)
    ticket = status.ticket if status and phase in ("called", "serving") else None
    return {
        "epoch": snapshot.epoch,
        "seq": snapshot.seq,
        "now": _milliseconds(snapshot.at),
        "phase": phase,
        "phase_text": text(f"desk.phase_{phase}", language),
        "main": _MAIN[phase],
        "main_text": text(f"desk.{_MAIN[phase]}", language) if _MAIN[phase] else "",
        "main_key": KEYS.get(_MAIN[phase], ""),
        "also": _ALSO[phase],
        "summary": text("desk.people_waiting", language, n=waiting.total)
        if waiting.total
        else text("desk.waiting_none", language),
        "ticket": _ticket(hall, ticket, language) if ticket else None,
        "waiting": [_row(hall, row, snapshot.at, language) for row in waiting.tickets],
        "waiting_total": waiting.total,
    }


def counter_status(snapshot: Snapshot, counter_id: str) -> CounterStatus | None:
    """A counter in the snapshot."""
    return next((status for status in snapshot.counters if status.counter_id == counter_id), None)


def counter_choices(hall: HallReply, snapshot: Snapshot, language: str) -> list[dict[str, str]]:
    """The counters to sign in at, with who is there."""
    return [
        {
            "id": counter.counter_id,
            "name": counter_text(counter, language),
            "operator": (status.operator_id or "") if (status := counter_status(snapshot, counter.counter_id)) else "",
        }
        for counter in hall.counters
    ]


def _phase(status: CounterStatus | None, session: DeskSession) -> str:
    if status is None or not status.open or status.operator_id != session.operator_id:
        return "closed"
    if status.ticket is None:
        return "idle"
    return {TicketState.CALLED: "called", TicketState.SERVING: "serving"}.get(status.ticket.state, "idle")


def _ticket(hall: HallReply, ticket: TicketView, language: str) -> dict[str, Any]:
    called_at = ticket.called_at or ticket.issued_at
    since = ticket.serving_at if ticket.state == TicketState.SERVING and ticket.serving_at else called_at
    serving = ticket.state == TicketState.SERVING
    return {
        **_names(hall, ticket, language),
        "ticket_id": ticket.ticket_id,
        "waited": _minutes(called_at - ticket.issued_at, language),
        "since": _milliseconds(since),
        "since_text": text("desk.since_start" if serving else "desk.since_call", language),
        "recalls": text("desk.times", language, n=ticket.recalls) if ticket.recalls else "",
        "procedure": ticket.procedure_code or "",
    }


def _row(hall: HallReply, ticket: TicketView, now: dt.datetime, language: str) -> dict[str, Any]:
    waited = now - ticket.issued_at
    return {
        **_names(hall, ticket, language),
        "ticket_id": ticket.ticket_id,
        "waited": _minutes(waited, language),
        "over": _over_limit(hall, ticket, waited),
    }


def _names(hall: HallReply, ticket: TicketView, language: str) -> dict[str, str]:
    service = next((one for one in hall.services if one.service_id == ticket.service_id), None)
    kind = next((one for one in hall.classes if one.class_id == ticket.class_id), None)
    vietnamese = language == "vi"
    return {
        "number": ticket.number,
        "service": (service.name if vietnamese else service.name_en) if service else ticket.service_id,
        "sign": kind.sign if kind else "",
        "class_name": (kind.name if vietnamese else kind.name_en) if kind and kind.sign else "",
    }


def _over_limit(hall: HallReply, ticket: TicketView, waited: dt.timedelta) -> bool:
    kind = next((one for one in hall.classes if one.class_id == ticket.class_id), None)
    return bool(kind and kind.limit_minutes and waited >= dt.timedelta(minutes=kind.limit_minutes))


def _minutes(span: dt.timedelta, language: str) -> str:
    return text("desk.minutes", language, n=max(0, int(span.total_seconds() // 60)))


def _milliseconds(instant: dt.datetime) -> int:
    return int(instant.timestamp() * 1000)
