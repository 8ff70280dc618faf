"""The desk's stream: its state at each change and a beat every second; while it is open, the counter's lease lives."""

import logging
import time
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from config.texts import text
from protocol.commands import KeepCounter
from protocol.errors import Refusal, ServerUnreachable
from protocol.replies import DoneReply
from web import stream
from web.desk.loading import load_state
from web.desk.now import HABITS
from web.desk.session import DeskSession, session_of
from web.hall import Hall, hall_of
from web.pages import language_of

_log = logging.getLogger(__name__)
MAX_PAGES = 200
CALM_SECONDS = 1.0
REFRESH_SECONDS = 20.0
KEEP_SECONDS = 15.0
KEPT_TIMES = 4
"""A lease is renewed at least so many times before it would end."""


class DeskStream:
    """One open page: what it was told last, and when its counter was kept."""

    def __init__(self, hall: Hall, session: DeskSession, language: str) -> None:
        self._hall = hall
        self._session = session
        self._language = language
        self._stale = True
        self._read_at = 0.0
        self._kept_at = -KEEP_SECONDS
        self._seated = False

    async def parts(self) -> AsyncIterator[bytes]:
        """The stream's parts, until the program ends or the page goes."""
        feed = self._hall.feed
        with feed.watch("counter", self._session.counter_id) as watch:
            yield stream.retry()
            while not feed.closing:
                for data, event in await self._turn():
                    yield stream.message(data, event)
                self._stale = await watch.changed(CALM_SECONDS, CALM_SECONDS) or self._stale

    async def _turn(self) -> list[tuple[dict[str, Any], str]]:
        told: list[tuple[dict[str, Any], str]] = []
        self._stale = self._stale or time.monotonic() - self._read_at > REFRESH_SECONDS
        if self._hall.feed.online:
            try:
                if self._stale:
                    told.append((await self._read(), "state"))
                await self._keep()
            except (Refusal, ServerUnreachable) as fault:
                _log.warning("counter %s: %s", self._session.counter_id, fault)
        return [*told, ({"hall": self._hall.feed.online and not self._stale}, "beat")]

    async def _read(self) -> dict[str, Any]:
        state = await load_state(self._hall, self._session, self._language)
        self._stale, self._read_at = False, time.monotonic()
        self._seated = state["phase"] != "closed"
        return state

    async def _keep(self) -> None:
        """Renew the lease of the session's own seat; a lost one shows in the next state."""
        lease = ((await self._hall.info()).habits or HABITS).lease_seconds
        pause = min(KEEP_SECONDS, lease / KEPT_TIMES)
        if not self._seated or time.monotonic() - self._kept_at < pause:
            return
        self._kept_at = time.monotonic()
        try:
            own = KeepCounter(self._session.counter_id, operator_id=self._session.operator_id)
            await self._hall.as_desk(own, DoneReply)
        except Refusal:
            self._seated, self._stale = False, True


async def events(request: Request) -> Response:
    """The desk's event stream."""
    session = session_of(request)
    if session is None:
        return signed_out(request)
    if hall_of(request).feed.open_pages("counter") >= MAX_PAGES:
        return Response(status_code=503, headers={"Retry-After": "5"})
    return stream.stream(DeskStream(hall_of(request), session, language_of(request)).parts())


async def state(request: Request) -> Response:
    """The state as JSON."""
    session = session_of(request)
    if session is None:
        return signed_out(request)
    return JSONResponse(await load_state(hall_of(request), session, language_of(request)))


def signed_out(request: Request) -> Response:
    """What a page is told whose session is over."""
    return JSONResponse({"refusal": text("desk.session_over", language_of(request))}, 401)
