"""The phone page's events: its state each time it changes, for as long as it is open."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from protocol.errors import Refusal, ServerUnreachable
from protocol.replies import HallReply
from web import stream
from web.hall import hall_of
from web.phone.reading import Found, read
from web.phone.view import PhonePage

MAX_PAGES = 600
CALM_SECONDS = 2.0
PING_SECONDS = 15.0
LIFE_SECONDS = 900.0
NO_TICKET = 0

ViewOf = Callable[[Request, Found], PhonePage]
StateOf = Callable[[Request, HallReply, PhonePage], dict[str, object]]
"""What a browser is told of a view: only made when the view has changed, since it takes a template."""


def streamed(view_of: ViewOf, state_of: StateOf) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint that tells a page's state each time its view changes."""

    async def events(request: Request) -> Response:
        found = await read(request)
        if hall_of(request).feed.open_pages("ticket") >= MAX_PAGES:
            return Response(status_code=503, headers={"Retry-After": "30"})
        return stream.stream(_changes(request, found.ticket_id, view_of, state_of))

    return events


async def _changes(request: Request, ticket_id: int | None, view_of: ViewOf, state_of: StateOf) -> AsyncIterator[bytes]:
    """States of the page; a place that became a ticket ends the stream, so that the browser comes back for its own."""
    feed = hall_of(request).feed
    shown: PhonePage | None = None
    end = time.monotonic() + LIFE_SECONDS
    with feed.watch("ticket", ticket_id or NO_TICKET) as watch:
        yield stream.retry()
        while not feed.closing and time.monotonic() < end:
            try:
                if not feed.online:
                    raise ServerUnreachable
                found = await read(request)
            except Refusal:
                return
            except ServerUnreachable:
                shown = None
                yield stream.message({}, "stale")
                await watch.changed(CALM_SECONDS, PING_SECONDS)
                continue
            view = view_of(request, found)
            yield stream.PING if view == shown else stream.message(state_of(request, found.hall, view))
            if found.ticket_id != ticket_id:
                return
            shown = view
            await watch.changed(CALM_SECONDS, PING_SECONDS)
