"""One rendered page for all who look: the hall is asked, and the page made, once in a while however many there are."""

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from protocol.commands import GetSatisfaction, GetSnapshot
from protocol.errors import Refusal, ServerUnreachable
from protocol.replies import HallReply, SatisfactionReply, Satisfied, Snapshot
from web.hall import Hall

HOLD_SECONDS = 2.0
RATED_SECONDS = 30.0


@dataclass(frozen=True)
class Known:
    """What the page is made of."""

    hall: HallReply
    snapshot: Snapshot
    satisfied: Satisfied | None


@dataclass(frozen=True)
class Rendered:
    """The whole page and the part of it that changes, with the mark by which a browser asks whether it did."""

    page: bytes
    body: bytes
    etag: str


Render = Callable[[Known, str], tuple[str, str]]
"""Makes page and body in a language."""


class SharedStatus:
    """Holds what was rendered last; lives on the loop."""

    def __init__(self, render: Render, clock: Callable[[], float] = time.monotonic) -> None:
        self._render = render
        self._clock = clock
        self._lock = asyncio.Lock()
        self._known: Known | None = None
        self._until = 0.0
        self._rated_until = 0.0
        self._rendered: dict[str, Rendered] = {}

    async def get(self, hall: Hall, language: str) -> Rendered:
        """The page in a language; raises as `known` does."""
        known = await self.known(hall)
        if language not in self._rendered:
            self._rendered[language] = self._make(known, language)
        return self._rendered[language]

    async def known(self, hall: Hall) -> Known:
        """How the hall stands, at most two seconds old; raises ServerUnreachable, at once if the hall is silent."""
        async with self._lock:
            if not hall.feed.online:
                raise ServerUnreachable
            if self._known is None or self._clock() >= self._until:
                self._known = await self._read(hall)
                self._until = self._clock() + HOLD_SECONDS
                self._rendered.clear()
            return self._known

    async def _read(self, hall: Hall) -> Known:
        info = await hall.info()
        snapshot = await hall.as_phone(GetSnapshot(), Snapshot)
        return Known(info, snapshot, await self._satisfied(hall))

    async def _satisfied(self, hall: Hall) -> Satisfied | None:
        if self._known is not None and self._clock() < self._rated_until:
            return self._known.satisfied
        self._rated_until = self._clock() + RATED_SECONDS
        try:
            return (await hall.as_phone(GetSatisfaction(), SatisfactionReply)).today
        except Refusal:
            return None

    def _make(self, known: Known, language: str) -> Rendered:
        page, body = self._render(known, language)
        digest = hashlib.sha256(body.encode()).hexdigest()[:16]
        return Rendered(page.encode(), body.encode(), f'"{digest}"')
