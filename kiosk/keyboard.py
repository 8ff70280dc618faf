"""The keyboard on the screen: rows of keys, ten to a row, made for a finger. Pure."""

from dataclasses import dataclass

from kiosk.touches import ClearTyped, EraseLetter, SwitchTelex, Touch, TypeLetter

KEYS_PER_ROW = 10
LETTERS = "qwertyuiopasdfghjklzxcvbnm"
_DIGITS = "1234567890"


@dataclass(frozen=True)
class Key:
    """A key: what touching it means, what stands on it, how many keys wide it is."""

    touch: Touch
    text: str = ""
    """What stands on it; for keys that are no letter the name of a text, such as `key_space`."""
    width: float = 1.0
    named: bool = False
    """Whether `text` is the name of a text."""
    on: bool = False
    muted: bool = False
    """Whether nothing would be found with it; it still types."""


def rows(*, telex: bool = True, dead: frozenset[str] = frozenset(), digits: bool = True) -> tuple[tuple[Key, ...], ...]:
    """The rows of keys from top to bottom; each is `KEYS_PER_ROW` keys wide, or is set in by what it lacks."""
    return (
        *([tuple(_letter(digit, dead) for digit in _DIGITS)] if digits else []),
        tuple(_letter(letter, dead) for letter in LETTERS[:10]),
        tuple(_letter(letter, dead) for letter in LETTERS[10:19]),
        (*(_letter(letter, dead) for letter in LETTERS[19:]), Key(EraseLetter(), "key_erase", 2.0, named=True)),
        (
            Key(SwitchTelex(), "key_telex", 2.5, named=True, on=telex),
            Key(TypeLetter(" "), "key_space", 5.0, named=True),
            Key(ClearTyped(), "key_clear", 2.5, named=True),
        ),
    )


def _letter(letter: str, dead: frozenset[str]) -> Key:
    return Key(TypeLetter(letter), letter, muted=letter in dead)
