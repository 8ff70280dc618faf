"""Which clips a hall needs in a language, and what is spoken in each; pure."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from voice.calls import counter_number, name_clip
from voice.reading import VIETNAMESE
from voice.wording import Wording, number_words

USUAL_COUNTERS = 40
"""A set of clips for no hall in particular counts so far."""
_HIGHEST = 999


class Needs(Struct, frozen=True):
    """What a hall says: the names of its counters, the letters of its numbers, and letters as they are read there."""

    counters: tuple[str, ...] = tuple(str(number) for number in range(1, USUAL_COUNTERS + 1))
    letters: str | None = None
    """None: every letter."""
    readings: Mapping[str, str] = {}


def wanted(language: str, said: Wording, needs: Needs) -> dict[str, str]:
    """Every clip that the hall needs, and its words, in the order in which they are best recorded.

    Names that would share a clip have none: rather no counter is said than another's.
    """
    used = {part for order in said.order.values() for part in order}
    clips = {name: words for name, words in said.phrases.items() if name in used}
    clips |= {f"digit-{digit}": said.digits[digit] for digit in "0123456789"}
    clips |= {f"letter-{letter.lower()}": _letter(letter, said, needs) for letter in _letters(said, needs)}
    clips |= {f"number-{value}": number_words(language, said, value) for value in _numbers(needs.counters)}
    shared = {name for pair in same_clip(needs.counters) for name in map(name_clip, pair)}
    names = {name_clip(name): name for name in needs.counters if counter_number(name) is None}
    return clips | {clip: name for clip, name in names.items() if clip not in shared}


def may_be(name: str, said: Wording) -> bool:
    """Whether a language knows a clip of this name at all, for whatever hall."""
    kind, _, rest = name.partition("-")
    if kind == "number":
        return rest.isdecimal() and str(int(rest)) == rest and int(rest) <= _HIGHEST
    if kind == "name":
        return bool(rest)
    return (
        name in said.phrases
        or name in {f"digit-{digit}" for digit in said.digits}
        or (kind == "letter" and rest.upper() in said.letters)
    )


def voice_of(name: str, said: Wording) -> str:
    """Which voice of espeak-ng says a clip: the name of a counter is Vietnamese in every language."""
    return VIETNAMESE if name.startswith("name-") else said.voice


def same_clip(counters: Iterable[str]) -> list[tuple[str, str]]:
    """Names of counters that would share a clip although they differ."""
    first: dict[str, str] = {}
    named = [counter for counter in counters if counter_number(counter) is None]
    return [
        (first[name_clip(counter)], counter)
        for counter in named
        if first.setdefault(name_clip(counter), counter) != counter
    ]


def _letter(letter: str, said: Wording, needs: Needs) -> str:
    return needs.readings.get(letter) or said.letters[letter]


def _letters(said: Wording, needs: Needs) -> list[str]:
    own = {sign for counter in needs.counters for sign in (counter_number(counter) or ("", 0))[0]}
    return [letter for letter in said.letters if needs.letters is None or letter in own or letter in needs.letters]


def _numbers(counters: Iterable[str]) -> list[int]:
    return sorted({found[1] for found in map(counter_number, counters) if found})
