"""A past day played again: the same citizens and staff, called by the same code under other parameters."""

import heapq
import itertools
import statistics
from collections.abc import Callable
from dataclasses import dataclass

from protocol import events as ev
from queue_server.domain.calling import choose, preference
from queue_server.domain.folding import apply
from queue_server.domain.hall import Hall
from queue_server.domain.line import Entry, LineKey, Lines
from queue_server.domain.rules import Rules
from queue_server.rehearsal.calls import Called, Times, call_of, can_call, known
from queue_server.rehearsal.past import SECOND, PastDay, Stay, seconds_of

_WALK_SECONDS = 30.0
_LEAVES, _HAPPENS, _CALLS, _RETURNS = range(4)
"""In which order things of one instant come: who goes away is gone before, who comes back comes after."""


@dataclass
class _Desk:
    """A counter in the play; `eager` is since when it could call somebody, in microseconds."""

    counter_id: str
    away: int = 0
    busy: bool = False
    eager: int | None = None
    calls: int = 0
    idle_since: int = 0


@dataclass
class _Waiting:
    """A ticket in the line of the play: the `place`th stay of its visit."""

    stays: list[Stay]
    place: int
    key: LineKey
    entry: Entry
    since: int


def play(day: PastDay, rules: Rules) -> list[Called]:
    """The calls of the day if these rules had held, in order."""
    return _Play(day, rules).run()


class _Play:
    def __init__(self, day: PastDay, rules: Rules) -> None:
        self._day = day
        self._rules = rules
        self._hall = Hall(rules, lambda _ticket_id: None)
        self._lines = Lines()
        self._desks = {counter_id: _Desk(counter_id) for counter_id in rules.counters}
        self._waiting: dict[int, _Waiting] = {}
        self._holds = _typical_holds(day)
        self._delays = {
            counter_id: round(statistics.median(found)) for counter_id, found in day.delays.items() if found
        }
        self._priority_run = 0
        self._calls: list[Called] = []
        self._count = itertools.count()
        self._agenda: list[tuple[int, int, tuple[float, ...], int, Callable[[int], None]]] = []

    def run(self) -> list[Called]:
        """Let everything happen in order until the day's end."""
        for tick, event in self._day.staffing:
            self._plan(tick, _HAPPENS, self._staffed(event))
        for counter_id, since, until in self._day.away:
            if counter_id in self._desks:
                self._plan(since, _LEAVES, self._moved_away(counter_id, 1))
                self._plan(until, _RETURNS, self._moved_away(counter_id, -1))
        for stays in self._day.visits:
            if all(known(self._rules, stay.ticket) for stay in stays):
                self._plan(stays[0].enters, _HAPPENS, self._enters(stays, 0))
        while self._agenda and self._agenda[0][0] <= self._day.ends:
            tick, _, _, _, happen = heapq.heappop(self._agenda)
            happen(tick)
        return self._calls

    def _plan(self, tick: int, order: int, happen: Callable[[int], None], tie: tuple[float, ...] = ()) -> None:
        heapq.heappush(self._agenda, (tick, order, tie, next(self._count), happen))

    # ---- what happens ----

    def _staffed(self, event: ev.Event) -> Callable[[int], None]:
        def happen(tick: int) -> None:
            apply(self._hall, event)
            self._hall.settle()
            desk = self._desks.get(getattr(event.body, "counter_id", ""))
            if desk is not None and not isinstance(event.body, ev.ServicesAssigned):
                desk.idle_since = tick
            self._look_around(tick)

        return happen

    def _moved_away(self, counter_id: str, more: int) -> Callable[[int], None]:
        def happen(tick: int) -> None:
            self._desks[counter_id].away += more
            self._look_around(tick)

        return happen

    def _enters(self, stays: list[Stay], place: int) -> Callable[[int], None]:
        def happen(tick: int) -> None:
            stay = stays[place]
            key, entry = self._hall.line_of(stay.ticket), self._hall.entry(stay.ticket)
            self._lines.add(key, entry)
            self._waiting[entry.ticket_id] = _Waiting(stays, place, key, entry, tick)
            if stay.left is not None:
                self._plan(max(stay.left, tick), _HAPPENS, self._gives_up(entry.ticket_id, place))
            self._look_around(tick)

        return happen

    def _gives_up(self, ticket_id: int, place: int) -> Callable[[int], None]:
        def happen(tick: int) -> None:
            waiting = self._waiting.get(ticket_id)
            if waiting is not None and waiting.place == place:
                self._take_out(waiting)
                self._goes_on(tick, waiting, waiting.stays[place].left)
                self._look_around(tick)

        return happen

    def _goes_on(self, tick: int, waiting: _Waiting, really: int | None) -> None:
        """Plan the visit's next stay, as long after this one as it really was."""
        place = waiting.place + 1
        if really is not None and place < len(waiting.stays):
            self._plan(tick + waiting.stays[place].enters - really, _HAPPENS, self._enters(waiting.stays, place))

    # ---- calling ----

    def _look_around(self, tick: int) -> None:
        """Let every counter that could call somebody now do so after its own delay."""
        for desk in self._desks.values():
            if not self._could_call(desk):
                desk.eager = None
            elif desk.eager is None:
                desk.eager = tick
                self._plan(tick + self._delay(desk), _CALLS, self._calls_at(desk, tick), self._rank(desk))

    def _could_call(self, desk: _Desk) -> bool:
        counter = self._hall.counters[desk.counter_id]
        if desk.busy or desk.away or counter.operator_id is None or counter.paused_reason_id is not None:
            return False
        return can_call(self._rules, self._hall.reach(desk.counter_id), self._lines)

    def _delay(self, desk: _Desk) -> int:
        delays = self._day.delays.get(desk.counter_id, [])
        return delays[desk.calls] if desk.calls < len(delays) else self._delays.get(desk.counter_id, 0)

    def _rank(self, desk: _Desk) -> tuple[float, ...]:
        return preference(self._hall.reach(desk.counter_id), self._lines, desk.idle_since)

    def _calls_at(self, desk: _Desk, since: int) -> Callable[[int], None]:
        def happen(tick: int) -> None:
            if desk.eager == since:
                self._call(desk, tick)

        return happen

    def _call(self, desk: _Desk, tick: int) -> None:
        reach, now = self._hall.reach(desk.counter_id), seconds_of(tick)
        choice = choose(self._rules, reach, self._lines, now, keep=0, priority_run=self._priority_run)
        assert choice is not None, "who could call somebody calls somebody"
        waiting = self._waiting[choice.head.entry.ticket_id]
        self._take_out(waiting)
        stay = waiting.stays[waiting.place]
        times = Times(seconds_of(waiting.since - stay.earlier), now)
        self._calls.append(call_of(self._rules, reach, self._lines, stay.ticket, waiting.key, waiting.entry, times))
        priority = self._rules.is_priority(waiting.key.class_id)
        self._priority_run = self._priority_run + 1 if priority else 0
        desk.busy, desk.eager = True, None
        desk.calls += 1
        self._plan(tick + self._hold(stay), _HAPPENS, self._released(desk, waiting))
        self._look_around(tick)

    def _released(self, desk: _Desk, waiting: _Waiting) -> Callable[[int], None]:
        def happen(tick: int) -> None:
            desk.busy, desk.idle_since = False, tick
            self._goes_on(tick, waiting, waiting.stays[waiting.place].ended)
            self._look_around(tick)

        return happen

    def _take_out(self, waiting: _Waiting) -> None:
        self._lines.remove(waiting.key, waiting.entry)
        del self._waiting[waiting.entry.ticket_id]

    def _hold(self, stay: Stay) -> int:
        """How long a counter has with a ticket: as measured, or if it never was, as its service mostly takes."""
        if stay.called is not None and stay.ended is not None:
            return stay.ended - stay.called
        service_id = stay.ticket.service_id
        typed = (self._rules.service_seconds.get(service_id, 300.0) + _WALK_SECONDS) * SECOND
        mostly = self._holds.get(service_id, round(typed))
        return mostly if stay.called is None else max(mostly, self._day.ends - stay.called + 1)


def _typical_holds(day: PastDay) -> dict[str, int]:
    """Per service the day's mean from call to end, in microseconds."""
    found: dict[str, list[int]] = {}
    for stay in itertools.chain.from_iterable(day.visits):
        if stay.called is not None and stay.ended is not None:
            found.setdefault(stay.ticket.service_id, []).append(stay.ended - stay.called)
    return {service_id: sum(holds) // len(holds) for service_id, holds in found.items()}
