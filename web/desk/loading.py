"""Asks the hall for all that a desk shows."""

import asyncio
from typing import Any

from protocol.commands import GetDesk, GetWhy
from protocol.replies import DeskReply, NoteView, WhyReply
from web.desk.session import DeskSession
from web.desk.view import desk_state
from web.hall import Hall

ROWS = 50
NOTED_ROWS = 10
"""Of so many parked tickets the last note is shown."""


async def load_state(hall: Hall, session: DeskSession, language: str) -> dict[str, Any]:
    """The state of the session's desk; raises Refusal or ServerUnreachable."""
    info, desk = await asyncio.gather(hall.info(), hall.as_desk(GetDesk(session.counter_id, ROWS), DeskReply))
    noted = [ticket.ticket_id for ticket in desk.parked if ticket.notes][:NOTED_ROWS]
    notes = await asyncio.gather(*(notes_on(hall, ticket_id) for ticket_id in noted))
    return desk_state(info, desk, dict(zip(noted, notes, strict=True)), session, language)


async def notes_on(hall: Hall, ticket_id: int) -> list[NoteView]:
    """The notes on a ticket, the oldest first; raises Refusal or ServerUnreachable."""
    return (await hall.as_desk(GetWhy(ticket_id), WhyReply)).notes
