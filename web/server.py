"""uvicorn with an end for everything: slow senders, open streams, signals."""

import socket
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import uvicorn
from starlette.applications import Starlette

from web.entrance import Entrance, PatientProtocol, Threshold
from web.feed import Feed
from web.phone.streaming import MAX_PAGES
from web.secure_entrance import SecureThreshold
from web.tls import LOOK_SECONDS, Certificate

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
SPARE_FILES = 200
"""For all that is no connection of a browser."""


class WebServer(uvicorn.Server):
    """Lets only so many wait and none for long; ends the open event streams before it waits for them."""

    def __init__(
        self,
        app: Starlette,
        feed: Feed,
        entrance: Entrance,
        *,
        patience: float = REQUEST_SECONDS,
        certificate: Certificate | None = None,
        proxies: Sequence[str] = (),
        **settings: Any,
    ) -> None:
        """Serve `app`; what `proxies` (addresses, networks) say of whom they ask for is believed, nobody else is."""
        self._feed = feed
        self._patience = patience
        self._entrance = entrance
        self._certificate = certificate
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
            proxy_headers=bool(proxies),
            forwarded_allow_ips=list(proxies),
            **settings,
        )
        super().__init__(config)

    def _greet(self, **settings: Any) -> Threshold:
        """A connection begins; what uvicorn gives to its protocols is the same for all."""
        if self._inside is None:
            self._inside = partial(PatientProtocol, self._entrance, **settings)
        if self._certificate is not None:
            return SecureThreshold(self._entrance, self._inside, self._certificate)
        return Threshold(self._entrance, self._inside)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen with the system's long queue: asyncio would take all of it at once."""
        await super().startup(sockets)
        for listening in sockets or ():
            listening.listen(BACKLOG)

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second, send away who has waited for too long; now and then, look for a new certificate."""
        self._entrance.send_away_overdue(self._patience)
        if self._certificate is not None and counter % (10 * LOOK_SECONDS) == 0:
            self._certificate.look_again()
        return await super().on_tick(counter)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Wake the streams for the last time, then close."""
        self._feed.close()
        self._entrance.send_away_overdue(patience=-1)
        await super().shutdown(sockets)


def entrance_for(files: int) -> Entrance:
    """An entrance for a program that may open so many files: half of them for connections that are waited for."""
    places, spare = files // 2, min(SPARE_FILES, files // 4)
    return Entrance(places, min(MAX_ANSWERED, files - places - spare))
