"""Letters and digits of the small signs: what fits, in the code page they have, and how it blinks."""

import unicodedata

CODE_PAGE = "cp1251"
BLINK_NEVER, BLINK_ALWAYS = 0x20, 0x21


def blinks(times: int) -> int:
    """The code of so many blinks (1 to 94), steady afterwards."""
    return BLINK_ALWAYS + min(max(times, 1), 94)


def letters(words: str, count: int) -> bytes:
    """Exactly `count` letters of `words` for a sign that has no Vietnamese ones; what it lacks altogether is a `?`."""
    marked = unicodedata.normalize("NFD", words.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(letter for letter in marked if not unicodedata.combining(letter) and letter.isprintable())
    return plain[:count].ljust(count).encode(CODE_PAGE, errors="replace")


def last_digits(number: str, count: int = 3) -> str:
    """The last digits of a ticket's number, with zeros before them if there are fewer; its letters have no room."""
    digits = "".join(letter for letter in number if letter in "0123456789")
    return digits[-count:].rjust(count, "0")
