"""The phone page's events: its state each time it changes, for as long as it is open."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import nullcontext

from starlette.requests import Request
from starlette.responses import Response

from protocol.errors import Refusal, ServerUnreachable
from protocol.replies import HallReply
from web import stream
from web.hall import hall_of
from web.phone.reading import Found, read, token_of
from web.phone.view import PhonePage

MAX_PAGES = 2500
MAX_PAGES_OF_ONE = 10
"""So often one ticket's page may be open: a family's phones, not a machine that opens it without end."""
CALM_SECONDS = 2.0
BEAT_SECONDS = 15.0
REFRESH_SECONDS = 60.0
"""A forecast grows old also when nothing happens."""
LIFE_SECONDS = 900.0
OPENED_AT_ONCE = 20
"""When a whole hall's phones come back at once, the desks' keys must not stand behind all of them."""

ViewOf = Callable[[Request, Found], PhonePage]
StateOf = Callable[[Request, HallReply, PhonePage], dict[str, object]]
"""What a browser is told of a view: only made when the view has changed, since it takes a template."""


def streamed(view_of: ViewOf, state_of: StateOf) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint that tells a page's state each time its view changes."""
    turns = asyncio.Semaphore(OPENED_AT_ONCE)

    async def events(request: Request) -> Response:
        feed = hall_of(request).feed
        page = PhoneStream(request, view_of, state_of)
        async with turns if feed.online else nullcontext():
            await page.begin()
        if feed.open_pages("ticket") >= MAX_PAGES or feed.open_pages("ticket", page.key) >= MAX_PAGES_OF_ONE:
            return Response(status_code=503, headers={"Retry-After": "30"})
        return stream.stream(page.parts())

    return events


class PhoneStream:
    """One open page: what it was told last is remembered as a hash alone, since there are thousands."""

    __slots__ = (
        "_ended",
        "_first",
        "_read_at",
        "_request",
        "_seen",
        "_shown",
        "_state_of",
        "_told_at",
        "_view_of",
        "key",
    )

    def __init__(self, request: Request, view_of: ViewOf, state_of: StateOf) -> None:
        self.key: int | str = ""
        self._request = request
        self._view_of, self._state_of = view_of, state_of
        self._first = b""
        self._seen = self._shown = 0
        self._read_at = self._told_at = 0.0
        self._ended = False

    async def begin(self) -> None:
        """Ask what the page is of, and prepare its first state; raises Refusal or ServerUnreachable."""
        self._seen = hall_of(self._request).feed.stirs
        found = await read(self._request)
        self.key = self._key_of(found)
        self._first = self._tell(found)

    def _key_of(self, found: Found) -> int | str:
        return found.ticket_id or token_of(self._request)

    async def parts(self) -> AsyncIterator[bytes]:
        """The stream's parts; a place that became a ticket ends it, so that the browser comes back for its own."""
        feed = hall_of(self._request).feed
        end = time.monotonic() + LIFE_SECONDS
        with feed.watch("ticket", self.key) as watch:
            yield stream.retry() + self._first
            self._first = b""
            changed = feed.stirs != self._seen or await watch.changed(CALM_SECONDS, BEAT_SECONDS)
            while not feed.closing and time.monotonic() < end:
                yield await self._look() if changed or self._is_old(feed.online) else self._live()
                if self._ended:
                    return
                changed = await watch.changed(CALM_SECONDS, BEAT_SECONDS)

    def _is_old(self, online: bool) -> bool:
        return not online or not self._shown or time.monotonic() - self._read_at > REFRESH_SECONDS

    async def _look(self) -> bytes:
        try:
            if not hall_of(self._request).feed.online:
                raise ServerUnreachable
            found = await read(self._request)
        except Refusal:
            self._ended = True
            return b""
        except ServerUnreachable:
            self._shown = 0
            return stream.message({}, "stale")
        self._ended = self._key_of(found) != self.key
        return self._tell(found)

    def _tell(self, found: Found) -> bytes:
        self._read_at = time.monotonic()
        view = self._view_of(self._request, found)
        shown, self._shown = self._shown, hash(repr(view))
        if shown == self._shown:
            return self._live()
        self._told_at = time.monotonic()
        return stream.message(self._state_of(self._request, found.hall, view))

    def _live(self) -> bytes:
        """What a page is told to which nothing happened."""
        if time.monotonic() - self._told_at < BEAT_SECONDS:
            return stream.PING
        self._told_at = time.monotonic()
        return stream.BEAT
