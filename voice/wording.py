"""How a language says a call: the order of the clips, and what is spoken in each. One TOML file per language."""

import re
import tomllib
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from voice.files import is_file
from voice.reading import VIETNAMESE, number

FILE = "phrases.toml"
"""In a folder of recordings: what is said otherwise there, or how a language of its own says a call."""
_FOLDER = Path(__file__).parent / "phrases"
_GROUPS = ("order", "phrases", "digits", "letters", "numbers")
_PLACES = {
    "call": {"{ticket}", "{counter}"},
    "again": {"{ticket}", "{counter}"},
    "numbered": {"{number}"},
    "named": {"{name}"},
}
"""The orders, and what the program puts into each."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
_LETTER = re.compile(r"[A-Z]")


class WordingError(Exception):
    """A file of phrases that can't be used; the message says what is wrong."""


class Wording(Struct, frozen=True, forbid_unknown_fields=True):
    """A language's way to say a call.

    `voice` of espeak-ng, empty: only people speak it. `order`: lists of phrases and places such as `{ticket}`.
    `numbers`: how counters are numbered, where that differs from the plain number.
    """

    order: dict[str, list[str]]
    phrases: dict[str, str]
    digits: dict[str, str]
    letters: dict[str, str]
    voice: str = ""
    numbers: dict[str, str] = {}


def shipped_languages() -> list[str]:
    """The languages whose wording comes with the program, Vietnamese first."""
    return sorted((path.stem for path in _FOLDER.glob("*.toml")), key=lambda language: (language != "vi", language))


@cache
def shipped(language: str) -> Wording | None:
    """The wording that comes with the program; None for other languages."""
    path = _FOLDER / f"{language}.toml"
    return _wording(_read(path), path) if path.is_file() else None


def wording(language: str, folder: Path) -> Wording | None:
    """How a language is said with the recordings of a folder; None if nobody has told. Raises WordingError."""
    own = folder / FILE
    if not is_file(own):
        return shipped(language)
    tables, usual = _read(own), _FOLDER / f"{language}.toml"
    return _wording(_merged(_read(usual), tables) if usual.is_file() else tables, own)


def number_words(language: str, said: Wording, value: int) -> str:
    """What is spoken for a counter's number: `21` → `hai mươi mốt`."""
    words = said.numbers.get(str(value))
    return words or (number(value) if language == VIETNAMESE else str(value))


def _read(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as fault:
        raise WordingError(f"{path}: {fault}") from fault


def _merged(usual: dict[str, object], own: dict[str, object]) -> dict[str, object]:
    merged = dict(usual)
    for key, value in own.items():
        below = usual.get(key)
        merged[key] = {**below, **value} if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _wording(tables: dict[str, object], path: Path) -> Wording:
    try:
        found = msgspec.convert(tables, Wording)
    except msgspec.ValidationError as fault:
        raise WordingError(f"{path}: {fault}") from fault
    faults = [*_order_faults(found), *_key_faults(found)]
    if faults:
        raise WordingError(f"{path}: {'; '.join(faults)}")
    return found


def _order_faults(found: Wording) -> list[str]:
    faults = [f"order.{key}: missing" for key in _PLACES if key not in found.order]
    for key, parts in found.order.items():
        places = {part for part in parts if part.startswith("{")}
        if places != _PLACES.get(key):
            faults.append(f"order.{key}: expected {' '.join(sorted(_PLACES.get(key, {'nothing'})))}")
        faults += [f"order.{key}: no phrase {part!r}" for part in parts if part not in places | found.phrases.keys()]
    return faults


def _key_faults(found: Wording) -> list[str]:
    wrong = [f"phrases.{key}: expected small letters, digits, -" for key in found.phrases if not _NAME.fullmatch(key)]
    wrong += [f"digits.{key}: missing" for key in "0123456789" if key not in found.digits]
    return wrong + [
        f"letters.{key}: expected one capital letter" for key in found.letters if not _LETTER.fullmatch(key)
    ]
