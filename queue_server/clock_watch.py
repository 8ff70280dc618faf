"""Whether the machine's clock can be believed: what it tells is held against the seconds that have passed.

A dead battery (1970, 2000) or a wrong time server must not begin a day, end everybody's number or erase what is kept
for a while. So the hall's clock goes on by the seconds since the last instant that could be believed, until a person
says that the machine's clock is right, or until it is right again.
"""

import datetime as dt
import time
from collections.abc import Callable

from queue_server.clock import Clock, real_clock
from queue_server.domain.rows import ClockDoubt

MADE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""This program was made later: no clock before it is right."""
BEHIND = dt.timedelta(minutes=2)
"""So far back a time server may set the clock without a word; the hall's clock waits until it has caught up."""
AHEAD = dt.timedelta(hours=12)
"""So far ahead it may."""
CLOSED = dt.timedelta(days=60)
"""So long a server may have been off: longer than any holiday."""


def running_seconds() -> float:
    """Seconds that only go forward, those of the machine's sleep included."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class WatchedClock:
    """The machine's clock as long as it is believed; else the last instant that was, and the seconds since then.

    `last` is the instant of the log's last event, `standing` a doubt that the log still has. Instants never go back,
    unless a person says so (`trust`).
    """

    def __init__(
        self,
        last: dt.datetime | None,
        standing: ClockDoubt | None = None,
        wall: Clock = real_clock,
        running: Callable[[], float] = running_seconds,
    ) -> None:
        self._wall, self._running = wall, running
        self._at, self._since = max(last or MADE, MADE), running()
        jumped_ahead = standing is not None and standing.told > standing.expected
        self._most_ahead = AHEAD if jumped_ahead else CLOSED if last else dt.timedelta.max
        self.doubt: ClockDoubt | None = None
        """What it told last where what was due, if that can't be believed."""

    def __call__(self) -> dt.datetime:
        """The hall's instant."""
        told, running = self._wall(), self._running()
        expected = self._at + dt.timedelta(seconds=running - self._since)
        if not -BEHIND <= told - expected <= self._most_ahead:
            self.doubt = ClockDoubt(told, expected)
            return expected
        self.doubt = None
        self._go_on(max(told, self._at), running)
        return self._at

    def trust(self) -> None:
        """A person says that the machine's clock is right."""
        self.doubt = None
        self._go_on(self._wall(), self._running())

    def _go_on(self, at: dt.datetime, running: float) -> None:
        self._at, self._since, self._most_ahead = at, running, AHEAD


def doubted_after(last: dt.datetime, told: dt.datetime) -> ClockDoubt | None:
    """What is wrong with what a clock tells to a program that was off since `last`; None: it can be believed."""
    clock = WatchedClock(last, wall=lambda: told)
    clock()
    return clock.doubt


def doubt_clause(doubt: ClockDoubt) -> str:
    """A doubt as a part of a sentence."""
    told, expected = (at.isoformat(sep=" ", timespec="seconds") for at in (doubt.told, doubt.expected))
    return f"the machine's clock says {told}, but about {expected} was due"


def doubt_text(doubt: ClockDoubt) -> str:
    """A doubt as a sentence for the log of the program."""
    return (
        f"{doubt_clause(doubt)}: set it right; until it is, or a supervisor confirms it on the page, no service day "
        "begins"
    )
