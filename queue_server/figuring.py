"""The rows that figures are reckoned from: of a service day, from its events in order, and from its votes."""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from figures.rows import Reason, Rows, Stay, Visit, Vote
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
from queue_server.night_seats import Seat
from queue_server.storage.base import StoredRating

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


def rows_of_day(
    service_day: dt.date,
    events: Iterable[ev.Event],
    ratings: list[StoredRating] | None,
    zone: ZoneInfo,
    seats: Iterable[Seat] = (),
) -> Rows:
    """The rows of a service day; `ratings` None: the day's votes are not told yet. `seats` are those of the night."""
    day = _Reading(service_day, zone, seats)
    for event in events:
        day.let_happen(event)
    rows = Rows(spans=day.clock.spans())
    for place, ticket in enumerate(day.visits()):
        visit = service_day.toordinal() * _VISITS_A_DAY + place
        rows.visits.append(_visit(visit, ticket, day, zone, votes_told=ratings is not None))
        rows.stays += _stays(ticket, rows.visits[-1], day, zone)
    for rating in ratings or ():
        _add_votes(rows, rating)
    return rows


class _Reading:
    """A day as its events leave it, and what the tickets do not say of themselves."""

    def __init__(self, service_day: dt.date, zone: ZoneInfo, seats: Iterable[Seat]) -> None:
        self.service_day = service_day
        self.clock = CounterClock(service_day, zone)
        self.quoted: dict[int, tuple[int, int]] = {}
        self.gave_up: set[tuple[int, dt.datetime]] = set()
        """Which ticket was cancelled when, since its citizen left or still waited when the day ended."""
        self._void: set[tuple[int, dt.datetime]] = set()
        """Which ticket was given by what was taken back when."""
        self._night: dict[int, Ticket] = {}
        """The tickets of the night's seats: once ended they are no concern of this day, but may be undone."""
        self._hall = Hall(Rules(), self._night.get)
        self._hall.put_row(Day(service_day))
        for seat in seats:
            self._night[seat.ticket.ticket_id] = seat.ticket
            self._hall.put(seat.ticket)
            self._hall.put_row(seat.counter)

    def let_happen(self, event: ev.Event) -> None:
        """Take in the next event; those of other days' tickets change nothing."""
        ticket_id = getattr(event.body, "ticket_id", 0)
        known = ticket_id in self._hall.tickets or ticket_id in self._hall.ended
        if known or isinstance(event.body, _OF_THE_LINE):
            apply(self._hall, event)
            self._night |= {key: one for key, one in self._hall.changes.tickets.items() if key in self._night}
            self._hall.settle()
            self._note(event.body, event.at)
        self.clock.let_happen(self._hall, event)

    def _note(self, body: ev.EventBody, at: dt.datetime) -> None:
        if isinstance(body, ev.TicketCancelled) and body.by in ("citizen", "day_end"):
            self.gave_up.add((body.ticket_id, at))
        elif isinstance(body, ev.ActionUndone):
            given = (one.ticket_id for one in body.tickets if body.first_seq <= one.ticket_id <= body.last_seq)
            self._void |= {(ticket_id, at) for ticket_id in given}
        elif isinstance(body, ev.TicketIssued) and body.origin is not Origin.DIRECT:
            low, high = body.wait_low_minutes, body.wait_high_minutes
            if low is not None and high is not None:
                self.quoted[body.ticket_id] = low, high

    def visits(self) -> list[Ticket]:
        """The day's tickets that stand for a citizen, as issued."""
        found = [*self._hall.tickets.values(), *self._hall.ended.values()]
        mine = (ticket for ticket in found if ticket.service_day == self.service_day and is_visit(ticket))
        held = (ticket for ticket in mine if (ticket.ticket_id, ticket.ended_at) not in self._void)
        return sorted(held, key=lambda ticket: ticket.ticket_id)

    def stays(self, ticket: Ticket) -> list[CounterStay]:
        """The stays of a visit, but for one that was taken back with the number."""
        return [stay for stay in stays(ticket) if (ticket.ticket_id, stay.ended_at) not in self._void]

    def outcome(self, ticket: Ticket) -> str:
        """How a visit ended."""
        return "open" if ticket.live else self.end(ticket, ticket.state, ticket.ended_at)

    def end(self, ticket: Ticket, state: TicketState | None, at: dt.datetime | None) -> str:
        """How a stay, or the visit, ended at an instant."""
        if state is TicketState.CANCELLED and at is not None and (ticket.ticket_id, at) in self.gave_up:
            return "abandoned"
        return "open" if state is None else _ENDS[state]


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
        called=bool(day.stays(ticket)),
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


def _stays(ticket: Ticket, told: Visit, day: _Reading, zone: ZoneInfo) -> list[Stay]:
    return [
        _stay(ticket, stay, told, day.end(ticket, stay.end, stay.ended_at), zone, first=place == 0)
        for place, stay in enumerate(day.stays(ticket))
    ]


def _stay(ticket: Ticket, stay: CounterStay, told: Visit, end: str, zone: ZoneInfo, *, first: bool) -> Stay:
    walked = not (first and ticket.origin is Origin.DIRECT)
    served = stay.end is not TicketState.CANCELLED
    return Stay(
        visit=told.visit,
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
