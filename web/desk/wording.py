"""How the desk writes tickets, people, minutes and instants."""

import datetime as dt
from typing import Any

from config.texts import text
from protocol.replies import ClassInfo, HallReply, NamedInfo, ServiceInfo, TicketView
from protocol.words import Origin, TicketState
from web.names import counter_text


def ticket_words(hall: HallReply, ticket: TicketView, language: str) -> dict[str, Any]:
    """What every list shows of a ticket: number, service, signs with their names."""
    return {
        "ticket_id": ticket.ticket_id,
        "number": ticket.number,
        "service": service_name(hall, ticket.service_id, language),
        "signs": _signs(hall, ticket, language),
        "notes": ticket.notes,
    }


def _signs(hall: HallReply, ticket: TicketView, language: str) -> list[dict[str, str]]:
    """A call that no wall showed, class, appointment, come-back and return, each as a short sign and its name."""
    signs = [_sign("unseen", language)] if ticket.unseen and ticket.state is TicketState.CALLED else []
    kind = class_of(hall, ticket.class_id)
    if kind is not None and kind.sign:
        signs.append({"kind": "class", "sign": kind.sign, "name": named(kind, language)})
    if ticket.origin in (Origin.APPOINTMENT, Origin.COME_BACK):
        signs.append(_sign(ticket.origin.value, language))
    if ticket.returned:
        signs.append(_sign("returned", language))
    return signs


def _sign(kind: str, language: str) -> dict[str, str]:
    sign, name = (text(f"desk.sign_{kind}", language), text(f"desk.name_{kind}", language))
    return {"kind": kind, "sign": sign, "name": name}


def class_of(hall: HallReply, class_id: str) -> ClassInfo | None:
    """A priority class of the hall."""
    return next((one for one in hall.classes if one.class_id == class_id), None)


def service_of(hall: HallReply, service_id: str) -> ServiceInfo | None:
    """A service of the hall."""
    return next((one for one in hall.services if one.service_id == service_id), None)


def named(one: ServiceInfo | ClassInfo | NamedInfo, language: str) -> str:
    """A thing's name in the page's language."""
    return one.name if language == "vi" else one.name_en


def service_name(hall: HallReply, service_id: str, language: str) -> str:
    """A service's name; its id if the hall no longer has it."""
    found = service_of(hall, service_id)
    return named(found, language) if found else service_id


def counter_name(hall: HallReply, counter_id: str, language: str) -> str:
    """A counter's name; its id if the hall no longer has it."""
    found = next((one for one in hall.counters if one.counter_id == counter_id), None)
    return counter_text(found, language) if found else counter_id


def operator_name(hall: HallReply, operator_id: str, language: str) -> str:
    """`012 · Nguyễn Văn An`; the number alone if the hall file gives no name beyond it."""
    found = next((one for one in hall.operators if one.operator_id == operator_id), None)
    if found is None or not found.name or found.name == text("desk.operator_is", language, id=operator_id):
        return text("desk.operator_is", language, id=operator_id)
    return f"{operator_id} · {found.name}"


def minutes(span: dt.timedelta, language: str) -> str:
    """Whole minutes in words."""
    return text("desk.minutes", language, n=max(0, int(span.total_seconds() // 60)))


def milliseconds(instant: dt.datetime) -> int:
    """An instant as browsers count: milliseconds since 1970 UTC."""
    return int(instant.timestamp() * 1000)
