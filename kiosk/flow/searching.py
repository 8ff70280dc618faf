"""Typing: the words of a procedure, or a note for the counter."""

from typing import TYPE_CHECKING

from kiosk.keyboard import LETTERS
from kiosk.stages import MAY_SEARCH, Screen
from kiosk.telex import composed, erased, spelled
from kiosk.touches import ClearTyped, Effect, EraseLetter, Search, SwitchTelex, Touch, TypeLetter
from kiosk.visit import Visit

if TYPE_CHECKING:
    from kiosk.flow.machine import Flow

LONGEST = {Screen.SEARCH: 60, Screen.NOTE: 160}
"""How many letters can be typed."""
_DIGITS_AND_SIGNS = "0123456789 .,-/"


def touched(flow: "Flow", touch: Touch, _request_id: str, now: float) -> list[Effect] | None:
    """What a touch means where something is typed; none if it means nothing there."""
    visit = flow.visit
    match touch, flow.screen:
        case Search(), screen if screen in MAY_SEARCH and screen is not Screen.SEARCH and flow.hall.procedures:
            visit.keys = ""
            flow.go(Screen.SEARCH, now)
        case TypeLetter(letter), Screen.SEARCH | Screen.NOTE if letter in [*LETTERS, *_DIGITS_AND_SIGNS]:
            _type(visit, letter)
        case EraseLetter(), Screen.SEARCH | Screen.NOTE:
            _change(visit, erased(visit.keys) if visit.telex else visit.keys[:-1])
        case ClearTyped(), Screen.SEARCH | Screen.NOTE:
            _change(visit, "")
        case SwitchTelex(), Screen.SEARCH | Screen.NOTE:
            shown = typed(visit)
            visit.telex = not visit.telex
            _change(visit, spelled(shown) if visit.telex else shown)
        case _:
            return None
    return []


def typed(visit: Visit) -> str:
    """What the keys say."""
    return composed(visit.keys) if visit.telex else visit.keys


def _type(visit: Visit, letter: str) -> None:
    """A word begins after one space; what is too long takes no further key."""
    too_long = len(typed(visit)) >= LONGEST[visit.screen]
    if not too_long and not (letter == " " and visit.keys[-1:] in ("", " ")):
        _change(visit, visit.keys + letter)


def _change(visit: Visit, keys: str) -> None:
    visit.keys, visit.page = keys, 0
