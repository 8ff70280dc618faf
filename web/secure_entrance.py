"""The way in under TLS: a connection costs little until keys are agreed on, and that takes no longer than a request."""

import asyncio
from collections.abc import Callable

from web.entrance import MAX_UNSENT_BYTES, Entrance, PatientProtocol, Threshold
from web.tls import Certificate

AGREE_SECONDS = 8.0
"""A phone on a weak network agrees on keys in two or three round trips."""
END_SECONDS = 60.0
"""So long may a connection that takes its last bytes slowly do so; who takes none is sent away sooner."""


class SecureThreshold(Threshold):
    """A connection with which keys have still to be agreed on, and from which the first request has then to come.

    It waits as any other does: who agrees slowly, or on nothing, holds one of the same places for the same time.
    """

    __slots__ = ("_agreeing", "_certificate", "_raw")

    def __init__(self, entrance: Entrance, inside: "Callable[[], PatientProtocol]", certificate: Certificate) -> None:
        super().__init__(entrance, inside)
        self._certificate = certificate
        self._raw: asyncio.Transport | None = None
        self._agreeing: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait, and agree on keys."""
        assert isinstance(transport, asyncio.Transport)
        self._raw = transport
        transport.set_write_buffer_limits(high=MAX_UNSENT_BYTES)
        self._entrance.wait(self, transport)
        self._agreeing = asyncio.create_task(self._agree(transport))

    async def _agree(self, raw: asyncio.Transport) -> None:
        try:
            secure = await asyncio.get_running_loop().start_tls(
                raw,
                self,
                self._certificate.context,
                server_side=True,
                ssl_handshake_timeout=AGREE_SECONDS,
                ssl_shutdown_timeout=END_SECONDS,
            )
        except OSError:  # no keys were agreed on, or not in time
            secure = None
        if secure is None:
            self._entrance.leave(self)
            return
        self._transport = secure
        if self._head:
            super().data_received(b"")

    def data_received(self, data: bytes) -> None:
        """Let in who has asked; what comes together with the last of the keys waits until they are known here."""
        if self._transport is None:
            self._head += data
        else:
            super().data_received(data)

    def _beneath(self) -> asyncio.WriteTransport | None:
        return self._raw

    def send_away(self) -> None:
        """End the connection."""
        if self._raw is not None:
            self._raw.abort()

    be_overdue = send_away
