"""The words and figures of the wall, Vietnamese first."""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from typing import TypeVar

from config.texts import text
from display.calls import Call
from display.paging import Page
from protocol.replies import ClassInfo, Satisfaction, ServiceStatus
from protocol.words import Issuing

T = TypeVar("T")
LANGUAGES = ("vi", "en")

_IN_MINUTES = 120.0
"""From this age on (seconds) the age is told in minutes."""

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_COUNTER_WORD = re.compile(r"^quầy(\s+số)?\s+(?=\S)", re.IGNORECASE)


def both(key: str, **values: object) -> tuple[str, str]:
    """A text of the wall in Vietnamese and English."""
    vietnamese, english = (text(f"display.{key}", language, **values) for language in LANGUAGES)
    return vietnamese, english


def counter(name: str) -> str:
    """A counter as the column under "QUẦY" needs it: `Quầy 12` is `12`."""
    return _COUNTER_WORD.sub("", unicodedata.normalize("NFC", name).strip())


def status(call: Call) -> str:
    """What a call asks for now; nothing when it ended before anybody came."""
    if call.serving:
        return text("display.serving")
    if call.ended:
        return ""
    return text("display.recalled", n=call.recalls) if call.recalls else text("display.called")


def span(of: ServiceStatus) -> str:
    """The waiting range of who takes a number now; empty when nobody can say, or why nobody can take one."""
    if of.issuing not in (Issuing.OPEN, Issuing.UNCERTAIN):
        return text("display.not_issuing")
    if of.open_counters == 0:
        return text("display.no_counter")
    if of.wait_high_minutes is None:
        return ""
    low = of.wait_low_minutes or 0
    if low == of.wait_high_minutes:
        return text("display.about", minutes=low)
    return text("display.range", low=low, high=of.wait_high_minutes)


def satisfaction(of: Satisfaction) -> tuple[str, str]:
    """The share of 4 and 5 stars, and of how many ratings; all satisfied is said only when all are."""
    if of.ratings == 0:
        return "", text("display.ratings_none")
    percent = round(100 * of.satisfied / of.ratings)
    if of.satisfied < of.ratings:
        percent = min(percent, 99)
    return f"{percent}%", text("display.ratings", n=number(of.ratings))


def number(value: int) -> str:
    """A whole number with dots between the thousands."""
    return f"{value:,}".replace(",", ".")


def date(day: dt.date) -> str:
    """A day as `Thứ Hai, 12/01/2026`."""
    return text("display.date", weekday=text(f"display.{_WEEKDAYS[day.weekday()]}"), day=f"{day:%d/%m/%Y}")


def zone(names: Sequence[str]) -> str:
    """The services that a display of a part of the hall shows."""
    return text("display.zone", names=" · ".join(names))


def notice(words: tuple[str, str]) -> tuple[str, str]:
    """An announcement as a line that says what it is."""
    vietnamese, english = both("notice")
    return f"{vietnamese}: {words[0]}", f"{english}: {words[1]}" if words[1] else ""


def rule(classes: Sequence[ClassInfo]) -> tuple[str, str]:
    """Who is called next, in one sentence."""
    starts = {entry.head_start_minutes for entry in classes if entry.head_start_minutes > 0}
    if not starts:
        return both("rule")
    return both("rule_priority" if len(starts) == 1 else "rule_priorities", minutes=max(starts))


def page_mark(page: Page[T]) -> str:
    """Which page this is, counted from 1; nothing where there is but one."""
    return text("display.page", page=page.page + 1, pages=page.pages) if page.pages > 1 else ""


def age_mark(seconds: float) -> str:
    """How old the data are."""
    if seconds < _IN_MINUTES:
        return text("display.age_mark", seconds=int(seconds))
    return text("display.age_mark_minutes", minutes=number(int(seconds // 60)))


def age_words(seconds: float) -> tuple[str, str]:
    """For how long nothing was heard, and whom to follow instead."""
    return both("age_words", seconds=int(seconds))
