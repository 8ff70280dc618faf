"""A day's figures, recomputed from the log and the ratings alone; durations are minutes."""

import datetime as dt
import itertools
from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from protocol import codec
from protocol import events as ev
from protocol.replies import HallReply
from protocol.words import Origin, TicketState
from queue_server.domain.folding import apply
from queue_server.domain.hall import Hall
from queue_server.domain.quantile import quantile
from queue_server.domain.rows import Day
from queue_server.domain.rules import Rules
from queue_server.domain.ticket import Ticket
from queue_server.domain.visit import Stay, first_wait, is_visit, stays
from queue_server.ratings import SATISFIED_FROM
from queue_server.storage.base import Storage, StoredRating

SMALLEST_GROUP = 5
"""A satisfaction is shown only for so many ratings, so that nobody sees a single vote."""


class Figures(Struct, frozen=True):
    """The figures of one service, one counter or the whole hall; None where there is nothing to say.

    Visits whose times are known to be wrong count, but not in the durations.
    """

    name: str
    issued: int
    called: int
    served: int
    no_show: int
    cancelled: int
    transferred: int
    came_back: int
    claims_false: int
    waiting_median: float | None
    waiting_p90: float | None
    walk_median: float | None
    service_median: float | None
    service_p90: float | None
    ratings: int
    satisfied: float | None
    """The share of ratings that are 4 or 5."""


class DayReport(Struct, frozen=True):
    """A service day of a hall."""

    hall: str
    service_day: dt.date
    whole: Figures
    services: list[Figures]
    counters: list[Figures]


_OF_THE_LINE = (ev.DayStarted, ev.TicketIssued, ev.ActionUndone, ev.CounterOpened, ev.CounterClosed)
"""Events that a day's figures need although they are about no single ticket that is known already."""


def events_of(storage: Storage, service_day: dt.date) -> Iterator[ev.Event]:
    """The events of a day, and those of later days that tell of its numbers: handed in then, or withdrawn."""
    span = storage.day_span(service_day)
    stored = [storage.events(*span)] if span else []
    stored += [storage.events(seq, seq) for seq in storage.late_events(service_day)]
    return (codec.decode_event(event.body) for event in itertools.chain.from_iterable(stored))


def visits_of(service_day: dt.date, events: Iterable[ev.Event]) -> list[Ticket]:
    """The tickets of a day as its events (in order) leave them; tickets of other days are passed over."""
    hall = Hall(Rules(), lambda _ticket_id: None)
    hall.put_row(Day(service_day))
    for event in events:
        ticket_id = getattr(event.body, "ticket_id", 0)
        known = ticket_id in hall.tickets or ticket_id in hall.ended
        if known or isinstance(event.body, _OF_THE_LINE):
            apply(hall, event)
            hall.settle()
    found = [*hall.tickets.values(), *hall.ended.values()]
    return [ticket for ticket in found if ticket.service_day == service_day and is_visit(ticket)]


def day_report(
    hall: HallReply, service_day: dt.date, events: Iterable[ev.Event], ratings: list[StoredRating]
) -> DayReport:
    """The figures of a day from its events (in order) and its ratings."""
    visits = visits_of(service_day, events)
    whole = _figures(hall.name, visits, [stay for visit in visits for stay in _timed(visit)], ratings)
    return DayReport(
        hall.name,
        service_day,
        whole,
        [_service(service.service_id, service.name, visits, ratings) for service in hall.services],
        [_counter(counter.counter_id, counter.name, visits, ratings) for counter in hall.counters],
    )


def _timed(visit: Ticket) -> list[Stay]:
    """The stays whose times can be believed."""
    return [] if visit.times_wrong else stays(visit)


def _service(service_id: str, name: str, visits: list[Ticket], ratings: list[StoredRating]) -> Figures:
    """Visits count for the service that they ended with, stays for their own."""
    mine = [visit for visit in visits if visit.service_id == service_id]
    timed = [stay for visit in visits for stay in _timed(visit) if stay.service_id == service_id]
    return _figures(name, mine, timed, [rating for rating in ratings if rating.service_id == service_id])


def _counter(counter_id: str, name: str, visits: list[Ticket], ratings: list[StoredRating]) -> Figures:
    """Visits count for each counter at which they stayed."""
    mine = [visit for visit in visits if any(stay.counter_id == counter_id for stay in stays(visit))]
    timed = [stay for visit in mine for stay in _timed(visit) if stay.counter_id == counter_id]
    found = _figures(name, mine, timed, [rating for rating in ratings if rating.counter_id == counter_id])
    return replace(found, **_endings(mine, counter_id))


def _endings(mine: list[Ticket], counter_id: str) -> dict[str, int]:
    """How the stays at one counter ended: a visit may end elsewhere in another way."""
    ends = [stay.end for visit in mine for stay in stays(visit) if stay.counter_id == counter_id]
    return {
        "served": ends.count(TicketState.FINISHED),
        "no_show": ends.count(TicketState.NO_SHOW),
        "cancelled": ends.count(TicketState.CANCELLED),
        "transferred": ends.count(TicketState.WAITING),
    }


def _figures(name: str, visits: list[Ticket], timed: list[Stay], ratings: list[StoredRating]) -> Figures:
    waiting = [wait for visit in visits if (wait := first_wait(visit)) is not None]
    walking = _minutes((stay.called_at, stay.serving_at) for stay in timed)
    serving = _minutes((stay.serving_at, stay.ended_at) for stay in timed if stay.end is not TicketState.CANCELLED)
    states = [visit.state for visit in visits]
    return Figures(
        name=name,
        issued=len(visits),
        called=sum(bool(stays(visit)) for visit in visits),
        served=states.count(TicketState.FINISHED),
        no_show=states.count(TicketState.NO_SHOW),
        cancelled=states.count(TicketState.CANCELLED),
        transferred=sum(any(leg.end is TicketState.WAITING for leg in visit.legs) for visit in visits),
        came_back=sum(visit.origin is Origin.COME_BACK for visit in visits),
        claims_false=sum(visit.claim_valid is False for visit in visits),
        waiting_median=quantile(waiting, 0.5),
        waiting_p90=quantile(waiting, 0.9),
        walk_median=quantile(walking, 0.5),
        service_median=quantile(serving, 0.5),
        service_p90=quantile(serving, 0.9),
        ratings=len(ratings),
        satisfied=satisfied_share(ratings),
    )


def _minutes(spans: Iterable[tuple[dt.datetime | None, dt.datetime | None]]) -> list[float]:
    return [max(0.0, (end - start).total_seconds() / 60) for start, end in spans if start and end]


def satisfied_share(ratings: list[StoredRating]) -> float | None:
    """The share of ratings that are 4 or 5, or None where single votes could be told."""
    if len(ratings) < SMALLEST_GROUP:
        return None
    return round(sum(rating.score >= SATISFIED_FROM for rating in ratings) / len(ratings), 3)
