"""uvicorn with an end for everything: slow senders, open streams, signals."""

import asyncio
import socket
from typing import Any

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from web.feed import Feed

MAX_CONNECTIONS = 1000
REQUEST_SECONDS = 8.0
END_SECONDS = 3


class PatientProtocol(H11Protocol):
    """A connection that must have asked for something before its patience ends."""

    _impatience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start to wait for the first request."""
        super().connection_made(transport)
        if len(self.connections) > 2 * MAX_CONNECTIONS:
            transport.abort()
        self._rearm()

    def data_received(self, data: bytes) -> None:
        """Wait on only while no request is being answered."""
        super().data_received(data)
        self._rearm()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._disarm()
        super().connection_lost(exc)

    def _rearm(self) -> None:
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering:
            self._disarm()
        elif self._impatience is None:
            self._impatience = self.loop.call_later(REQUEST_SECONDS, self._give_up)

    def _disarm(self) -> None:
        if self._impatience is not None:
            self._impatience.cancel()
            self._impatience = None

    def _give_up(self) -> None:
        self._impatience = None
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()


class WebServer(uvicorn.Server):
    """Ends the open event streams before it waits for them."""

    def __init__(self, app: Starlette, feed: Feed, **settings: Any) -> None:
        self._feed = feed
        config = uvicorn.Config(
            app,
            http=PatientProtocol,
            ws="none",
            limit_concurrency=MAX_CONNECTIONS,
            timeout_keep_alive=10,
            timeout_graceful_shutdown=END_SECONDS,
            access_log=False,
            server_header=False,
            **settings,
        )
        super().__init__(config)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Wake the streams for the last time, then close."""
        self._feed.close()
        await super().shutdown(sockets)
