"""How instants, waits and names are said on paper."""

import datetime as dt
import re
import unicodedata

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime

from config.texts import FALLBACK, text
from printers.papers import TicketPaper

_COUNTER_WORD = re.compile(r"^(?:quầy|counter)(?:\s+số)?\s+(?=\d)", re.IGNORECASE)
_KEEP_TOGETHER = re.compile(r"(?<=\d) (?=phút\b|minutes\b|min\b)")


def waiting_range(paper: TicketPaper) -> str | None:
    """Say the waiting range, e.g. `10–15 phút`; none if it is not known."""
    low, high = paper.wait_low_minutes, paper.wait_high_minutes
    if low is None or high is None:
        return None
    key, values = ("ticket.minutes", {"minutes": low}) if low == high else ("ticket.range", {"low": low, "high": high})
    return _KEEP_TOGETHER.sub("\N{NO-BREAK SPACE}", text(key, paper.language, **values))


def moment(instant: dt.datetime, language: str) -> str:
    """Say a local instant with its weekday, e.g. `08:12, Thứ Hai, 12/01/2026`."""
    return _formatted(instant, "ticket.moment", language)


def day_of(instant: dt.datetime, language: str) -> str:
    """Say the local day of an instant, e.g. `Thứ Hai, 12/01/2026`."""
    return _formatted(instant, "ticket.day", language)


def _formatted(instant: dt.datetime, pattern: str, language: str) -> str:
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse(FALLBACK)
    return clean(format_datetime(instant.replace(tzinfo=None), text(pattern, language), locale=locale))


def without_word(counter: str) -> str:
    """A counter's name for behind the label: `3` for `Quầy số 3`, but `Quầy tiếp nhận` as it is."""
    return _COUNTER_WORD.sub("", clean(counter))


def clean(words: str) -> str:
    """One line of text in NFC, without control characters."""
    visible = "".join(" " if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") else letter for letter in words)
    return " ".join(unicodedata.normalize("NFC", visible).split())
