"""`/health`: one look that says whether the hall works, for a monitor, a load balancer or a person."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from config.version import VERSION
from protocol.commands import GetHealth
from protocol.errors import MotcuaError
from protocol.replies import HealthReply
from web.hall import Hall, hall_of
from web.supervisor.alerts import LEVELS

FRESH_SECONDS = 1.0
PAGES = {"phones": "ticket", "desks": "counter", "tablets": "tablet", "supervisors": "hall"}
"""The kinds of open pages, as the feed calls them."""
_FORWARDED = ("forwarded", "x-forwarded-for", "via")
_BEGAN = time.monotonic()


class Checkup:
    """What the server last told of itself, asked for at most once a second however many look."""

    def __init__(self, readers: Iterable[str] = ()) -> None:
        self.readers = frozenset(readers)
        """The other machines that may know more than whether the hall works."""
        self._reply: HealthReply | None = None
        self._asked_at = -FRESH_SECONDS
        self._one_at_a_time = asyncio.Lock()

    async def reply(self, hall: Hall) -> HealthReply | None:
        """How the server is; None: it is silent."""
        async with self._one_at_a_time:
            if not hall.feed.online:
                return None
            if time.monotonic() - self._asked_at >= FRESH_SECONDS:
                try:
                    self._reply = await hall.as_desk(GetHealth(), HealthReply)
                except MotcuaError:
                    self._reply = None
                self._asked_at = time.monotonic()
            return self._reply

    def may_read(self, request: Request) -> bool:
        """Whether more is told: to this machine itself and to the readers, never through a proxy."""
        if request.client is None or any(name in request.headers for name in _FORWARDED):
            return False
        try:
            asking = ip_address(request.client.host)
        except ValueError:
            return False
        plain = getattr(asking, "ipv4_mapped", None) or asking
        return plain.is_loopback or str(plain) in self.readers


def checkup_of(request: Request) -> Checkup:
    """What all who look share."""
    found = request.app.state.checkup
    assert isinstance(found, Checkup)
    return found


async def health(request: Request) -> Response:
    """200 while the hall works; 503 if it is silent or in danger. Details only for who may read them."""
    hall, checkup = hall_of(request), checkup_of(request)
    reply = await checkup.reply(hall)
    troubles = [alert.code for alert in reply.troubles] if reply is not None else []
    in_danger = any(LEVELS.get(code) == "danger" for code in troubles)
    status = 503 if reply is None or in_danger else 200
    told: dict[str, object] = {"web": "ok", "hall": "online" if reply is not None else "silent"}
    if checkup.may_read(request):
        told |= _details(hall, reply) | {"troubles": troubles}
    return JSONResponse(told, status)


def _details(hall: Hall, reply: HealthReply | None) -> dict[str, object]:
    pages = {name: hall.feed.open_pages(kind) for name, kind in PAGES.items()}
    told: dict[str, object] = {**pages, "version": VERSION, "web_uptime_seconds": round(time.monotonic() - _BEGAN)}
    if reply is not None:
        began = reply.began_at or reply.at
        told["uptime_seconds"] = max(0, round((reply.at - began).total_seconds()))
        told |= {"epoch": reply.epoch, "seq": reply.seq}
    return told


def routes() -> Sequence[BaseRoute]:
    """The address."""
    return [Route("/health", health)]
