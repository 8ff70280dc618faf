"""uvicorn with an end for everything: slow senders, open streams, signals.

A connection costs little until a whole request has come: it stands on the threshold, where only so many may stand and
none for long. What it asks is answered by uvicorn; between two requests, it waits as the others do.
"""

import asyncio
import re
import socket
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.flow_control import service_unavailable
from uvicorn.protocols.http.h11_impl import H11Protocol

from web.feed import Feed
from web.limits import WaitingRoom
from web.phone.streaming import MAX_PAGES

BACKLOG = 4096
"""Connections that the system holds until they are taken: a citizen behind thousands must not have to knock again."""
TAKEN_AT_ONCE = 64
"""Of those, so many are taken before the others' requests go on."""
REQUEST_SECONDS = 8.0
END_SECONDS = 3
KEEP_ALIVE_SECONDS = 60
"""uvicorn's own patience between requests, which must not end before ours does."""
MAX_ANSWERED = MAX_PAGES + 700
"""Requests in hand at once, most of them open pages; more are told to come back."""
MAX_FIRST_BYTES = 16_384
"""Longer requests are read by who answers them, or refused there."""
MAX_UNSENT_BYTES = 16_384
"""What is kept for a page that does not take it; then it is not told more until it does."""


_LENGTH = re.compile(rb"\ncontent-length: *(\d{1,5})\r?$", re.IGNORECASE | re.MULTILINE)


class Visitor(Protocol):
    """A connection that waits."""

    def send_away(self) -> None:
        """End it."""


class Entrance:
    """What all connections share: who has still to ask, and how many are being answered."""

    def __init__(self, places: int) -> None:
        self._room: WaitingRoom[Visitor] = WaitingRoom(places)
        self.answered = 0

    def wait(self, visitor: Visitor, transport: asyncio.BaseTransport) -> None:
        """Let a connection wait for its (next) request, from now on; another may have to go for it."""
        peer = transport.get_extra_info("peername")
        excess = self._room.enter(visitor, str(peer[0]) if peer else "", time.monotonic())
        if excess is not None:
            excess.send_away()

    def leave(self, visitor: Visitor) -> None:
        """A connection has asked, or is gone."""
        self._room.leave(visitor)

    def send_away_overdue(self, patience: float) -> None:
        """End the connections that have waited for more than so many seconds."""
        for visitor in self._room.take_overdue(time.monotonic() - patience):
            visitor.send_away()


class Threshold(asyncio.Protocol):
    """A connection from which the first request has still to come."""

    __slots__ = ("_entrance", "_head", "_inside", "_transport")

    def __init__(self, entrance: Entrance, inside: "Callable[[], PatientProtocol]") -> None:
        self._entrance = entrance
        self._inside = inside
        self._head = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the request."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._entrance.wait(self, transport)

    def data_received(self, data: bytes) -> None:
        """Let in who has asked for something; what is no request at all is refused inside."""
        self._head += data
        if len(self._head) > MAX_FIRST_BYTES or not self._head[:1].isalpha() or _is_whole(self._head):
            self._let_in()

    def _let_in(self) -> None:
        self._entrance.leave(self)
        assert self._transport is not None
        inside = self._inside()
        self._transport.set_protocol(inside)
        inside.connection_made(self._transport)
        inside.data_received(self._head)

    def connection_lost(self, _exc: Exception | None) -> None:
        """Wait no longer."""
        self._entrance.leave(self)

    def send_away(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._transport.abort()


def _is_whole(request: bytes) -> bool:
    """Whether nothing of a request's head, nor of the body that the head announces, has still to come."""
    head, end, body = request.partition(b"\r\n\r\n")
    announced = _LENGTH.search(head)
    return bool(end) and (announced is None or len(body) >= int(announced[1]))


class PatientProtocol(H11Protocol):
    """A connection that has asked; it waits again for what is missing of its request, and for the next one."""

    def __init__(self, entrance: Entrance, **settings: Any) -> None:
        super().__init__(**settings)
        self._entrance = entrance
        self._answered = self._waits = False
        self._asks = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Keep little for who does not take it."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=MAX_UNSENT_BYTES)

    def data_received(self, data: bytes) -> None:
        """Answer what is whole; the patience for a next request begins with its first byte."""
        if self._waits and not self._asks:
            self._waits, self._asks = False, True
        self.app = service_unavailable if self._entrance.answered >= MAX_ANSWERED else self.config.loaded_app
        super().data_received(data)
        self._settle()

    def on_response_complete(self) -> None:
        """Wait for the next request, unless it is here already."""
        self._asks = False
        super().on_response_complete()
        self._settle()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        super().connection_lost(exc)
        self._settle()

    def send_away(self) -> None:
        """End the connection once it has what was written to it."""
        self.transport.close()

    def _settle(self) -> None:
        """Note whether the connection is being answered, or waited for."""
        gone, cycle = self.transport.is_closing(), self.cycle
        answered = not gone and cycle is not None and not cycle.response_complete and not cycle.more_body
        self._entrance.answered += answered - self._answered
        self._answered = answered
        if gone or answered:
            self._entrance.leave(self)
            self._waits = False
        elif not self._waits:
            self._entrance.wait(self, self.transport)
            self._waits = True


class WebServer(uvicorn.Server):
    """Lets only so many wait and none for long; ends the open event streams before it waits for them.

    `places`: how many connections may wait at once; `patience`: for how many seconds.
    """

    def __init__(
        self, app: Starlette, feed: Feed, *, places: int, patience: float = REQUEST_SECONDS, **settings: Any
    ) -> None:
        self._feed = feed
        self._patience = patience
        self._entrance = Entrance(places)
        self._inside: Callable[[], PatientProtocol] | None = None
        config = uvicorn.Config(
            app,
            http=self._greet,  # type: ignore[arg-type] # whatever makes a protocol is good enough
            ws="none",
            backlog=TAKEN_AT_ONCE,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=END_SECONDS,
            access_log=False,
            server_header=False,
            **settings,
        )
        super().__init__(config)

    def _greet(self, **settings: Any) -> Threshold:
        """A connection begins; what uvicorn gives to its protocols is the same for all."""
        if self._inside is None:
            self._inside = partial(PatientProtocol, self._entrance, **settings)
        return Threshold(self._entrance, self._inside)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen with the system's long queue: asyncio would take all of it at once."""
        await super().startup(sockets)
        for listening in sockets or ():
            listening.listen(BACKLOG)

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second, send away who has waited for too long."""
        self._entrance.send_away_overdue(self._patience)
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Wake the streams for the last time, then close."""
        self._feed.close()
        self._entrance.send_away_overdue(patience=-1)
        await super().shutdown(sockets)
