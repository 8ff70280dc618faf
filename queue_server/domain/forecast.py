"""How long it takes: the hall's own calling rule played forward once from the live state.

A virtual ticket per service and class takes part without taking time: the moment at which a counter would
call it is the wait of somebody who takes a number now.
"""

import heapq
import math
from dataclasses import dataclass, field

from queue_server.domain.calling import choose
from queue_server.domain.hall import Hall
from queue_server.domain.line import Entry, LineKey, Lines
from queue_server.domain.rules import Reach, Rules

MAX_CALLS = 400
"""After so many calls the run stops: whoever is not called by then is told no time rather than a wrong one."""
_VIRTUAL = 1 << 60
_LEAST_REMAINING = 60.0
_WALK_SECONDS = 30.0


@dataclass(frozen=True)
class Forecast:
    """Waiting times in minutes of work from `made_at` (Unix seconds): of waiting tickets, and of who comes now.

    Breaks do not count as work; `hours.after_working` says which time of day it will be.
    """

    made_at: float
    tickets: dict[int, float] = field(default_factory=dict)
    services: dict[tuple[str, str], float] = field(default_factory=dict)

    def range_for(self, service_id: str, class_id: str) -> tuple[int, int] | None:
        """The waiting range of somebody who takes a number now, or None if nobody can say."""
        minutes = self.services.get((service_id, class_id))
        return None if minutes is None else waiting_range(minutes)

    def range_of(self, ticket_id: int, now: float) -> tuple[int, int] | None:
        """The waiting range of a waiting ticket, or None if nobody can say."""
        minutes = self.tickets.get(ticket_id)
        return None if minutes is None else waiting_range(max(0.0, minutes - (now - self.made_at) / 60))


def waiting_range(minutes: float) -> tuple[int, int]:
    """The honest range to tell around one run's result: whole minutes under 5, else fives outward.

    A single deterministic run was off by 5.4 minutes on average in trials; late hurts more than early.
    """
    low, high = minutes * 0.7, minutes * 1.4 + 2
    if high < 5:
        return math.floor(low), math.ceil(high)
    return math.floor(low / 5) * 5, math.ceil(high / 5) * 5


def play_forward(hall: Hall, now: float) -> Forecast:
    """One run of the calling rule from the live state, with typed-in mean service times."""
    rules = hall.rules
    lines = hall.lines.copy(MAX_CALLS)
    names = _add_virtual(rules, lines, now)
    reaches = {reach.counter_id: reach for reach in _staffed(hall)}
    free = [(now + _busy_seconds(hall, counter_id, now), counter_id) for counter_id in reaches]
    heapq.heapify(free)
    forecast = Forecast(now)
    for _ in range(MAX_CALLS + len(names)):
        if not free:
            break
        _one_call(rules, reaches, lines, free, names, forecast)
    return forecast


def _one_call(
    rules: Rules,
    reaches: dict[str, Reach],
    lines: Lines,
    free: list[tuple[float, str]],
    names: dict[int, tuple[str, str]],
    forecast: Forecast,
) -> None:
    """Let the counter that is free first call; a counter without anybody to call leaves the run."""
    at, counter_id = heapq.heappop(free)
    choice = choose(rules, reaches[counter_id], lines, at, keep=0)
    if choice is None:
        return
    head = choice.head
    lines.remove(head.key, head.entry)
    minutes = (at - forecast.made_at) / 60
    if head.entry.ticket_id >= _VIRTUAL:
        forecast.services[names[head.entry.ticket_id]] = minutes
        heapq.heappush(free, (at, counter_id))
    else:
        forecast.tickets[head.entry.ticket_id] = minutes
        heapq.heappush(free, (at + _WALK_SECONDS + rules.service_seconds[head.key.service_id], counter_id))


def _staffed(hall: Hall) -> list[Reach]:
    """The counters to reckon with: those that are open and not paused, or as many as the supervisor said."""
    working = [c.counter_id for c in hall.counters.values() if c.operator_id and not c.paused_reason_id]
    wanted = hall.day.counter_count if hall.day else None
    if wanted is not None:
        working += [counter_id for counter_id in hall.counters if counter_id not in working]
        working = working[:wanted]
    return [hall.reach(counter_id) for counter_id in working]


def _busy_seconds(hall: Hall, counter_id: str, now: float) -> float:
    """How long a counter still has with the ticket in hand."""
    ticket_id = hall.counters[counter_id].ticket_id
    ticket = hall.tickets.get(ticket_id) if ticket_id else None
    if ticket is None:
        return 0.0
    mean = hall.rules.service_seconds.get(ticket.service_id, 300.0)
    if ticket.serving_at is None:
        return mean + _WALK_SECONDS
    return max(mean - (now - ticket.serving_at.timestamp()), _LEAST_REMAINING)


def _add_virtual(rules: Rules, lines: Lines, now: float) -> dict[int, tuple[str, str]]:
    """Line up one virtual ticket per service and class, behind everybody of their line."""
    names: dict[int, tuple[str, str]] = {}
    for service_id in rules.queue_of:
        for class_id in rules.head_start:
            ticket_id = _VIRTUAL + len(names)
            names[ticket_id] = (service_id, class_id)
            entry = Entry(now - rules.advantage(service_id, class_id), ticket_id, now)
            lines.add(LineKey(service_id, class_id), entry)
    return names
