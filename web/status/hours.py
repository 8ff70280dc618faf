"""The hall's opening hours as its public page tells them: today's and the week's."""

import datetime as dt
from itertools import groupby

from config.texts import text
from protocol.replies import HallReply

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def spans_of(hall: HallReply, day: dt.date) -> list[str]:
    """A day's hours, special days and holidays counted; empty on a day without work."""
    if (special := hall.special_days.get(day.isoformat())) is not None:
        return special
    return [] if day in hall.holidays else hall.hours.get(_WEEKDAYS[day.weekday()], [])


def week(hall: HallReply, language: str) -> list[tuple[str, str]]:
    """The usual hours, neighbouring days with the same hours together: `Thứ Hai – Thứ Sáu`, `07:30–11:30, …`."""
    found = []
    for spans, run in groupby(_WEEKDAYS, lambda day: hall.hours.get(day, [])):
        days = [text(f"display.{day}", language) for day in run]
        found.append((" – ".join(dict.fromkeys((days[0], days[-1]))), written(spans, language)))
    return found


def written(spans: list[str], language: str) -> str:
    """Hours as they are read; the word for a day without work if there are none."""
    return ", ".join(span.replace("-", "–") for span in spans) or text("status.closed_day", language)
