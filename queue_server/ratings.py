"""When a ticket may be rated, and what is told of the day's ratings: never less than five more than before."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from protocol import errors
from protocol.views import Satisfaction, Satisfied
from protocol.words import Origin, TicketState
from queue_server.domain.rules import Rules
from queue_server.domain.ticket import Ticket
from queue_server.storage.base import StoredRating

SATISFIED_FROM = 4
"""A rating of at least this counts as satisfied (4 and 5 stars)."""
SMALLEST_GROUP = 5
"""So many ratings are told at a time, so that nobody can tell a single one."""
WHOLE = ""


def refuse_rating(
    rules: Rules, ticket: Ticket, reasons: Iterable[str], criteria: Iterable[str], now: dt.datetime
) -> None:
    """Raise AlreadyRated, NotYetServed, RatingClosed, UnknownReason or UnknownCriterion if it can't be rated so."""
    if ticket.rated:
        raise errors.AlreadyRated(number=ticket.number)
    if ticket.state is not TicketState.FINISHED or ticket.ended_at is None or ticket.origin is Origin.BACK_OFFICE:
        raise errors.NotYetServed(number=ticket.number, state=ticket.state.value)
    if (now - ticket.ended_at).total_seconds() > rules.rating_seconds:
        raise errors.RatingClosed(number=ticket.number)
    for reason in reasons:
        if reason not in rules.rating_reasons:
            raise errors.UnknownReason(reason=reason)
    for criterion in criteria:
        if criterion not in rules.rating_criteria:
            raise errors.UnknownCriterion(criterion=criterion)


class Tally(Struct, frozen=True):
    """How many ratings, and how many of them satisfied."""

    ratings: int = 0
    satisfied: int = 0

    def with_score(self, score: int) -> "Tally":
        """One more."""
        return Tally(self.ratings + 1, self.satisfied + (score >= SATISFIED_FROM))


class _Told(Struct, frozen=True):
    """What was told of a day, by group; kept, so that a restart does not tell the one or two that came since."""

    service_day: dt.date
    groups: dict[str, Tally]


class DayRatings:
    """The ratings of one service day: of the whole hall, of each service and of each counter."""

    def __init__(
        self, service_day: dt.date | None, ratings: Iterable[StoredRating] = (), told: bytes | None = None
    ) -> None:
        self._day = service_day
        self._groups: dict[str, Tally] = defaultdict(Tally)
        for rating in ratings:
            self._count(rating)
        kept = msgspec.json.decode(told, type=_Told) if told else None
        self._told = dict(kept.groups) if kept and kept.service_day == service_day else {}

    def _count(self, rating: StoredRating) -> list[str]:
        groups = [WHOLE, f"service:{rating.service_id}", f"counter:{rating.counter_id}"]
        for group in groups:
            self._groups[group] = self._groups[group].with_score(rating.score)
        return groups

    def add(self, rating: StoredRating) -> bytes | None:
        """Count one more; what is told then (JSON), if that changed."""
        changed = False
        for group in self._count(rating):
            now = self._groups[group]
            if now.ratings - self._told.get(group, Tally()).ratings >= SMALLEST_GROUP:
                self._told[group], changed = now, True
        if not changed or self._day is None:
            return None
        return msgspec.json.encode(_Told(self._day, self._told))

    def told(self, finished: int) -> Satisfaction:
        """The whole hall's, of so many who could have rated."""
        told = self._told.get(WHOLE, Tally())
        return Satisfaction(told.ratings, told.satisfied, finished)

    def groups(self, kind: str, finished: dict[str, int]) -> dict[str, Satisfied]:
        """Those of services or counters (`service`, `counter`) of which something is told, by id."""
        found = {key.partition(":")[2]: tally for key, tally in self._told.items() if key.startswith(f"{kind}:")}
        return {key: Satisfied(t.ratings, t.satisfied, finished.get(key, 0)) for key, t in sorted(found.items())}

    def counted_at(self, counter_id: str) -> int:
        """How many ratings a counter really got: for looking after it, never to be told."""
        return self._groups[f"counter:{counter_id}"].ratings
