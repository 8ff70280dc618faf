"""Takes out of free text what tells who wrote it, and what no wall can draw; pure."""

import re
import unicodedata

HIDDEN = "***"
_NUMBER = re.compile(r"(?<!\d)\+?\d(?:[\s.,_/()·•\-–—]{0,3}\d){8,}")
"""Nine digits or more, however they are grouped: phones have 10, identity cards 9 or 12, bank cards 16; days have 8."""
_MAIL = re.compile(r"[^\s@]{1,64}\s?@\s?[^\s@]{1,255}(?:\.|\s\.\s)[^\s@.]{2,}")


def cleaned(text: str) -> str:
    """The text without such numbers and addresses; full-width and other digits count too, hidden signs between not."""
    return _MAIL.sub(HIDDEN, _NUMBER.sub(HIDDEN, _plain(text, "\n"))).strip()


def one_line(text: str) -> str:
    """The text (NFC) as a line: without signs that steer terminals or the direction of writing, spaces joined."""
    return unicodedata.normalize("NFC", " ".join(_plain(text).split()))


def _plain(text: str, kept: str = "") -> str:
    spaced = "".join(" " if _kind(sign) == "Cc" and sign not in kept else sign for sign in text)
    return "".join(sign for sign in spaced if sign in kept or not _kind(sign).startswith("C"))


def _kind(sign: str) -> str:
    return unicodedata.category(sign)
