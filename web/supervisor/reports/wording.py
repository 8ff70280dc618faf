"""How figures are written: a dash for nothing, the signs of the language, days as people say them."""

import datetime as dt

from config.texts import text
from web.supervisor.scene import decimal, percent

NOTHING = "–"


def say(key: str, language: str, **places: object) -> str:
    """A text of the report pages."""
    return text(f"reports.{key}", language, **places)


def count(value: int | None, language: str) -> str:
    """A number of things: `1.266` in Vietnamese, `1,266` in English."""
    if value is None:
        return NOTHING
    return f"{value:,}".replace(",", ".") if language == "vi" else f"{value:,}"


def minutes(value: float | None, language: str) -> str:
    """Minutes with one decimal at most."""
    return NOTHING if value is None else decimal(value, language)


def hours(value: float, language: str) -> str:
    """Minutes as hours and minutes: `6:05`."""
    whole, rest = divmod(round(value), 60)
    return f"{count(whole, language)}:{rest:02}"


def share(value: float | None, _language: str) -> str:
    """A share as whole percent."""
    return NOTHING if value is None else percent(value)


def response(ratings: int, rate: float | None, language: str) -> str:
    """How many voted, and what share of those who could: stands beside every score."""
    if not ratings:
        return say("no_ratings", language)
    return say("response", language, n=count(ratings, language), rate=share(rate, language))


def score(value: float | None, language: str) -> str:
    """A mean score: `4,62`."""
    if value is None:
        return NOTHING
    return f"{value:.2f}".replace(".", ",") if language == "vi" else f"{value:.2f}"


def day(value: dt.date) -> str:
    """A day as Vietnamese forms write it."""
    return f"{value:%d/%m/%Y}"


def period(first: dt.date, last: dt.date, language: str) -> str:
    """One day, or from one to another."""
    if first == last:
        return say("on_day", language, day=day(first))
    return say("from_to", language, first=day(first), last=day(last))
