"""The hall's events, spread to the pages that are open: no queue, a page only learns that it is out of date."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

from protocol.events import DeviceEnrolled, DeviceRevoked, Event, PrintFailed, TicketPrinted
from protocol.feed import SILENCE_SECONDS
from protocol.replies import Pulse, Snapshot

_QUIET = (DeviceEnrolled, DeviceRevoked, TicketPrinted, PrintFailed)


class Watch:
    """One open page. Its own events wake it at once; those of others mark it, to be looked at when it is calm."""

    def __init__(self) -> None:
        self._own = asyncio.Event()
        self._any = asyncio.Event()

    def touch(self) -> None:
        """Something about this page's own ticket or counter happened."""
        self._own.set()
        self._any.set()

    def stir(self) -> None:
        """Something happened in the hall."""
        self._any.set()

    async def changed(self, calm: float, patience: float) -> bool:
        """Wait for an own event, or after `calm` seconds for any, `patience` seconds in all; False: nothing came."""
        if not await _within(self._own, calm):
            await _within(self._any, patience - calm)
        changed = self._any.is_set()
        self._own.clear()
        self._any.clear()
        return changed


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(max(seconds, 0)):
            await event.wait()
    except TimeoutError:
        return event.is_set()
    return True


class Feed:
    """The listener of this process; `on_…` run on the client's thread, everything else on the loop."""

    def __init__(self) -> None:
        self.generation = 0
        """Grows with every snapshot: what was remembered about the hall may be old."""
        self.closing = False
        self._heard_at: float | None = None
        self._told_silence = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watches: dict[tuple[str, int | str], set[Watch]] = {}

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Name the loop on which the pages wait."""
        self._loop = loop

    def close(self) -> None:
        """Wake every page for the last time: the program ends."""
        self.closing = True
        self._loop = None
        self._touch_all()

    @property
    def online(self) -> bool:
        """Whether the hall was heard within the last seconds."""
        return self._heard_at is not None and time.monotonic() - self._heard_at < SILENCE_SECONDS

    def open_pages(self, kind: str) -> int:
        """How many pages of a kind (`ticket`, `counter`) are open."""
        return sum(len(watches) for key, watches in self._watches.items() if key[0] == kind)

    @contextmanager
    def watch(self, kind: str, key: int | str) -> Iterator[Watch]:
        """Be woken by the events of a `ticket` or a `counter` while the block runs."""
        watch = Watch()
        self._watches.setdefault((kind, key), set()).add(watch)
        try:
            yield watch
        finally:
            watches = self._watches[kind, key]
            watches.discard(watch)
            if not watches:
                del self._watches[kind, key]

    def on_snapshot(self, _snapshot: Snapshot) -> None:
        """A new start: every page looks again."""
        self._heard_at = time.monotonic()
        self._told_silence = False
        self.generation += 1
        if self._loop:
            self._loop.call_soon_threadsafe(self._touch_all)

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
            self._loop.call_soon_threadsafe(self._touch_all)

    def on_silence(self, _seconds: float) -> None:
        """The hall is silent: once, every page looks again."""
        if self._loop and not self._told_silence:
            self._told_silence = True
            self._loop.call_soon_threadsafe(self._touch_all)

    def _touch_all(self) -> None:
        for watches in self._watches.values():
            for watch in watches:
                watch.touch()

    def _spread(self, event: Event) -> None:
        own = {
            ("ticket", getattr(event.body, "ticket_id", None)),
            ("counter", getattr(event.body, "counter_id", None)),
        }
        for key, watches in self._watches.items():
            for watch in watches:
                if key in own:
                    watch.touch()
                else:
                    watch.stir()
