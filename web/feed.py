"""The hall's events, spread to the pages that are open: no queue, a page only learns that it is out of date.

Own events wake a page at once. Those of others let it look again when it is calm, and one page after the other: so many
looks a second, however many pages are open.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager

from protocol.events import (
    CallSaid,
    CallShown,
    DataErased,
    DeviceEnrolled,
    DeviceRevoked,
    Event,
    PrintFailed,
    TicketPrinted,
)
from protocol.feed import SILENCE_SECONDS
from protocol.replies import Pulse, Snapshot

LOOKS_PER_SECOND = 200
_QUIET = (DeviceEnrolled, DeviceRevoked, TicketPrinted, PrintFailed, CallShown, CallSaid, DataErased)
_MANY = "ticket"
"""The kind of which there may be thousands: also when all are out of date at once, they look in turns."""
_WOKEN_BY = {"ticket": "ticket_id", "counter": "counter_id", "tablet": "counter_id"}
"""The kinds of pages that own events wake, and what such an event names."""


class Watch:
    """One open page. Its own events wake it at once; those of others mark it, to be looked at when it is calm."""

    __slots__ = ("_feed", "_seen", "_touched", "_waiter", "in_line")

    def __init__(self, feed: "Feed") -> None:
        self._feed = feed
        self._seen = feed.stirs
        self._touched = False
        self._waiter: asyncio.Future[None] | None = None
        self.in_line = False

    def touch(self) -> None:
        """Let this page look now: something about its own ticket or counter happened, or its turn has come."""
        self._touched = True
        if self._waiter is not None:
            _end(self._waiter)

    async def changed(self, calm: float, patience: float) -> bool:
        """Wait for an own event, or after `calm` seconds for any, `patience` seconds in all; False: nothing came."""
        if not self._touched:
            await self._rest(calm)
        if not self._touched and patience > calm:
            self._feed.line_up(self, stirred=self._seen != self._feed.stirs)
            try:
                await self._rest(patience - calm)
            finally:
                self._feed.step_out(self)
        changed = self._touched or self._seen != self._feed.stirs
        self._touched, self._seen = False, self._feed.stirs
        return changed

    async def _rest(self, seconds: float) -> None:
        """Until woken, but no longer than this."""
        loop = asyncio.get_running_loop()
        self._waiter = waiter = loop.create_future()
        timer = loop.call_later(max(seconds, 0), _end, waiter)
        try:
            await waiter
        finally:
            timer.cancel()


def _end(waiter: "asyncio.Future[None]") -> None:
    if not waiter.done():
        waiter.set_result(None)


class Feed:
    """The listener of this process; `on_…` run on the client's thread, everything else on the loop."""

    def __init__(self) -> None:
        self.generation = 0
        """Grows with every snapshot: what was remembered about the hall may be old."""
        self.stirs = 0
        """Grows with everything that happens: a page that saw another number is out of date."""
        self.closing = False
        self._heard_at: float | None = None
        self._told_silence = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watches: dict[tuple[str, int | str], set[Watch]] = {}
        self._open: Counter[str] = Counter()
        self._calm: dict[Watch, None] = {}
        self._line: deque[Watch] = deque()
        self._next_turn: asyncio.TimerHandle | None = None

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Name the loop on which the pages wait."""
        self._loop = loop

    def close(self) -> None:
        """Wake every page for the last time: the program ends."""
        self.closing = True
        self._loop = None
        for watches in self._watches.values():
            for watch in watches:
                watch.touch()

    @property
    def online(self) -> bool:
        """Whether the hall was heard within the last seconds."""
        return self._heard_at is not None and time.monotonic() - self._heard_at < SILENCE_SECONDS

    def open_pages(self, kind: str, key: int | str | None = None) -> int:
        """How many pages of a kind (`ticket`, `counter`, `tablet`) are open, or of one ticket or counter."""
        return self._open[kind] if key is None else len(self._watches.get((kind, key), ()))

    @contextmanager
    def watch(self, kind: str, key: int | str) -> Iterator[Watch]:
        """Be woken by the events of a `ticket`, or of the counter of a desk or a `tablet`, while the block runs."""
        watch = Watch(self)
        self._watches.setdefault((kind, key), set()).add(watch)
        self._open[kind] += 1
        try:
            yield watch
        finally:
            self._open[kind] -= 1
            watches = self._watches[kind, key]
            watches.discard(watch)
            if not watches:
                del self._watches[kind, key]

    # ---- pages that look in turns ----

    def line_up(self, watch: Watch, *, stirred: bool) -> None:
        """Give a page its turn after those before it: at once if something `stirred`, else when something does."""
        if stirred:
            self._stand(watch)
            self._go_on()
        else:
            self._calm[watch] = None

    def step_out(self, watch: Watch) -> None:
        """A page waits no longer for its turn."""
        watch.in_line = False
        self._calm.pop(watch, None)

    def _stand(self, watch: Watch) -> None:
        if not watch.in_line:
            watch.in_line = True
            self._line.append(watch)

    def _go_on(self) -> None:
        if self._next_turn is None and self._line and self._loop:
            self._next_turn = self._loop.call_later(0, self._turn)

    def _turn(self) -> None:
        self._next_turn = None
        while self._line:
            watch = self._line.popleft()
            if watch.in_line:
                watch.in_line = False
                watch.touch()
                if self._loop:
                    self._next_turn = self._loop.call_later(1 / LOOKS_PER_SECOND, self._turn)
                return

    def _stir(self) -> None:
        self.stirs += 1
        for watch in self._calm:
            self._stand(watch)
        self._calm.clear()
        self._go_on()

    # ---- what is heard ----

    def on_snapshot(self, _snapshot: Snapshot) -> None:
        """A new start: every page looks again."""
        self._heard_at = time.monotonic()
        self._told_silence = False
        self.generation += 1
        if self._loop:
            self._loop.call_soon_threadsafe(self._look_again)

    def on_event(self, event: Event) -> None:
        """Wake those whom the event touches, mark the others."""
        self._heard_at = time.monotonic()
        if self._loop and not isinstance(event.body, _QUIET):
            self._loop.call_soon_threadsafe(self._spread, event)

    def on_pulse(self, _pulse: Pulse) -> None:
        """The hall lives; pages that were told otherwise look again."""
        self._heard_at = time.monotonic()
        if self._told_silence and self._loop:
            self._told_silence = False
            self._loop.call_soon_threadsafe(self._look_again)

    def on_silence(self, _seconds: float) -> None:
        """The hall is silent: once, every page looks again."""
        if self._loop and not self._told_silence:
            self._told_silence = True
            self._loop.call_soon_threadsafe(self._look_again)

    def _look_again(self) -> None:
        for (kind, _), watches in self._watches.items():
            for watch in watches:
                if kind == _MANY:
                    self._stand(watch)
                else:
                    watch.touch()
        self._stir()

    def _spread(self, event: Event) -> None:
        for kind, name in _WOKEN_BY.items():
            key: int | str = getattr(event.body, name, None) or ""
            for watch in self._watches.get((kind, key), ()):
                watch.touch()
        self._stir()
