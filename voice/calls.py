"""Which clips say a call, and what is still said when some are missing; pure."""

import re
import unicodedata
from collections.abc import Collection, Iterator

from msgspec import Struct

from voice.wording import Wording

GONG = "gong"
WITHIN_SECONDS = 0.03
"""Between the signs of a number."""
BETWEEN_SECONDS = 0.12
"""Between the parts of a sentence."""
_COUNTER = re.compile(r"(?:(?:quầy|counter|cửa|ô)\b)?\s*(?:(?:số|no\.?)\b)?\s*([A-Z]{0,2})0*(\d{1,3})", re.IGNORECASE)
"""A counter with a number: `3`, `Quầy 3`, `Quầy số 03`, `Quầy A2`."""


class Clip(Struct, frozen=True):
    """A clip to be heard, and the silence after it (seconds)."""

    name: str
    pause: float = BETWEEN_SECONDS


class Sentence(Struct, frozen=True):
    """What can be said of a call, and which clips were missing for the whole. No clips: the number can't be said."""

    clips: list[Clip]
    missing: list[str]


def sentence(said: Wording, number: str, counter: str, *, again: bool, there: Collection[str]) -> Sentence:
    """The clips of a call in a language, out of those that are there.

    A missing word is left out; the number of a counter is read by its digits instead; a number that lacks a sign is not
    said at all, since it would be another's.
    """
    missing: list[str] = []
    ticket = _whole(signs(number), there, missing)
    place = _place(said, counter, there, missing)
    parts = {"{ticket}": ticket, "{counter}": place}
    clips = _ordered(said.order["again" if again else "call"], parts, there, missing)
    return Sentence(clips if ticket else [], missing)


def signs(number: str) -> list[Clip]:
    """The clips of a ticket's number, sign by sign."""
    names = [f"digit-{sign}" if sign in "0123456789" else f"letter-{sign.lower()}" for sign in number if sign.isalnum()]
    return [Clip(name, WITHIN_SECONDS) for name in names[:-1]] + [Clip(name) for name in names[-1:]]


def counter_number(counter: str) -> tuple[str, int] | None:
    """The letters and the number of a counter; None for a counter that has a name of its own."""
    found = _COUNTER.fullmatch(unicodedata.normalize("NFC", counter).strip())
    return (found[1].upper(), int(found[2])) if found else None


def name_clip(counter: str) -> str:
    """The clip that says a counter's name: `Quầy hướng dẫn` → `name-quay-huong-dan`."""
    plain = unicodedata.normalize("NFD", counter.lower().replace("đ", "d"))
    return "name-" + re.sub(r"[^a-z0-9]+", "-", "".join(sign for sign in plain if sign.isascii() or sign == " ")).strip(
        "-"
    )


def _place(said: Wording, counter: str, there: Collection[str], missing: list[str]) -> list[Clip]:
    """To which counter; nothing without a word before it: its number would sound like digits of the ticket's."""
    numbered = counter_number(counter)
    if numbered is None:
        clips, order, place = _whole([Clip(name_clip(counter))], there, missing), "named", "{name}"
    else:
        clips, order, place = _counter(*numbered, there, missing), "numbered", "{number}"
    words = _whole([Clip(part) for part in said.order[order] if part != place], there, missing)
    return _ordered(said.order[order], {place: clips}, there, missing) if clips and words else []


def _counter(letters: str, value: int, there: Collection[str], missing: list[str]) -> list[Clip]:
    """A counter's number as one clip; else digit by digit."""
    before = _whole(signs(letters), there, missing) if letters else []
    if letters and not before:
        return []
    whole = _whole([Clip(f"number-{value}")], there, missing)
    return before + whole if whole else before + _whole(signs(str(value)), there, missing)


def _whole(clips: list[Clip], there: Collection[str], missing: list[str]) -> list[Clip]:
    """All of these, or none if one of them is missing."""
    lacking = [clip.name for clip in clips if clip.name not in there]
    missing += lacking
    return [] if lacking else clips


def _ordered(order: list[str], parts: dict[str, list[Clip]], there: Collection[str], missing: list[str]) -> list[Clip]:
    def clips() -> Iterator[Clip]:
        for part in order:
            yield from parts[part] if part in parts else _whole([Clip(part)], there, missing)

    return list(clips())
