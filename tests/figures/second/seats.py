"""How the counters' time was spent: from the raw log, what was taken back left out."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from tests.figures.second.reckoning import Asked, Fact
from tests.figures.second.visits import Entry, instant, struck

_HELD = {"ticket_called": "called", "serving_started": "serving"}
_LET_GO = {"ticket_finished", "no_show_marked", "ticket_parked", "ticket_cancelled", "ticket_transferred"}


@dataclass
class Seat:
    """A counter in the middle of the log."""

    operator: str = ""
    paused: bool = False
    hand: str = ""
    since: dt.datetime | None = None

    @property
    def state(self) -> str:
        """What it does; empty: it is closed."""
        if not self.operator:
            return ""
        return self.hand or ("paused" if self.paused else "idle")


def spans(log: Iterable[Entry], zone: str) -> list[Fact]:
    """So many seconds of an hour in a state, at a counter, with a person."""
    seats: dict[str, Seat] = defaultdict(Seat)
    found: list[Fact] = []
    at = None
    for entry in struck(log):
        at, counter = instant(entry["at"]), entry["body"].get("counter_id")
        if counter is not None:
            seat = seats[counter]
            before = (seat.operator, seat.state, seat.since)
            _change(seat, entry["body"])
            if (seat.operator, seat.state) != before[:2]:
                found += _cut(counter, *before, at, ZoneInfo(zone))
                seat.since = at
    if at is not None:
        for counter, seat in seats.items():
            found += _cut(counter, seat.operator, seat.state, seat.since, at, ZoneInfo(zone))
    return found


def _change(seat: Seat, body: dict[str, Any]) -> None:
    kind = body["type"]
    if kind == "counter_opened":
        seat.operator, seat.paused = body["operator_id"], False
    elif kind == "counter_closed":
        seat.operator, seat.paused, seat.hand = "", False, ""
    elif kind in ("counter_paused", "counter_continued"):
        seat.paused = kind == "counter_paused"
    elif kind in _HELD:
        seat.hand = _HELD[kind]
    elif kind in _LET_GO:
        seat.hand = ""


def _cut(
    counter: str, operator: str, state: str, start: dt.datetime | None, end: dt.datetime, zone: ZoneInfo
) -> Iterator[Fact]:
    """A stretch of time, cut where an hour ends."""
    while state and start is not None and start < end:
        here = start.astimezone(zone)
        hour_ends = (here.replace(minute=0, second=0, microsecond=0) + dt.timedelta(hours=1)).astimezone(dt.UTC)
        until = min(end, hour_ends)
        yield {
            "service_day": here.date(),
            "day": here.date().isoformat(),
            "month": here.date().isoformat()[:7],
            "weekday": str(here.weekday()),
            "hour": str(here.hour),
            "counter": counter,
            "operator": operator,
            "state": state,
            "seconds": (until - start).total_seconds(),
        }
        start = until


def times(facts: list[Fact], asked: Asked, dimension: str | None = None) -> dict[str, dict[str, float | None]]:
    """How each group's time was spent; minutes, and shares of it."""
    spent: dict[str, dict[str, float]] = defaultdict(
        lambda: dict.fromkeys(("idle", "called", "serving", "paused"), 0.0)
    )
    for one in facts:
        if asked.fits(one):
            spent[one[dimension] if dimension else ""][one["state"]] += one["seconds"]
    return {group: _shares(**states) for group, states in spent.items()}


def _shares(idle: float, called: float, serving: float, paused: float) -> dict[str, float | None]:
    at_work = idle + called + serving
    there = at_work + paused
    return {
        "open_minutes": there / 60,
        "called_minutes": called / 60,
        "serving_minutes": serving / 60,
        "idle_minutes": idle / 60,
        "paused_minutes": paused / 60,
        "occupancy": (called + serving) / at_work if at_work else None,
        "idle_share": idle / there if there else None,
        "paused_share": paused / there if there else None,
    }
