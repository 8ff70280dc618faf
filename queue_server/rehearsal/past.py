"""What the log says of a past day: who came when and for what, how long each took, and when each counter could call."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from msgspec.structs import replace

from protocol import events as ev
from protocol.errors import UnknownTicket
from protocol.words import Origin, TicketState
from queue_server.domain.folding import apply
from queue_server.domain.hall import Hall
from queue_server.domain.rules import Rules
from queue_server.domain.ticket import IN_HAND, Ticket
from queue_server.rehearsal.calls import Called, Times, call_of, can_call, known

SECOND = 1_000_000
"""Instants are whole microseconds here, so that sums are exact."""
_AWAY_FROM = 60 * SECOND
"""A counter that calls nobody for so long although somebody waits for it is not there."""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_STAFFING = (ev.CounterOpened, ev.CounterClosed, ev.CounterPaused, ev.CounterContinued, ev.ServicesAssigned)
_OF_TICKETS = (
    ev.TicketIssued,
    ev.TicketCalled,
    ev.ServingStarted,
    ev.TicketFinished,
    ev.NoShowMarked,
    ev.TicketCancelled,
    ev.TicketRestored,
    ev.TicketParked,
    ev.TicketReturned,
    ev.TicketDelayed,
    ev.TicketTransferred,
    ev.ClaimChecked,
)
_WITHOUT_NUMBER = (Origin.DIRECT, Origin.BACK_OFFICE)


def seconds_of(tick: int) -> float:
    """Microseconds as Unix seconds."""
    return tick / SECOND


@dataclass
class Stay:
    """One wait of a visit, with the ticket as it stood in its line, and what it led to, or None."""

    ticket: Ticket
    enters: int
    called: int | None = None
    counter_id: str = ""
    ended: int | None = None
    left: int | None = None
    """When it was given up while it waited."""
    earlier: int = 0
    """How long it had waited already when the hall learned of it: its kiosk gave the number alone."""


@dataclass
class PastDay:
    """A service day, to be played again; `calls` are those that really were."""

    visits: list[list[Stay]] = field(default_factory=list)
    staffing: list[tuple[int, ev.Event]] = field(default_factory=list)
    away: list[tuple[str, int, int]] = field(default_factory=list)
    """Counter, from, to: when it called nobody, because it worked without a number or nobody was there."""
    delays: dict[str, list[int]] = field(default_factory=dict)
    """Per counter, call by call: how long after it was free and somebody waited for it."""
    calls: list[Called] = field(default_factory=list)
    ends: int = 0
    unknown: int = 0
    """How many visits were for what the hall file does not know: they are left out."""


def read_day(rules: Rules, events: Iterable[ev.Event]) -> PastDay:
    """A past day from its events; `rules` say which counter could have called whom."""
    reader = _Reader(rules)
    for tick, event in _ticks(_standing(list(events))):
        reader.take(tick, event)
    return reader.end()


def _standing(events: list[ev.Event]) -> Iterator[ev.Event]:
    """The events of counters and tickets without those that were taken back."""
    undone: set[int] = set()
    for event in events:
        if isinstance(event.body, ev.ActionUndone):
            undone.update(range(event.body.first_seq, event.body.last_seq + 1))
    wanted = (ev.DayStarted, *_STAFFING, *_OF_TICKETS)
    return (event for event in events if isinstance(event.body, wanted) and event.seq not in undone)


def _ticks(events: Iterable[ev.Event]) -> Iterator[tuple[int, ev.Event]]:
    """Each event with its microsecond; a clock that went back stands still."""
    latest = 0
    for event in events:
        latest = max(latest, _tick(event.at))
        yield latest, event


def _tick(instant: dt.datetime) -> int:
    return (instant - _EPOCH) // dt.timedelta(microseconds=1)


class _Reader:
    """Adds the day up as the hall did, and notes what a rehearsal needs."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._hall = Hall(rules, lambda _ticket_id: None)
        self._day = PastDay()
        self._visits: dict[int, list[Stay]] = {}
        self._eager: dict[str, int] = {}
        self._without_number: dict[int, tuple[str, int]] = {}

    def take(self, tick: int, event: ev.Event) -> None:
        """Let one event happen; those of tickets of an earlier day are passed over."""
        if self._of_another_day(event.body):
            return
        ticket_id = getattr(event.body, "ticket_id", 0)
        before = self._hall.tickets.get(ticket_id) or self._hall.ended.get(ticket_id)
        if isinstance(event.body, ev.TicketCalled):
            self._staff(tick, event, event.body)
        try:
            apply(self._hall, event)
        except UnknownTicket:
            return
        self._hall.settle()
        if isinstance(event.body, _STAFFING):
            self._day.staffing.append((tick, event))
        elif ticket_id:
            self._move(tick, event.body, before, self._hall.ticket(ticket_id))
        if not _ends_day(event.body):
            self._day.ends = tick
            self._look_around(tick)

    def _of_another_day(self, body: ev.EventBody) -> bool:
        """Whether it is a number that its kiosk gave on an earlier day: nobody waits with it any more."""
        day = self._hall.day
        return isinstance(body, ev.TicketIssued) and day is not None and body.service_day != day.service_day

    def _staff(self, tick: int, event: ev.Event, body: ev.TicketCalled) -> None:
        """A counter that calls is staffed, also if it was opened on an earlier day."""
        counter = self._hall.counters.get(body.counter_id)
        if counter is not None and counter.operator_id is None:
            opened = replace(event, body=ev.CounterOpened(body.counter_id, body.operator_id))
            apply(self._hall, opened)
            self._day.staffing.append((tick, opened))

    def _move(self, tick: int, body: ev.EventBody, before: Ticket | None, after: Ticket) -> None:
        """Note how a ticket came to a line, left it, or left a counter."""
        stays = self._visits.setdefault(after.ticket_id, [])
        state = before.state if before else None
        if isinstance(body, ev.TicketIssued):
            if after.origin not in _WITHOUT_NUMBER:
                stays.append(Stay(after, tick, earlier=max(0, tick - _tick(body.issued_at)) if body.issued_at else 0))
        elif isinstance(body, ev.TicketCalled) and before:
            if state is TicketState.PARKED or not stays:
                stays.append(Stay(before, tick))
            self._called(tick, body.counter_id, stays[-1])
        elif isinstance(body, ev.ServingStarted) and body.directly:
            self._without_number[after.ticket_id] = body.counter_id, tick
        else:
            self._leave(tick, body, state, after, stays)

    def _leave(
        self, tick: int, body: ev.EventBody, state: TicketState | None, after: Ticket, stays: list[Stay]
    ) -> None:
        if state in IN_HAND and after.state not in IN_HAND:
            self._release(tick, after.ticket_id, stays)
        if after.state is TicketState.WAITING:
            if state is TicketState.WAITING and stays:
                stays[-1].ticket = after
            else:
                stays.append(Stay(after, tick))
        elif state is TicketState.WAITING and stays and not _ends_day(body):
            stays[-1].left = tick

    def _release(self, tick: int, ticket_id: int, stays: list[Stay]) -> None:
        counter_id, since = self._without_number.pop(ticket_id, ("", 0))
        if counter_id:
            self._away(counter_id, since, tick)
        elif stays:
            stays[-1].ended = tick

    def _called(self, tick: int, counter_id: str, stay: Stay) -> None:
        stay.called, stay.counter_id = tick, counter_id
        hall = self._hall
        if counter_id not in hall.counters or not known(self._rules, stay.ticket):
            return
        self._delayed(counter_id, self._eager.pop(counter_id, tick), tick)
        key, entry = hall.line_of(stay.ticket), hall.entry(stay.ticket)
        times = Times(seconds_of(stay.enters - stay.earlier), seconds_of(tick))
        reach = hall.reach(counter_id)
        self._day.calls.append(call_of(self._rules, reach, hall.lines, stay.ticket, key, entry, times))

    # ---- counters ----

    def _delayed(self, counter_id: str, since: int, tick: int) -> None:
        """Note how long a counter that could call took to do so; if too long, it was away."""
        delay = tick - since
        if delay > _AWAY_FROM:
            self._away(counter_id, since, tick)
        self._day.delays.setdefault(counter_id, []).append(delay if delay <= _AWAY_FROM else 0)

    def _away(self, counter_id: str, since: int, until: int) -> None:
        self._day.away.append((counter_id, since, until))

    def _look_around(self, tick: int) -> None:
        """Note since when each idle counter could call somebody; one that left it to another was away meanwhile.

        So of two idle counters the one that really called does so in the rehearsal too.
        """
        for counter in self._hall.counters.values():
            could = counter.idle and can_call(self._rules, self._hall.reach(counter.counter_id), self._hall.lines)
            if could:
                self._eager.setdefault(counter.counter_id, tick)
            elif counter.counter_id in self._eager:
                self._away(counter.counter_id, self._eager.pop(counter.counter_id), tick)

    def end(self) -> PastDay:
        """The day, once its last event was taken."""
        for counter_id, since in (*self._eager.items(), *self._without_number.values()):
            self._away(counter_id, since, self._day.ends + 1)
        for stays in self._visits.values():
            self._keep(stays)
        return self._day

    def _keep(self, stays: list[Stay]) -> None:
        """Keep a visit; of one that the hall file does not know, only that it kept counters busy."""
        if all(known(self._rules, stay.ticket) for stay in stays):
            self._day.visits += [stays] if stays else []
            return
        self._day.unknown += 1
        for stay in stays:
            if stay.called is not None:
                self._away(stay.counter_id, stay.called, self._day.ends if stay.ended is None else stay.ended)


def _ends_day(body: ev.EventBody) -> bool:
    """Whether the hall only tidied up after its last hour."""
    return (isinstance(body, ev.TicketCancelled) and body.by == "day_end") or (
        isinstance(body, ev.CounterClosed) and body.by == "server"
    )
