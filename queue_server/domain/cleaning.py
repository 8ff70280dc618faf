"""Takes out of free text what tells who wrote it: numbers of phones and cards, addresses of mail; pure."""

import re

HIDDEN = "***"
_NUMBER = re.compile(r"(?<!\w)\+?\d(?:[\s.\-()]{0,2}\d){8,}(?!\w)")
"""Nine digits or more, however they are grouped: phones have 10, identity cards 9 or 12, bank cards 16; days have 8."""
_MAIL = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}\.[^\s@.]{2,}")


def cleaned(text: str) -> str:
    """The text without such numbers and addresses; full-width and other digits count too."""
    return _MAIL.sub(HIDDEN, _NUMBER.sub(HIDDEN, text)).strip()
