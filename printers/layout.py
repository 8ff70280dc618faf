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
    uncertain: bool = False
    """Whether it may not be served before the hall closes."""

    @property
    def name(self) -> str:
        """What its job is called, where jobs have names."""
        return f"{self.issued_at:%Y%m%d-%H%M%S}-{self.number}"


class PlacePaper(Struct, frozen=True, kw_only=True):
    """All that the slip of a promised place shows; `slot_at` is an aware instant in the hall's zone."""

    hall_name: str
    service_name: str
    class_name: str | None = None
    appointment_id: int
    slot_at: dt.datetime
    url: str
    """The page behind the QR."""
    language: str = FALLBACK

    @property
    def name(self) -> str:
        """What its job is called, where jobs have names."""
        return f"{self.slot_at:%Y%m%d-%H%M%S}-place-{self.appointment_id}"


Paper = TicketPaper | PlacePaper


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


def lay_out(paper: Paper) -> list[Line]:
    """Return the lines of a paper from top to bottom, in its language; all text in Unicode NFC."""
    if isinstance(paper, PlacePaper):
        return [*_head(paper), *_slot(paper), *_place_foot(paper), Cut()]
    reprint: list[Line] = [Banner(text("ticket.reprint", paper.language)), Feed(10)] if paper.reprint else []
    return [*reprint, *_head(paper), *_number(paper), *_facts(paper), *_foot(paper), Cut()]


def _head(paper: Paper) -> list[Line]:
    """Where the paper belongs: the hall and the service."""
    hall = Text(_clean(paper.hall_name).upper(), bold=True)
    return [hall, Feed(8), Rule(), Feed(8), Text(_clean(paper.service_name), bold=True)]


def _number(paper: TicketPaper) -> list[Line]:
    """The number, and that it goes before others if it does."""
    lines: list[Line] = [Feed(14), Text(text("ticket.your_number", paper.language)), Feed(12)]
    return [*lines, Number(_clean(paper.number)), Feed(20), *_priority(paper)]


def _priority(paper: Paper) -> list[Line]:
    if not paper.class_name:
        return []
    return [Banner(text("ticket.priority", paper.language, name=_clean(paper.class_name))), Feed(12)]


def _slot(paper: PlacePaper) -> list[Line]:
    """When the citizen is expected."""
    day = Text(day_of(paper.slot_at, paper.language), Size.LARGE, bold=True)
    title = Text(text("ticket.your_place", paper.language))
    return [Feed(14), title, Feed(12), Number(f"{paper.slot_at:%H:%M}"), Feed(16), day, Feed(16), *_priority(paper)]


def _place_foot(paper: PlacePaper) -> list[Line]:
    """The way to the place's page, and what to do with the slip."""
    language = paper.language
    code: list[Line] = [QrCode(paper.url), Text(text("ticket.scan_place", language), Size.SMALL), Feed(8), Rule()]
    return [
        *code,
        Feed(8),
        Text(text("ticket.place_use", language)),
        Text(text("ticket.place_late", language), Size.SMALL),
    ]


def _facts(paper: TicketPaper) -> list[Line]:
    """What the citizen can expect, as it was when the number was issued."""
    language = paper.language
    lines: list[Line] = [_fact("ticket.people_ahead", str(paper.people_ahead), language)]
    if (wait := waiting_range(paper)) is not None:
        lines.append(_fact("ticket.wait", wait, language))
    if paper.counters:
        label = "ticket.counter" if len(paper.counters) == 1 else "ticket.counters"
        lines.append(_fact(label, ", ".join(_without_word(name) for name in paper.counters), language))
    return [*lines, Text(text("ticket.uncertain", language), bold=True)] if paper.uncertain else lines


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
    return _formatted(instant, "ticket.moment", language)


def day_of(instant: dt.datetime, language: str) -> str:
    """Say the local day of an instant, e.g. `Thứ Hai, 12/01/2026`."""
    return _formatted(instant, "ticket.day", language)


def _formatted(instant: dt.datetime, pattern: str, language: str) -> str:
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse(FALLBACK)
    return _clean(format_datetime(instant.replace(tzinfo=None), text(pattern, language), locale=locale))


def _without_word(counter: str) -> str:
    """A counter's name for behind the label: `3` for `Quầy số 3`, but `Quầy tiếp nhận` as it is."""
    return _COUNTER_WORD.sub("", _clean(counter))


def _clean(words: str) -> str:
    """One line of text in NFC, without control characters."""
    visible = "".join(" " if unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") else letter for letter in words)
    return " ".join(unicodedata.normalize("NFC", visible).split())
