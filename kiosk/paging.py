"""How much fits on one page of a screen: so many choices, and so many lines of their names. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

LETTERS_PER_LINE = 50
"""So many letters stand in one line of a tile as wide as an upright window."""
LONGEST_ON_A_TILE = 400
LEAST_LINES = 3.8
"""So many lines are as high as a finger needs."""


@dataclass(frozen=True)
class Page:
    """The choices from `first` up to, not including, `last`."""

    first: int
    last: int


def shortened(name: str, longest: int = LONGEST_ON_A_TILE) -> str:
    """A name for a tile: a very long one ends at a word; its own page says it whole."""
    return name if len(name) <= longest else name[:longest].rsplit(" ", 1)[0].rstrip(" ,;:(") + "…"


def lines(name: str) -> int:
    """How many lines a name takes on a tile."""
    return -(-len(shortened(name)) // LETTERS_PER_LINE) or 1


def row_lines(name: str, more: str = "") -> float:
    """How many lines of a page the row of a name takes with what is around it, and `more` under it."""
    return max(lines(name) + (2.6 if more else 1.2), LEAST_LINES)


def pages_of(costs: Iterable[float], most: int, room: float) -> list[Page]:
    """Split choices into pages of at most `most`, whose costs are at most `room` where one alone is not more."""
    pages, first, count, used = [], 0, 0, 0.0
    for at, cost in enumerate(costs):
        if at - first == most or (at > first and used + cost > room):
            pages.append(Page(first, at))
            first, used = at, 0.0
        used, count = used + cost, at + 1
    return [*pages, Page(first, count)]
