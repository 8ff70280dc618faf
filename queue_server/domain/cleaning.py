"""Takes out of free text what tells who wrote it, and what no wall can draw; pure."""

import re
import unicodedata

HIDDEN = "***"
_NUMBER = re.compile(r"(?<!\w)\+?\d(?:[\s.\-()]{0,2}\d){8,}(?!\w)")
"""Nine digits or more, however they are grouped: phones have 10, identity cards 9 or 12, bank cards 16; days have 8."""
_MAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}\.[^\s@.]{2,}")


def cleaned(text: str) -> str:
    """The text without such numbers and addresses; full-width and other digits count too."""
    return _MAIL.sub(HIDDEN, _NUMBER.sub(HIDDEN, text)).strip()


def one_line(text: str) -> str:
    """The text (NFC) as a line: without signs that steer terminals or the direction of writing, spaces joined."""
    spaced = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text)
    plain = (sign for sign in spaced if not unicodedata.category(sign).startswith("C"))
    return unicodedata.normalize("NFC", " ".join("".join(plain).split()))
