"""More things than places: which of them are shown now, in pages that turn by themselves."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from msgspec import Struct

PAGE_SECONDS = 5.0

T = TypeVar("T")


class Page(Struct, Generic[T], frozen=True):
    """The items of one page, its place (from 0) and how many pages there are."""

    items: list[T]
    page: int = 0
    pages: int = 1


def turn(items: Sequence[T], places: int, now: float, seconds: float = PAGE_SECONDS) -> Page[T]:
    """The page whose turn it is at `now` (seconds)."""
    pages = page_count(len(items), places)
    return open_at(items, places, int(now // seconds) % pages)


def open_at(items: Sequence[T], places: int, page: int) -> Page[T]:
    """A given page; the last one is as full as the others, with what the page before it showed last."""
    begin = min(page * places, max(0, len(items) - places))
    return Page(list(items[begin : begin + places]), page, page_count(len(items), places))


def page_count(count: int, places: int) -> int:
    """How many pages `count` items need; at least one."""
    return max(1, -(-count // max(1, places)))
