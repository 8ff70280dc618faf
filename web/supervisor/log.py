"""Reading the hall's log from its end backwards."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from protocol.commands import GetEvents
from protocol.events import DayStarted, Event, TicketIssued
from protocol.replies import EventsReply
from web.hall import Hall

CHUNK = 200
FARTHEST = 20_000
"""So many events are looked at for one page; the next one goes on from there."""


async def last_seq(hall: Hall) -> int:
    """Where the log ends; raises ServerUnreachable."""
    return (await hall.as_desk(GetEvents(0, 1), EventsReply)).last_seq


async def backwards(hall: Hall, before_seq: int) -> AsyncGenerator[Event, None]:
    """The events before a seq, the newest first."""
    end = before_seq - 1
    while end > 0:
        start = max(0, end - CHUNK)
        reply = await hall.as_desk(GetEvents(start, end - start), EventsReply)
        for event in reversed(reply.events):
            yield event
        end = start


async def search(
    hall: Hall, before_seq: int, fits: Callable[[Event], bool], limit: int
) -> tuple[list[Event], int | None]:
    """At most `limit` events that fit, newest first, and from where to go on; None: nothing is left."""
    found: list[Event] = []
    stop = max(1, before_seq - FARTHEST)
    async with aclosing(backwards(hall, before_seq)) as events:
        async for event in events:
            if fits(event):
                found.append(event)
            if len(found) == limit or event.seq <= stop:
                return found, event.seq if event.seq > 1 else None
    return found, None


async def ticket_of_today(hall: Hall, number: str) -> int | None:
    """The id of the ticket that bears a number today."""
    wanted = number.strip().upper()
    async with aclosing(backwards(hall, await last_seq(hall) + 1)) as events:
        async for event in events:
            if isinstance(event.body, TicketIssued) and event.body.number.upper() == wanted:
                return event.body.ticket_id
            if isinstance(event.body, DayStarted):
                return None
    return None
