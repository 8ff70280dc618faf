"""Phones that do the same again and again: known by a mark that changes every day, never by whose they are."""

import datetime as dt
from collections import deque

MARKS_KEPT = 10_000
TIMES_KEPT = 100
WORTH_A_LOOK = dt.timedelta(hours=1)


class Marks:
    """When each phone did something lately, to notice one that does it again and again; in memory only, bounded."""

    def __init__(self) -> None:
        self._at: dict[str, deque[dt.datetime]] = {}

    def note(self, mark: str, now: dt.datetime) -> None:
        """A phone did it."""
        if not mark:
            return
        times = self._at.pop(mark, deque(maxlen=TIMES_KEPT))
        times.append(now)
        self._at[mark] = times
        if len(self._at) > MARKS_KEPT:
            self._at.pop(next(iter(self._at)))

    def bursts(self, times: int, minutes: int, now: dt.datetime) -> list[tuple[int, dt.datetime]]:
        """How often, and since when, each phone that did it `times` within `minutes`, in the last hour."""
        span = dt.timedelta(minutes=minutes)
        return [found for ats in self._at.values() if (found := _burst(list(ats), times, span, now))]


def _burst(ats: list[dt.datetime], times: int, span: dt.timedelta, now: dt.datetime) -> tuple[int, dt.datetime] | None:
    for first, last in zip(ats, ats[times - 1 :], strict=False):
        if last - first <= span and now - last <= WORTH_A_LOOK:
            return len(ats), first
    return None
