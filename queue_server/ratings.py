"""When a ticket may be rated, and what is told of the day's ratings: never less than five more than before."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from protocol import errors
from protocol.views import Satisfaction, Satisfied
from protocol.words import SATISFIED_FROM, SMALLEST_GROUP
from queue_server.domain.rules import Rules
from queue_server.domain.ticket import Ticket
from queue_server.domain.visit import is_served
from queue_server.storage.base import StoredRating

MIXED = 20
"""So many that wait to be told, of whatever services, are told of the whole hall; more where many services are."""
DAYS_KEPT = 14
"""So many days make the trend."""
WHOLE = ""


def refuse_rating(
    rules: Rules, ticket: Ticket, reasons: Iterable[str], criteria: Iterable[str], now: dt.datetime
) -> None:
    """Raise AlreadyRated, NotYetServed, RatingClosed, UnknownReason or UnknownCriterion if it can't be rated so."""
    if ticket.rated:
        raise errors.AlreadyRated(number=ticket.number)
    if not is_served(ticket) or ticket.ended_at is None:
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

    def plus(self, more: "Tally") -> "Tally":
        """Both together."""
        return Tally(self.ratings + more.ratings, self.satisfied + more.satisfied)

    def without(self, told: "Tally") -> "Tally":
        """What is left when some were told."""
        return Tally(self.ratings - told.ratings, self.satisfied - told.satisfied)


class ToldDay(Struct, frozen=True):
    """What was told of the whole hall on a day that is over; what came later is in reports only."""

    service_day: dt.date
    tally: Tally


class _Told(Struct, frozen=True):
    """What was told of a day and of those before; kept, so that a restart does not tell the one or two since.

    `cells` are the ratings behind `groups`, by service (and counter, if `by_counter`); None: not known.
    """

    service_day: dt.date
    groups: dict[str, Tally] = {}
    cells: dict[str, Tally] | None = None
    by_counter: bool = False
    days: list[ToldDay] = []


class DayRatings:
    """The ratings of one service day, told in bundles of five or more that come from one service (and counter).

    Whatever is told, of the whole hall, a service or a counter, is made of whole bundles: no two tallies, looked at
    together or one after the other, differ by less than a bundle. What waits in many small parts is told of the whole
    hall alone.
    """

    def __init__(
        self,
        service_day: dt.date | None,
        ratings: Iterable[StoredRating] = (),
        told: bytes | None = None,
        *,
        by_counter: bool = False,
    ) -> None:
        self._day, self._by_counter = service_day, by_counter
        self._cells: dict[str, Tally] = defaultdict(Tally)
        self._at_counters: Counter[str] = Counter()
        for rating in ratings:
            self._count(rating)
        kept = msgspec.json.decode(told, type=_Told) if told else None
        today = kept if kept and kept.service_day == service_day else None
        self._told = dict(today.groups) if today else {}
        self._told_cells = self._known_cells(today)
        self.days: list[ToldDay] = _days_before(service_day, kept)
        """What was told of the days before, oldest first."""

    def _known_cells(self, kept: _Told | None) -> dict[str, Tally]:
        if kept is None:
            return {}
        if kept.cells is None or kept.by_counter is not self._by_counter:
            return dict(self._cells)  # nobody knows which of them were told: what came so far stays untold
        return dict(kept.cells)

    def _count(self, rating: StoredRating) -> str:
        cell = "\0".join([rating.service_id, rating.counter_id] if self._by_counter else [rating.service_id])
        self._cells[cell] = self._cells[cell].with_score(rating.score)
        self._at_counters[rating.counter_id] += 1
        return cell

    def add(self, rating: StoredRating) -> bytes | None:
        """Count one more; what is told then (JSON), if that changed."""
        cell = self._count(rating)
        waiting = self._waiting(cell)
        if waiting.ratings >= SMALLEST_GROUP:
            service_id, _, counter_id = cell.partition("\0")
            groups = [WHOLE, f"service:{service_id}", *([f"counter:{counter_id}"] if self._by_counter else [])]
            self._tell([cell], groups)
        elif sum(self._waiting(one).ratings for one in self._cells) >= max(MIXED, 2 * len(self._cells)):
            self._tell(list(self._cells), [WHOLE])
        else:
            return None
        return self.kept

    def _waiting(self, cell: str) -> Tally:
        return self._cells[cell].without(self._told_cells.get(cell, Tally()))

    def _tell(self, cells: list[str], groups: list[str]) -> None:
        for cell in cells:
            for group in groups:
                self._told[group] = self._told.get(group, Tally()).plus(self._waiting(cell))
            self._told_cells[cell] = self._cells[cell]

    @property
    def kept(self) -> bytes | None:
        """What was told so far (JSON), to begin with it again."""
        if self._day is None:
            return None
        return msgspec.json.encode(_Told(self._day, self._told, self._told_cells, self._by_counter, self.days))

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
        return self._at_counters[counter_id]


def _days_before(service_day: dt.date | None, kept: _Told | None) -> list[ToldDay]:
    if kept is None:
        return []
    whole = kept.groups.get(WHOLE, Tally())
    over = kept.service_day != service_day and whole.ratings >= SMALLEST_GROUP
    return [*kept.days, *([ToldDay(kept.service_day, whole)] if over else [])][-DAYS_KEPT:]
