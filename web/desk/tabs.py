"""The lists beside the line: set aside, missed, done today."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from config.texts import text
from protocol.replies import DeskReply, HallReply, NoteView, TicketView
from web.desk.now import performed_text
from web.desk.wording import milliseconds, minutes, ticket_words

Notes = dict[int, list[NoteView]]
"""The notes of tickets, by ticket_id."""


def parked_rows(hall: HallReply, desk: DeskReply, notes: Notes, language: str) -> list[dict[str, Any]]:
    """Tickets that are set aside, with the instant when they return and their last note."""
    return [
        {
            **ticket_words(hall, ticket, language),
            "until": milliseconds(ticket.parked_until) if ticket.parked_until else None,
            "note": found[-1].text if (found := notes.get(ticket.ticket_id)) else "",
        }
        for ticket in desk.parked
    ]


def missed_rows(hall: HallReply, desk: DeskReply, language: str) -> list[dict[str, Any]]:
    """Today's no-shows that the counter may put back."""
    return [
        {**ticket_words(hall, ticket, language), "at": local_time(hall, ticket.finished_at or ticket.called_at)}
        for ticket in desk.missed
    ]


def done_rows(hall: HallReply, desk: DeskReply, language: str) -> list[dict[str, Any]]:
    """What the counter finished today."""
    return [
        {
            **ticket_words(hall, ticket, language),
            "at": local_time(hall, ticket.finished_at),
            "lasted": _lasted(ticket, language),
            "performed": [
                performed_text(hall, one.service_id, one.quantity, one.result_id, language) for one in ticket.performed
            ],
            "come_back": text("desk.come_back_given", language) if ticket.come_back_until else "",
            "wrong": ticket.times_wrong,
        }
        for ticket in desk.done
    ]


def _lasted(ticket: TicketView, language: str) -> str:
    if ticket.serving_at is None or ticket.finished_at is None:
        return ""
    return minutes(ticket.finished_at - ticket.serving_at, language)


def local_time(hall: HallReply, instant: dt.datetime | None) -> str:
    """An instant as the hall's clock shows it: `08:45`."""
    return instant.astimezone(ZoneInfo(hall.zone)).strftime("%H:%M") if instant else ""
