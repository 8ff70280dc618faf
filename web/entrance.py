"""The way in for connections: each costs little until a whole request has come, and none waits for long.

It stands on the threshold until it has asked; uvicorn answers it; then it waits for its next request as the others do.
"""

import asyncio
import contextlib
import re
import time
from collections.abc import Callable
from typing import Any, Protocol

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from web.busy import full
from web.headers import PLAIN_REFUSAL
from web.limits import WaitingRoom

MAX_FIRST_BYTES = 16_384
"""Longer requests are read by who answers them, or refused there."""
MAX_UNSENT_BYTES = 16_384
"""So much may lie here that a connection does not take; then it is waited for, as for one that does not ask."""
LEAST_TAKEN_BYTES = 2048
"""What must have been taken each time the patience ends: some hundred bytes a second, which any phone network gives."""
_LENGTH = re.compile(rb"\ncontent-length: *(\d{1,5})\r?$", re.IGNORECASE | re.MULTILINE)


class Visitor(Protocol):
    """A connection that waits."""

    def send_away(self) -> None:
        """End it, since others need its place."""

    def be_overdue(self) -> None:
        """End it, since it has waited for too long."""


class Entrance:
    """What all connections share: who is waited for (`places`), and how many are `answered` at once, open pages too."""

    def __init__(self, places: int, answered: int) -> None:
        self._room: WaitingRoom[Visitor] = WaitingRoom(places)
        self._places, self._most_answered = places, answered
        self.answered = 0

    def __str__(self) -> str:
        return f"{self._places} connections may wait and {self._most_answered} be answered at once"

    @property
    def waiting(self) -> int:
        """How many connections are waited for."""
        return len(self._room)

    @property
    def is_full(self) -> bool:
        """Whether the next to ask is told to come back."""
        return self.answered >= self._most_answered

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
            visitor.be_overdue()


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
        inside.beneath = self._beneath()
        inside.connection_made(self._transport)
        inside.data_received(self._head)

    def _beneath(self) -> asyncio.WriteTransport | None:
        """What carries the connection, if that keeps bytes of its own."""
        return None

    def connection_lost(self, _exc: Exception | None) -> None:
        """Wait no longer."""
        self._entrance.leave(self)

    def send_away(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._transport.abort()

    be_overdue = send_away


def _is_whole(request: bytes) -> bool:
    """Whether nothing of a request's head, nor of the body that the head announces, has still to come."""
    head, end, body = request.partition(b"\r\n\r\n")
    announced = _LENGTH.search(head)
    return bool(end) and (announced is None or len(body) >= int(announced[1]))


class PatientProtocol(H11Protocol):
    """A connection that has asked; waited for again while it does not take its answer, and between two requests."""

    def __init__(self, entrance: Entrance, **settings: Any) -> None:
        super().__init__(**settings)
        self._entrance = entrance
        self._answered = self._waits = False
        self._asks = True
        self._unsent = 0
        self.beneath: asyncio.WriteTransport | None = None
        """Under TLS: what carries it, where bytes lie too."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Keep little for who does not take it."""
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=MAX_UNSENT_BYTES)

    def data_received(self, data: bytes) -> None:
        """Answer what is whole; the patience for a next request begins with its first byte."""
        if self._waits and not self._asks:
            self._waits, self._asks = False, True
        self.app = full if self._entrance.is_full else self.config.loaded_app
        super().data_received(data)
        self._settle()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, with the headers of every other answer, unless another is on its way."""
        with contextlib.suppress(h11.LocalProtocolError):
            headers = [*PLAIN_REFUSAL.items(), ("Connection", "close")]
            for event in (h11.Response(status_code=400, headers=headers), h11.Data(msg.encode()), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def on_response_complete(self) -> None:
        """Wait for the next request, unless it is here already."""
        self._asks = False
        super().on_response_complete()
        self._settle()

    def pause_writing(self) -> None:
        """Wait until what lies here is taken."""
        super().pause_writing()
        self._settle()

    def resume_writing(self) -> None:
        """Go on answering."""
        super().resume_writing()
        self._settle()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        super().connection_lost(exc)
        self._note(answered=False)
        self._entrance.leave(self)

    def send_away(self) -> None:
        """End the connection; what it has not taken is lost."""
        self.transport.abort()

    def be_overdue(self) -> None:
        """End the connection, unless it takes its answer, however slowly."""
        before, self._unsent = self._unsent, self._unsent_now()
        if before - self._unsent >= LEAST_TAKEN_BYTES:
            self._entrance.wait(self, self.transport)
        else:
            self.transport.abort()

    def _settle(self) -> None:
        """Note whether the connection is being answered, or waited for."""
        unsent = self._unsent_now()
        self._note(answered=self._is_asked() and not self.flow.write_paused)
        if self._answered or (self.transport.is_closing() and not unsent and not self.beneath):
            self._entrance.leave(self)
            self._waits = False
        elif not self._waits:
            self._unsent = unsent
            self._entrance.wait(self, self.transport)
            self._waits = True

    def _unsent_now(self) -> int:
        beneath = self.beneath.get_write_buffer_size() if self.beneath else 0
        return self.transport.get_write_buffer_size() + beneath

    def _is_asked(self) -> bool:
        """Whether a whole request has come that is not answered yet."""
        cycle = self.cycle
        if cycle is None or self.transport.is_closing():
            return False
        return not cycle.response_complete and not cycle.more_body

    def _note(self, *, answered: bool) -> None:
        self._entrance.answered += answered - self._answered
        self._answered = answered
