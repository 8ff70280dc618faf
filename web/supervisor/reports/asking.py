"""What an address asks for: which days, and which services, counters or persons of them."""

import calendar
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode

from msgspec import structs

from figures.words import Dimension, Question

QUICK = ("today", "yesterday", "week", "month", "year")
"""The stretches of days that need no date."""
FILTERS = {
    "service": "services",
    "agency": "agencies",
    "field": "fields",
    "procedure": "procedures",
    "counter": "counters",
    "operator": "operators",
    "class": "classes",
}
"""The words of an address, and what they are called in a question."""
_FIRST, _LAST = dt.date(2000, 1, 1), dt.date(2199, 12, 31)
_MOST = 50
_LONGEST = 200


class Words(Protocol):
    """The query of an address."""

    def get(self, key: str, default: str) -> str:
        """The last value of a key."""

    def getlist(self, key: str) -> list[str]:
        """All values of a key."""


@dataclass(frozen=True)
class Asked:
    """A question, how it was put, and the name of what is wrong with it (empty: nothing)."""

    question: Question
    quick: str = ""
    fault: str = ""

    @property
    def filters(self) -> dict[str, tuple[str, ...]]:
        """What is restricted: the words of the address with their values."""
        found = {word: getattr(self.question, name) for word, name in FILTERS.items()}
        return {word: values for word, values in found.items() if values}

    @property
    def days(self) -> int:
        """How many days are asked for."""
        return (self.question.last_day - self.question.first_day).days + 1

    def over_time(self) -> Dimension:
        """What its days are best told apart by: hours of one day, days of some weeks, else months."""
        if self.days == 1:
            return Dimension.HOUR
        return Dimension.DAY if self.days <= 62 else Dimension.MONTH

    def without(self, word: str, value: str) -> "Asked":
        """The same without one restriction."""
        left = tuple(one for one in getattr(self.question, FILTERS[word]) if one != value)
        return Asked(structs.replace(self.question, **{FILTERS[word]: left}))

    def query(self, **more: str) -> str:
        """The query of an address that asks the same; `more` stands beside, an empty value for none."""
        words: list[tuple[str, str]] = [
            ("from", self.question.first_day.isoformat()),
            ("to", self.question.last_day.isoformat()),
            *((word, value) for word, values in self.filters.items() for value in values),
        ]
        return urlencode(words + [(word, value) for word, value in more.items() if value])


def asked(words: Words, today: dt.date) -> Asked:
    """What the query of an address asks for; without days, for this month; after a fault, for this month too."""
    quick = words.get("quick", "")
    span, fault = (quick_span(quick, today), "") if quick in QUICK else _span(words, today)
    values = {name: tuple(_values(words, word)) for word, name in FILTERS.items()}
    question = structs.replace(Question(*span), **values)
    return Asked(question, quick if quick in QUICK else "", fault)


def _values(words: Words, word: str) -> Sequence[str]:
    return [value[:_LONGEST] for value in words.getlist(word) if value.strip()][:_MOST]


def quick_span(quick: str, today: dt.date) -> tuple[dt.date, dt.date]:
    """The first and last day of one of QUICK; a week begins on Monday."""
    last_of_month = calendar.monthrange(today.year, today.month)[1]
    spans: Mapping[str, tuple[dt.date, dt.date]] = {
        "today": (today, today),
        "yesterday": (today - dt.timedelta(1), today - dt.timedelta(1)),
        "week": (today - dt.timedelta(today.weekday()), today + dt.timedelta(6 - today.weekday())),
        "month": (today.replace(day=1), today.replace(day=last_of_month)),
        "year": (today.replace(month=1, day=1), today.replace(month=12, day=31)),
    }
    return spans[quick]


def _span(words: Words, today: dt.date) -> tuple[tuple[dt.date, dt.date], str]:
    """The days that are named, and what is wrong with them."""
    start, end = words.get("from", "").strip(), words.get("to", "").strip()
    this_month = quick_span("month", today)
    if not start and not end:
        return this_month, ""
    first, last = _day(start or end), _day(end or start)
    if first is None or last is None:
        return this_month, "wrong_date"
    return ((first, last), "") if first <= last else (this_month, "wrong_order")


def _day(text: str) -> dt.date | None:
    """A day as browsers send it, or as people write it; None: it is none."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day = dt.datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return day if _FIRST <= day <= _LAST else None
    return None


def one_day(text: str) -> dt.date | None:
    """A single day as an address names it; None: it is none."""
    return _day(text.strip())
