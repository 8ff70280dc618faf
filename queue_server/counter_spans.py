"""How counters spend a service day, from its events: idle, called, serving or paused, hour by hour."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from msgspec import Struct

from figures.rows import Span
from protocol import events as ev
from protocol.words import TicketState
from queue_server.domain.hall import Hall

_HOUR = dt.timedelta(hours=1)
_OF_THE_SERVER = "server"
"""Closes, when a new day begins, what its people had left open."""
_SHOWS_A_PERSON = (
    ev.TicketCalled,
    ev.ServingStarted,
    ev.TicketFinished,
    ev.NoShowMarked,
    ev.CounterPaused,
    ev.CounterContinued,
)
"""Whoever did this sits at the counter, also if it was opened on an earlier day."""


class _Now(Struct, frozen=True):
    operator: str
    state: str
    since: dt.datetime


class CounterClock:
    """Adds up the time of every counter of a service day; nothing counts after a counter's last event of the day."""

    def __init__(self, service_day: dt.date, zone: ZoneInfo) -> None:
        self._day = service_day
        self._zone = zone
        begins = dt.datetime.combine(service_day, dt.time(), zone)
        self._begins, self._ends = begins, begins + dt.timedelta(days=1)
        self._now: dict[str, _Now] = {}
        self._spent: dict[tuple[int, str, str, str], float] = defaultdict(float)

    def let_happen(self, hall: Hall, event: ev.Event) -> None:
        """Take in an event of a counter, after it happened to the hall."""
        body = event.body
        counter_id: str | None = getattr(body, "counter_id", None) or getattr(body, "at_counter_id", None)
        if counter_id is None or event.at >= self._ends:
            return
        before = self._now.pop(counter_id, None)
        if before and not _ends_the_day(body):
            self._add(counter_id, before, event.at)
        operator = self._operator(hall, counter_id, before, body)
        if operator:
            self._now[counter_id] = _Now(operator, _state(hall, counter_id), event.at)

    def _operator(self, hall: Hall, counter_id: str, before: _Now | None, body: ev.EventBody) -> str | None:
        if isinstance(body, ev.CounterClosed):
            return None
        row = hall.counter(counter_id)
        if row is not None and row.operator_id:
            return row.operator_id
        if isinstance(body, _SHOWS_A_PERSON) and body.operator_id:
            return body.operator_id
        return before.operator if before else None

    def _add(self, counter_id: str, now: _Now, until: dt.datetime) -> None:
        for hour, seconds in self._by_hour(now.since, until):
            self._spent[hour, counter_id, now.operator, now.state] += seconds

    def _by_hour(self, since: dt.datetime, until: dt.datetime) -> Iterator[tuple[int, float]]:
        start, end = max(since, self._begins).astimezone(dt.UTC), min(until, self._ends).astimezone(dt.UTC)
        while start < end:
            local = start.astimezone(self._zone)
            full = (
                start + _HOUR - dt.timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
            )
            yield local.hour, (min(full, end) - start).total_seconds()
            start = full

    def spans(self) -> list[Span]:
        """What was added up, in the order of hours."""
        weekday = self._day.weekday()
        return [
            Span(self._day, weekday, hour, counter, operator, state, round(seconds, 6))
            for (hour, counter, operator, state), seconds in sorted(self._spent.items())
        ]


def _ends_the_day(body: ev.EventBody) -> bool:
    """Whether the server does this because a new day begins: it says nothing of who was there until then."""
    if isinstance(body, ev.CounterClosed):
        return body.by == _OF_THE_SERVER
    return isinstance(body, ev.TicketCancelled) and body.by == "day_end"


def _state(hall: Hall, counter_id: str) -> str:
    row = hall.counter(counter_id)
    if row is None:
        return "idle"
    held = hall.tickets.get(row.ticket_id or 0)
    if held is not None:
        return "serving" if held.state is TicketState.SERVING else "called"
    return "paused" if row.paused_reason_id else "idle"
