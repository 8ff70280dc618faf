"""A day's figures, recomputed from the log and the ratings alone; durations are minutes."""

import datetime as dt
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field

from msgspec import Struct

from protocol import events as ev
from protocol.replies import HallReply
from queue_server.ratings import SATISFIED_FROM
from queue_server.storage.base import StoredRating

SMALLEST_GROUP = 5
"""A satisfaction is shown only for so many ratings, so that nobody sees a single vote."""


class Figures(Struct, frozen=True):
    """The figures of one service, one counter or the whole hall; None where there is nothing to say."""

    name: str
    issued: int
    called: int
    served: int
    no_show: int
    cancelled: int
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


@dataclass
class _Visit:
    """What the log says of one ticket."""

    service_id: str
    issued_at: dt.datetime
    counter_id: str | None = None
    called_at: dt.datetime | None = None
    serving_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    no_show: bool = False
    cancelled: bool = False


@dataclass
class _Day:
    visits: dict[int, _Visit] = field(default_factory=dict)

    def take(self, event: ev.Event) -> None:
        """Note what an event says; tickets of another day are passed over."""
        body, at = event.body, event.at
        if isinstance(body, ev.TicketIssued):
            self.visits[body.ticket_id] = _Visit(body.service_id, at)
            return
        visit = self.visits.get(getattr(body, "ticket_id", 0))
        if visit is None:
            return
        match body:
            case ev.TicketCalled():
                visit.counter_id, visit.called_at = body.counter_id, at
            case ev.ServingStarted():
                visit.serving_at = at
            case ev.TicketFinished():
                visit.finished_at = at
            case ev.NoShowMarked():
                visit.no_show = True
            case ev.TicketCancelled():
                visit.cancelled = True


def day_report(
    hall: HallReply, service_day: dt.date, events: Iterable[ev.Event], ratings: list[StoredRating]
) -> DayReport:
    """The figures of a day from its events (in order) and its ratings."""
    day = _Day()
    for event in events:
        day.take(event)
    visits = list(day.visits.values())
    services = [
        _figures(
            service.name,
            [visit for visit in visits if visit.service_id == service.service_id],
            [rating for rating in ratings if rating.service_id == service.service_id],
        )
        for service in hall.services
    ]
    counters = [
        _figures(
            counter.name,
            [visit for visit in visits if visit.counter_id == counter.counter_id],
            [rating for rating in ratings if rating.counter_id == counter.counter_id],
        )
        for counter in hall.counters
    ]
    return DayReport(hall.name, service_day, _figures(hall.name, visits, ratings), services, counters)


def _figures(name: str, visits: list[_Visit], ratings: list[StoredRating]) -> Figures:
    waiting = _minutes((v.issued_at, v.called_at) for v in visits)
    walking = _minutes((v.called_at, v.serving_at) for v in visits)
    serving = _minutes((v.serving_at, v.finished_at) for v in visits)
    return Figures(
        name=name,
        issued=len(visits),
        called=sum(v.called_at is not None for v in visits),
        served=sum(v.finished_at is not None for v in visits),
        no_show=sum(v.no_show for v in visits),
        cancelled=sum(v.cancelled for v in visits),
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


def quantile(values: list[float], share: float) -> float | None:
    """The value below which a share lies, interpolated between neighbours; None of no values."""
    if len(values) < 2:
        return round(values[0], 1) if values else None
    percentiles = statistics.quantiles(values, n=100, method="inclusive")
    return round(percentiles[round(share * 100) - 1], 1)


def satisfied_share(ratings: list[StoredRating]) -> float | None:
    """The share of ratings that are 4 or 5, or None where single votes could be told."""
    if len(ratings) < SMALLEST_GROUP:
        return None
    return round(sum(rating.score >= SATISFIED_FROM for rating in ratings) / len(ratings), 3)
