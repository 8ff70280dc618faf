"""Words as they are compared: small letters without marks, and apart from them the marks that were typed. Pure."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import NamedTuple

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_WORD = re.compile(r"[^\W_]+")
_CODE = re.compile(r"\d\.\d[\d.]*(?:[GHgh]\d+)?")
_NATIONAL_DIGITS = len("1001193")


class Word(NamedTuple):
    """A word: its bare letters, its letters with their quality marks, its tone, and where it stands in its text.

    The tone lies apart, so that `hóa` and `hoá` are the same word.
    """

    bare: str
    marked: str
    tone: str
    start: int
    end: int

    def agrees(self, typed: "Word") -> bool:
        """Whether every mark that was typed is there; what was typed without a mark agrees with any."""
        if typed.tone and typed.tone != self.tone:
            return False
        pairs = zip(typed.marked, typed.bare, self.marked, strict=False)
        return all(letter in (plain, own) for letter, plain, own in pairs)


def words_of(text: str) -> list[Word]:
    """The words of a text in Unicode NFC, in their order."""
    return [Word(*_parts(found[0]), found.start(), found.end()) for found in _WORD.finditer(text)]


def typed_words(typed: str) -> list[Word]:
    """The words of what was typed; a procedure's code becomes one word of its national digits, however far typed."""
    return words_of(_CODE.sub(_national, unicodedata.normalize("NFC", typed)))


def _national(code: re.Match[str]) -> str:
    return re.sub(r"\D", "", code[0])[:_NATIONAL_DIGITS]


def bare(text: str) -> str:
    """The words of a text without marks, with one blank between them."""
    return " ".join(_parts(word)[0] for word in _WORD.findall(unicodedata.normalize("NFC", text)))


@cache
def _letter(letter: str) -> tuple[str, str, str]:
    """A letter's bare form, its form with its quality mark, and its tone; each form one letter long."""
    small = letter.lower()[:1]
    parts = unicodedata.normalize("NFD", small)
    tone = "".join(part for part in parts if part in _TONES)
    marked = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))[:1]
    return "d" if small == "đ" else parts[0], marked or small, tone


@lru_cache(maxsize=8192)
def _parts(word: str) -> tuple[str, str, str]:
    bare, marked, tones = zip(*map(_letter, word), strict=True)
    return "".join(bare), "".join(marked), "".join(tones)
