"""How the counters' time was spent: from the raw log, cut at each event of a counter."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from tests.figures.second.reckoning import Asked, Fact
from tests.figures.second.visits import Entry, counter_of, instant

_HELD = {"ticket_called": "called", "serving_started": "serving"}
_LET_GO = {"ticket_finished", "no_show_marked", "ticket_parked", "ticket_cancelled", "ticket_transferred"}


@dataclass
class Seat:
    """A counter in the middle of the log; what happened there is kept, since it may be taken back."""

    operator: str = ""
    paused: bool = False
    hand: str = ""
    past: list[Entry] = field(default_factory=list)
    since: dt.datetime | None = None
    """Its last event of the day."""

    @property
    def state(self) -> str:
        """What it does; empty: it is closed."""
        if not self.operator:
            return ""
        return self.hand or ("paused" if self.paused else "idle")

    def let_happen(self, entry: Entry) -> None:
        """Take in the next event; one that takes others back lets only the rest have been."""
        if entry["body"]["type"] != "action_undone":
            self.past.append(entry)
            self._change(entry["body"])
            return
        undone = range(entry["body"]["first_seq"], entry["body"]["last_seq"] + 1)
        self.past = [one for one in self.past if one["seq"] not in undone]
        self.operator, self.paused, self.hand = "", False, ""
        for one in self.past:
            self._change(one["body"])

    def _change(self, body: dict[str, Any]) -> None:
        kind = body["type"]
        if kind == "counter_opened":
            self.operator, self.paused = body["operator_id"], False
        elif kind == "counter_closed":
            self.operator, self.paused, self.hand = "", False, ""
        elif kind in ("counter_paused", "counter_continued"):
            self.paused = kind == "counter_paused"
        elif kind in _HELD:
            self.hand = _HELD[kind]
        elif kind in _LET_GO and body.get("counter_id"):
            self.hand = ""


def spans(log: Iterable[Entry], zone: str) -> list[Fact]:
    """So many seconds of an hour in a state, at a counter, with a person; nobody knows of the time between days."""
    seats: dict[str, Seat] = defaultdict(Seat)
    found: list[Fact] = []
    day = ""
    for entry in log:
        if entry["body"]["type"] == "day_started":
            day = entry["body"]["service_day"]
            for seat in seats.values():
                seat.since = None
        counter = counter_of(entry)
        if counter is None:
            continue
        seat, at = seats[counter], instant(entry["at"])
        if entry["body"].get("by") not in ("server", "day_end"):
            found += [one for one in _cut(counter, seat, at, ZoneInfo(zone)) if one["day"] == day]
        seat.let_happen(entry)
        seat.since = at
    return found


def _cut(counter: str, seat: Seat, end: dt.datetime, zone: ZoneInfo) -> Iterator[Fact]:
    """A stretch of time, cut where an hour ends."""
    start = seat.since
    while seat.state and start is not None and start < end:
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
            "operator": seat.operator,
            "state": seat.state,
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
