"""The rows that figures are reckoned from: of a service day, from its events in order, and from its votes."""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from figures.rows import Reason, Rows, Stay, Visit, Vote
from protocol import codec
from protocol import events as ev
from protocol.words import Origin, TicketState
from queue_server.counter_spans import CounterClock
from queue_server.domain.folding import apply
from queue_server.domain.hall import Hall
from queue_server.domain.rows import Day
from queue_server.domain.rules import Rules
from queue_server.domain.ticket import Ticket
from queue_server.domain.visit import Stay as CounterStay
from queue_server.domain.visit import first_wait, is_visit, stays
from queue_server.storage.base import Storage, StoredRating

_OF_THE_LINE = (
    ev.DayStarted,
    ev.TicketIssued,
    ev.ActionUndone,
    ev.CounterOpened,
    ev.CounterClosed,
    ev.CounterPaused,
    ev.CounterContinued,
)
"""Events that a day's rows need although they are about no single ticket that is known already."""
_ENDS = {
    TicketState.FINISHED: "served",
    TicketState.NO_SHOW: "no_show",
    TicketState.CANCELLED: "cancelled",
    TicketState.WAITING: "transferred",
    TicketState.PARKED: "parked",
}
_VISITS_A_DAY = 1_000_000


def events_of(storage: Storage, service_day: dt.date) -> Iterator[ev.Event]:
    """The events of a day, and those of later days that tell of its numbers: handed in then, or withdrawn."""
    span = storage.day_span(service_day)
    stored = [storage.events(*span)] if span else []
    stored += [storage.events(seq, seq) for seq in storage.late_events(service_day)]
    return (codec.decode_event(event.body) for event in itertools.chain.from_iterable(stored))


def service_days(storage: Storage, first: dt.date = dt.date.min, last: dt.date = dt.date.max) -> list[dt.date]:
    """The service days of the log in a stretch, oldest first.

    Among them those that the server slept through, while kiosks gave numbers that were handed in later.
    """
    known = storage.days()
    if not known:
        return []
    first, last = max(first, known[0]), min(last, known[-1])
    every = (first + dt.timedelta(days=place) for place in range((last - first).days + 1))
    held = set(known)
    return [day for day in every if day in held or storage.late_events(day)]


def rows_of_day(
    service_day: dt.date, events: Iterable[ev.Event], ratings: list[StoredRating] | None, zone: ZoneInfo
) -> Rows:
    """The rows of a service day; `ratings` None: the day's votes are not told yet."""
    day = _Reading(service_day, zone)
    for event in events:
        day.let_happen(event)
    rows = Rows(spans=day.clock.spans())
    for place, ticket in enumerate(day.visits()):
        visit = service_day.toordinal() * _VISITS_A_DAY + place
        rows.visits.append(_visit(visit, ticket, day, zone, votes_told=ratings is not None))
        rows.stays += _stays(visit, ticket, rows.visits[-1], zone)
    for rating in ratings or ():
        _add_votes(rows, rating)
    return rows


class _Reading:
    """A day as its events leave it, and what the tickets do not say of themselves."""

    def __init__(self, service_day: dt.date, zone: ZoneInfo) -> None:
        self.service_day = service_day
        self.clock = CounterClock(service_day, zone)
        self.quoted: dict[int, tuple[int, int]] = {}
        self.gave_up: dict[int, bool] = {}
        """Of cancelled tickets: whether the citizen left, or still waited when the day ended."""
        self._hall = Hall(Rules(), lambda _ticket_id: None)
        self._hall.put_row(Day(service_day))

    def let_happen(self, event: ev.Event) -> None:
        """Take in the next event; those of other days' tickets change nothing."""
        ticket_id = getattr(event.body, "ticket_id", 0)
        known = ticket_id in self._hall.tickets or ticket_id in self._hall.ended
        if known or isinstance(event.body, _OF_THE_LINE):
            apply(self._hall, event)
            self._hall.settle()
            self._note(event.body)
        self.clock.let_happen(self._hall, event)

    def _note(self, body: ev.EventBody) -> None:
        if isinstance(body, ev.TicketCancelled):
            self.gave_up[body.ticket_id] = body.by in ("citizen", "day_end")
        elif isinstance(body, ev.TicketIssued) and body.wait_low_minutes is not None:
            high = body.wait_high_minutes
            self.quoted[body.ticket_id] = body.wait_low_minutes, body.wait_low_minutes if high is None else high

    def visits(self) -> list[Ticket]:
        """The day's tickets that stand for a citizen, as issued."""
        found = [*self._hall.tickets.values(), *self._hall.ended.values()]
        mine = (ticket for ticket in found if ticket.service_day == self.service_day and is_visit(ticket))
        return sorted(mine, key=lambda ticket: ticket.ticket_id)

    def outcome(self, ticket: Ticket) -> str:
        """How a visit ended."""
        if ticket.live:
            return "open"
        gave_up = ticket.state is TicketState.CANCELLED and self.gave_up.get(ticket.ticket_id, False)
        return "abandoned" if gave_up else _ENDS[ticket.state]


def _visit(visit: int, ticket: Ticket, day: _Reading, zone: ZoneInfo, *, votes_told: bool) -> Visit:
    outcome, low_high = day.outcome(ticket), day.quoted.get(ticket.ticket_id)
    return Visit(
        visit=visit,
        service_day=ticket.service_day,
        weekday=ticket.service_day.weekday(),
        hour=ticket.issued_at.astimezone(zone).hour,
        service=ticket.service_id,
        procedure=ticket.procedure_code or "",
        class_=ticket.class_id,
        origin=ticket.origin.value,
        outcome=outcome,
        called=bool(stays(ticket)),
        transferred=any(leg.end is TicketState.WAITING for leg in ticket.legs),
        came_back=ticket.origin is Origin.COME_BACK,
        claim_false=ticket.claim_valid is False,
        times_wrong=ticket.times_wrong,
        rateable=votes_told and outcome == "served",
        waiting_seconds=_waiting_seconds(ticket),
        quoted_low=low_high[0] if low_high else None,
        quoted_high=low_high[1] if low_high else None,
        quoted_seconds=_since_issue(ticket) if low_high else None,
    )


def _waiting_seconds(ticket: Ticket) -> float | None:
    minutes = first_wait(ticket)
    return None if minutes is None else round(minutes * 60, 6)


def _since_issue(ticket: Ticket) -> float | None:
    """What a told range is measured by; an appointment's range too was told at its check-in."""
    if ticket.times_wrong or not (called := stays(ticket)):
        return None
    return _seconds(ticket.issued_at, called[0].called_at)


def _stays(visit: int, ticket: Ticket, told: Visit, zone: ZoneInfo) -> list[Stay]:
    found = stays(ticket)
    last = found[-1] if found and not ticket.live else None
    return [_stay(visit, ticket, stay, told, first=stay is found[0], last=stay is last, zone=zone) for stay in found]


def _stay(
    visit: int, ticket: Ticket, stay: CounterStay, told: Visit, *, first: bool, last: bool, zone: ZoneInfo
) -> Stay:
    end = "open" if stay.end is None else _ENDS[stay.end]
    if last and told.outcome == "abandoned" and end == "cancelled":
        end = "abandoned"
    walked = not (first and ticket.origin is Origin.DIRECT)
    served = stay.end is not TicketState.CANCELLED
    return Stay(
        visit=visit,
        service_day=ticket.service_day,
        weekday=told.weekday,
        hour=stay.called_at.astimezone(zone).hour,
        service=stay.service_id,
        procedure=told.procedure,
        class_=told.class_,
        counter=stay.counter_id,
        operator=stay.operator_id,
        end=end,
        came_back=told.came_back,
        claim_false=told.claim_false,
        rateable=told.rateable and end == "served",
        waiting_seconds=told.waiting_seconds if first else None,
        walk_seconds=_seconds(stay.called_at, stay.serving_at) if walked and not told.times_wrong else None,
        service_seconds=_seconds(stay.serving_at, stay.ended_at) if served and not told.times_wrong else None,
        quoted_low=told.quoted_low if first else None,
        quoted_high=told.quoted_high if first else None,
        quoted_seconds=told.quoted_seconds if first else None,
    )


def _seconds(start: dt.datetime | None, end: dt.datetime | None) -> float | None:
    """Never negative: a clock may have been set back."""
    return max(0.0, (end - start).total_seconds()) if start and end else None


def _add_votes(rows: Rows, rating: StoredRating) -> None:
    where = rating.service_day, rating.service_day.weekday(), rating.service_id, rating.counter_id, rating.operator_id
    rows.votes.append(Vote(*where, "", rating.score))
    rows.votes += [Vote(*where, criterion, score) for criterion, score in rating.criteria.items()]
    rows.reasons += [Reason(*where, reason) for reason in rating.reasons]
