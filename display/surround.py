"""What stands around every kind of display at one moment: names, clock, bottom line, notices, age of the data."""

from itertools import zip_longest

from msgspec import Struct

from display import wording
from display.board import Board, Freshness
from protocol.replies import AnnouncementInfo
from protocol.words import AnnouncementKind, DisplayKind

Pair = tuple[str, str]
"""The same in Vietnamese and English."""

_TELL_THE_RULE: tuple[DisplayKind, ...] = ("main", "one_call", "summary")
"""The kinds that show who is called: they say by which rule."""


class Surround(Struct, frozen=True):
    """What the frame says."""

    freshness: Freshness
    connecting: bool
    hall: Pair
    zone: str
    clock: str
    date: str
    lines: list[Pair]
    age_mark: str
    age_words: Pair
    notices: list[Pair]
    emergencies: list[Pair]


def surround(board: Board, now: float) -> Surround:
    """The frame's words at `now` (monotonic seconds)."""
    freshness, clock, hall, age = board.freshness(now), board.clock(now), board.hall, board.age(now)
    announced = board.announcements(now)
    return Surround(
        freshness=freshness,
        connecting=age is None,
        hall=(hall.name, hall.name_en) if hall else ("", ""),
        zone=_zone(board),
        clock=f"{clock:%H:%M}" if clock else "",
        date=wording.date(clock.date()) if clock else "",
        lines=_pairs(announced, "ticker") + _lines(board),
        age_mark=wording.age_mark(age) if age is not None and freshness > Freshness.LIVE else "",
        age_words=wording.age_words(age) if age is not None and freshness > Freshness.MARKED else ("", ""),
        notices=_pairs(announced, "announcement"),
        emergencies=_pairs(announced, "emergency"),
    )


def _pairs(announced: list[AnnouncementInfo], kind: AnnouncementKind) -> list[Pair]:
    """Newest first."""
    return [(one.text, one.text_en) for one in reversed(announced) if one.kind == kind]


def _lines(board: Board) -> list[Pair]:
    """What the hall file lets run along, and the calling rule where numbers are called."""
    if board.hall is None:
        return []
    habits = board.hall.wall
    lines = list(zip_longest(habits.ticker, habits.ticker_en, fillvalue="")) if habits else []
    rule = [wording.rule(board.hall.classes)] if board.info.kind in _TELL_THE_RULE else []
    return rule + [line for line in lines if line[0]]


def _zone(board: Board) -> str:
    """The services of this display, where it does not show all; a counter's sign says it itself."""
    if board.hall is None or not board.info.service_ids or board.info.kind == "counter":
        return ""
    names = [service.name for service in board.hall.services if board.in_zone(service.service_id)]
    return wording.zone(names)
