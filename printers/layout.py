"""What a ticket shows and in which order, as lines that know nothing of dots, bytes or devices."""

import datetime as dt
import re
import unicodedata
from enum import Enum
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime
from msgspec import Struct

from config.texts import FALLBACK, text

Align = Literal["left", "center", "right"]

_COUNTER_WORD = re.compile(r"^(?:quầy|counter)(?:\s+số)?\s+(?=\d)", re.IGNORECASE)
_KEEP_TOGETHER = re.compile(r"(?<=\d) (?=phút\b|minutes\b|min\b)")


class Size(Enum):
    """How large a text is, relative to the width of the paper."""

    SMALL = "small"
    NORMAL = "normal"
    LARGE = "large"


class TicketPaper(Struct, frozen=True, kw_only=True):
    """All that a ticket shows; `issued_at` is an aware instant in the hall's zone. Holds nothing about the person."""

    hall_name: str
    service_name: str
    number: str
    class_name: str | None = None
    """The priority class; none for the ordinary class."""
    people_ahead: int
    wait_low_minutes: int | None = None
    wait_high_minutes: int | None = None
    counters: tuple[str, ...] = ()
    """Names of the counters that may call this ticket, e.g. `3` or `Quầy 3`."""
    issued_at: dt.datetime
    url: str
    """The page behind the QR."""
    language: str = FALLBACK
    reprint: bool = False


class Text(Struct, frozen=True):
    """A text that may run over several lines of paper."""

    text: str
    size: Size = Size.NORMAL
    bold: bool = False
    align: Align = "center"


class Fact(Struct, frozen=True):
    """A label and, standing out from it, its value."""

    label: str
    value: str
    size: Size = Size.NORMAL


class Banner(Struct, frozen=True):
    """White text on a black bar, for what staff must see at once."""

    text: str


class Number(Struct, frozen=True):
    """The ticket's number, as large as the paper allows."""

    text: str


class QrCode(Struct, frozen=True):
    """A QR code with its quiet zone."""

    data: str


class Feed(Struct, frozen=True):
    """White paper, in dots of 1/8 mm."""

    dots: int


class Rule(Struct, frozen=True):
    """A thin line across the paper."""


class Cut(Struct, frozen=True):
    """The end of the ticket."""


Line = Text | Fact | Banner | Number | QrCode | Feed | Rule | Cut


def lay_out(paper: TicketPaper) -> list[Line]:
    """Return the lines of a ticket from top to bottom, in the paper's language; all text in Unicode NFC."""
    return [*_head(paper), *_number(paper), *_facts(paper), *_foot(paper), Cut()]


def _head(paper: TicketPaper) -> list[Line]:
    """Where the ticket belongs: the hall and the service."""
    reprint: list[Line] = [Banner(text("ticket.reprint", paper.language)), Feed(10)] if paper.reprint else []
    hall = Text(_clean(paper.hall_name).upper(), bold=True)
    return [*reprint, hall, Feed(8), Rule(), Feed(8), Text(_clean(paper.service_name), bold=True)]


def _number(paper: TicketPaper) -> list[Line]:
    """The number, and that it goes before others if it does."""
    lines: list[Line] = [Feed(14), Text(text("ticket.your_number", paper.language)), Feed(12)]
    lines += [Number(_clean(paper.number)), Feed(20)]
    if paper.class_name:
        lines += [Banner(text("ticket.priority", paper.language, name=_clean(paper.class_name))), Feed(12)]
    return lines


def _facts(paper: TicketPaper) -> list[Line]:
    """What the citizen can expect, as it was when the number was issued."""
    language = paper.language
    lines: list[Line] = [_fact("ticket.people_ahead", str(paper.people_ahead), language)]
    if (wait := waiting_range(paper)) is not None:
        lines.append(_fact("ticket.wait", wait, language))
    if paper.counters:
        label = "ticket.counter" if len(paper.counters) == 1 else "ticket.counters"
        lines.append(_fact(label, ", ".join(_without_word(name) for name in paper.counters), language))
    return lines


def _foot(paper: TicketPaper) -> list[Line]:
    """The way to the ticket's page, when it was issued, and the rules in one sentence."""
    language = paper.language
    issued = Fact(text("ticket.issued_at", language), moment(paper.issued_at, language), Size.SMALL)
    code: list[Line] = [Feed(12), QrCode(paper.url), Text(text("ticket.scan", language), Size.SMALL)]
    return [*code, Feed(8), Rule(), Feed(8), issued, Text(text("ticket.rules", language), Size.SMALL)]


def _fact(key: str, value: str, language: str) -> Fact:
    """A fact whose label is the text of `key`."""
    return Fact(text(key, language), value)


def waiting_range(paper: TicketPaper) -> str | None:
    """Say the waiting range, e.g. `10–15 phút`; none if it is not known."""
    low, high = paper.wait_low_minutes, paper.wait_high_minutes
    if low is None or high is None:
        return None
    key, values = ("ticket.minutes", {"minutes": low}) if low == high else ("ticket.range", {"low": low, "high": high})
    return _KEEP_TOGETHER.sub("\N{NO-BREAK SPACE}", text(key, paper.language, **values))


def moment(instant: dt.datetime, language: str) -> str:
    """Say a local instant with its weekday, e.g. `08:12, Thứ Hai, 12/01/2026`."""
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse(FALLBACK)
    pattern = text("ticket.moment", language)
    return _clean(format_datetime(instant.replace(tzinfo=None), pattern, locale=locale))


def _without_word(counter: str) -> str:
    """A counter's name for behind the label: `3` for `Quầy số 3`, but `Quầy tiếp nhận` as it is."""
    return _COUNTER_WORD.sub("", _clean(counter))


def _clean(words: str) -> str:
    """One line of text in NFC, without control characters."""
    visible = "".join(" " if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") else letter for letter in words)
    return " ".join(unicodedata.normalize("NFC", visible).split())
