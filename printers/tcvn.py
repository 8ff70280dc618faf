"""Vietnamese in a printer's own letters: the two TCVN-3 code pages, one with small and one with capital letters."""

import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import groupby

_LOWER = "........ăâêôơưđ......àảãáạ.ằẳẵắ.......ặầẩẫấậè.ẻẽéẹềểễếệìỉ...ĩíịò.ỏõóọồổỗốộờởỡớợù.ủũúụừửữứựỳỷỹýỵ."
_UPPER = ".ĂÂ....Đ..ÊÔƠƯ.......ÀẢÃÁẠ.ẰẲẴẮ.......ẶẦẨẪẤẬÈ.ẺẼÉẸỀỂỄẾỆÌỈ...ĨÍỊÒ.ỎÕÓỌỒỔỖỐỘỜỞỠỚỢÙ.ỦŨÚỤỪỬỮỨỰỲỶỸÝỴ."
"""What the bytes from 0xA0 print; a point is nothing. Source: the tables of python-escpos, with Đ for their Ð."""
_PLAIN = {"–": "-", "—": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "·": "-", "…": "...", "\N{NO-BREAK SPACE}": " "}


@cache
def page_letters(upper: bool) -> dict[str, int]:
    """The letters of a page with their bytes."""
    return {letter: 0xA0 + place for place, letter in enumerate(_UPPER if upper else _LOWER) if letter != "."}


def letter_of(byte: int, *, upper: bool) -> str:
    """The letter that a byte prints on a page; empty for none."""
    if byte < 0x80:
        return chr(byte)
    letter = (_UPPER if upper else _LOWER)[byte - 0xA0] if byte >= 0xA0 else "."
    return "" if letter == "." else letter


def in_pages(words: str) -> Iterator[tuple[bool | None, bytes]]:
    """The bytes of a text, in stretches of one page: small letters False, capitals True, None where any page does.

    Raises ValueError for a letter that neither page has.
    """
    coded = [_coded(letter) for letter in unicodedata.normalize("NFC", _plain(words))]
    for upper, stretch in groupby(coded, key=lambda one: one[0]):
        yield upper, bytes(byte for _, byte in stretch)


def _plain(words: str) -> str:
    """A text with the dashes and quotation marks that every printer has."""
    return "".join(_PLAIN.get(letter, letter) for letter in words)


def _coded(letter: str) -> tuple[bool | None, int]:
    """The page and the byte of a letter."""
    if " " <= letter <= "~":
        return None, ord(letter)
    for upper in (False, True):
        if letter in page_letters(upper):
            return upper, page_letters(upper)[letter]
    raise ValueError(f"no TCVN-3 page has {letter!r}")
