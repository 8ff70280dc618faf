"""Opening hours, holidays and special days: spans in order, days once, numbers on every day of work."""

import datetime as dt
from collections.abc import Iterable

from config.checking.references import Document
from config.faults import ABSENT, Faults
from config.settings import WEEKDAYS, Hours
from config.tables import Table, table
from config.texts import text

Minutes = tuple[int, int]
"""A span in minutes since midnight."""


def check_hours(document: Document, faults: Faults) -> None:
    """Note hours that can't be, days that stand twice and a hall that never gives a number."""
    hours = table(document, "hours", Hours)
    for day in WEEKDAYS:
        check_spans(hours.members(day), faults)
    for special in hours.tables("special"):
        check_spans(special.members("spans"), faults)
    if isinstance(document.get("hours"), dict) and not any(list(hours.members(day)) for day in WEEKDAYS):
        faults.add("hours", ABSENT, "never_open")
    _check_days(hours, faults)
    _check_last_number(hours, faults)


def check_spans(spans: Iterable[tuple[str, str]], faults: Faults) -> None:
    """Note spans, each with its key, that end before they begin or begin before the one before has ended."""
    last_end = ""
    for key, span in spans:
        start, end = span.split("-")
        if start >= end:
            faults.add(key, span, "span_backwards")
        elif start < last_end:
            faults.add(key, span, "span_order", end=last_end)
        last_end = max(last_end, end)


def spans_with_numbers(document: Document) -> list[Minutes]:
    """The spans in which numbers are given on one day or another."""
    hours = table(document, "hours", Hours)
    early = hours.value("issue_before_minutes", int) or 0
    days = [_minutes(hours, day) for day in WEEKDAYS]
    days += [_minutes(special, "spans") for special in hours.tables("special")]
    return [span for spans in days if spans for span in [(spans[0][0] - early, spans[0][1]), *spans[1:]]]


def minutes_of(span: str) -> Minutes:
    """A span such as `07:30-11:30` in minutes since midnight."""
    start, end = (int(time[:2]) * 60 + int(time[3:]) for time in span.split("-"))
    return start, end


def _minutes(day: Table, name: str) -> list[Minutes]:
    return sorted(minutes_of(span) for _, span in day.members(name))


def _check_days(hours: Table, faults: Faults) -> None:
    days = list(hours.members("holidays", dt.date))
    days += [(each.key_of("date"), day) for each in hours.tables("special") if (day := each.value("date", dt.date))]
    seen: dict[dt.date, str] = {}
    for key, day in days:
        if seen.setdefault(day, key) != key:
            faults.add(key, day, "day_twice", other=seen[day])


def _check_last_number(hours: Table, faults: Faults) -> None:
    """Note a last number that comes before the first of the day's last span."""
    last, early = (hours.value(name, int) or 0 for name in ("last_number_minutes", "issue_before_minutes"))
    for day in WEEKDAYS:
        spans = _minutes(hours, day)
        if last and spans and spans[-1][1] - last <= spans[-1][0] - (early if len(spans) == 1 else 0):
            named = text(f"check.{day}", faults.language)
            faults.add(hours.key_of("last_number_minutes"), last, "no_number_left", day=named)
            return
