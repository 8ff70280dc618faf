"""The satisfaction board at one moment: today's share of 4 and 5 stars, by service or counter, and day by day."""

import datetime as dt
from collections.abc import Iterable

from msgspec import Struct

from display import paging, wording
from display.board import Board
from display.names import Pair, counter_name, said, service_name
from protocol.replies import Satisfaction, SatisfactionReply, Satisfied
from protocol.words import SMALLEST_GROUP

PAGE_SECONDS = 8.0


class Today(Struct, frozen=True):
    """The whole hall today; `part` (0 to 1) is None and `share` empty while there are too few ratings."""

    part: float | None
    share: str
    ratings: str
    response: str


class Group(Struct, frozen=True):
    """A service or a counter; `part` from 0 to 1."""

    name: str
    part: float
    share: str
    ratings: str


class DayBar(Struct, frozen=True):
    """A past day; `part` from 0 to 1."""

    day: str
    part: float
    share: str


class SatisfactionBoard(Struct, frozen=True):
    """All that the board says."""

    today: Today
    head: Pair
    """What the groups are."""
    groups: list[Group]
    page: str
    days: list[DayBar]


def compose_satisfaction(board: Board, places: int, days: int, now: float) -> SatisfactionBoard:
    """The board at `now` (monotonic seconds), with so many places for groups and for past days."""
    told = board.satisfied
    pages = [("by_service", page) for page in _pages(_services(board, told), places)]
    pages += [("by_counter", page) for page in _pages(_counters(board, told), places)]
    found = paging.turn(pages, 1, now, PAGE_SECONDS)
    key, groups = found.items[0] if found.items else ("by_service", [])
    return SatisfactionBoard(
        today=_today(told.today if told else None),
        head=said(key),
        groups=groups,
        page=wording.page_mark(found),
        days=_days(told, days),
    )


def _today(of: Satisfied | None) -> Today:
    if of is None or of.ratings < SMALLEST_GROUP:
        return Today(None, "", "", "")
    answered = said("satisfied_rate", percent=round(100 * of.ratings / max(of.finished, of.ratings)))[0]
    return Today(of.satisfied / of.ratings, _share(of.ratings, of.satisfied), _ratings(of), answered)


def _share(ratings: int, satisfied: int) -> str:
    return wording.satisfaction(Satisfaction(ratings, satisfied))[0]


def _ratings(of: Satisfied) -> str:
    return said("satisfied_count", n=wording.number(of.ratings))[0]


def _pages(groups: list[Group], places: int) -> list[list[Group]]:
    places = max(1, places)
    return [groups[at : at + places] for at in range(0, len(groups), places)]


def _services(board: Board, told: SatisfactionReply | None) -> list[Group]:
    """The services of this display, in the hall's order."""
    known = [service.service_id for service in board.hall.services] if board.hall else []
    found = told.services if told else {}
    return _groups(
        (service_name(board.hall, key)[0], found[key]) for key in known if key in found and board.in_zone(key)
    )


def _counters(board: Board, told: SatisfactionReply | None) -> list[Group]:
    """The counters in the hall's order, where the hall wants them told."""
    habits = board.hall.wall if board.hall else None
    if board.hall is None or told is None or habits is None or not habits.by_counter:
        return []
    known = [counter.counter_id for counter in board.hall.counters]
    return _groups((counter_name(board.hall, key), told.counters[key]) for key in known if key in told.counters)


def _groups(named: Iterable[tuple[str, Satisfied]]) -> list[Group]:
    return [
        Group(name, of.satisfied / of.ratings, _share(of.ratings, of.satisfied), _ratings(of))
        for name, of in named
        if of.ratings >= SMALLEST_GROUP
    ]


def _days(told: SatisfactionReply | None, most: int) -> list[DayBar]:
    """The last days that had enough ratings, oldest first."""
    days = sorted(told.days, key=lambda day: day.service_day)[-most:] if told and most > 0 else []
    return [
        DayBar(_short(day.service_day), day.satisfied / day.ratings, _share(day.ratings, day.satisfied))
        for day in days
        if day.ratings >= SMALLEST_GROUP
    ]


def _short(day: dt.date) -> str:
    return f"{day:%d/%m}"
