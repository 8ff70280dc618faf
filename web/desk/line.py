"""Who waits for the counter: per service and one by one, with colours that also have signs."""

import datetime as dt
from typing import Any

from config.texts import text
from protocol.replies import DeskReply, DeskService, HallReply, TicketView
from web.desk.session import DeskSession
from web.desk.wording import (
    class_of,
    counter_name,
    minutes,
    operator_name,
    service_name,
    service_of,
    ticket_words,
)

SOON = 2 / 3
"""The share of a target from which a wait is marked as soon late."""
_TARGET_MINUTES = 30


def services_of(hall: HallReply, desk: DeskReply, language: str) -> list[dict[str, Any]]:
    """The services that the counter calls, with people waiting and the longest wait."""
    return [_service(hall, one, language) for one in desk.services]


def _service(hall: HallReply, one: DeskService, language: str) -> dict[str, Any]:
    level = level_of(one.longest_minutes, target_of(hall, one.service_id)) if one.waiting else "none"
    return {
        "service_id": one.service_id,
        "name": service_name(hall, one.service_id, language),
        "waiting": one.waiting,
        "longest": text("desk.minutes", language, n=int(one.longest_minutes)) if one.waiting else "",
        "late": one.late,
        "level": level,
        "level_text": text(f"desk.level_{level}", language),
    }


def target_of(hall: HallReply, service_id: str) -> int:
    """The minutes within which a service wants to call."""
    found = service_of(hall, service_id)
    return found.target_minutes if found else _TARGET_MINUTES


def level_of(waited_minutes: float, target_minutes: int) -> str:
    """`late` past the target, `soon` from two thirds of it on, else `ok`."""
    if waited_minutes > target_minutes:
        return "late"
    return "soon" if waited_minutes >= SOON * target_minutes else "ok"


def waiting_rows(hall: HallReply, desk: DeskReply, session: DeskSession, language: str) -> list[dict[str, Any]]:
    """The tickets that the counter would call, the next one first."""
    return [_row(hall, ticket, desk.at, session, language) for ticket in desk.tickets]


def _row(hall: HallReply, ticket: TicketView, now: dt.datetime, session: DeskSession, language: str) -> dict[str, Any]:
    waited = now - ticket.issued_at
    level = _level(hall, ticket, waited)
    return {
        **ticket_words(hall, ticket, language),
        "waited": minutes(waited, language),
        "level": level,
        "level_text": text(f"desk.level_{level}", language),
        "meant": _meant(hall, ticket, session, language),
    }


def _level(hall: HallReply, ticket: TicketView, waited: dt.timedelta) -> str:
    kind = class_of(hall, ticket.class_id)
    if kind and kind.limit_minutes and waited >= dt.timedelta(minutes=kind.limit_minutes):
        return "late"
    return level_of(waited.total_seconds() / 60, target_of(hall, ticket.service_id))


def _meant(hall: HallReply, ticket: TicketView, session: DeskSession, language: str) -> str:
    """For whom a ticket waits, if not for whoever serves its service; one for an absent colleague is anybody's."""
    if ticket.to_counter_id == session.counter_id:
        return text("desk.meant_counter", language)
    if ticket.to_operator_id == session.operator_id:
        return text("desk.meant_me", language)
    if ticket.to_counter_id is not None:
        return text("desk.meant_other", language, who=counter_name(hall, ticket.to_counter_id, language))
    if ticket.to_operator_id is not None:
        return text("desk.meant_other", language, who=operator_name(hall, ticket.to_operator_id, language))
    return ""
