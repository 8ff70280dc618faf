"""What stands in the place of pictures while none can be shown: what the hall asks of everybody, and its hours."""

import datetime as dt

from msgspec import Struct

from config.settings import WEEKDAYS
from display.board import Board
from display.names import Pair, said
from protocol.replies import HallReply


class HallNotice(Struct, frozen=True):
    """Two sentences."""

    said: Pair
    more: Pair


def hall_notice(board: Board, now: float) -> HallNotice:
    """The notice at `now` (monotonic seconds)."""
    clock, hall = board.clock(now), board.hall
    return HallNotice(said("watch"), _hours(hall, clock.date()) if hall and clock and hall.hours else ("", ""))


def _hours(hall: HallReply, day: dt.date) -> Pair:
    spans = hall.special_days.get(day.isoformat())
    if spans is None:
        spans = [] if day in hall.holidays else hall.hours.get(WEEKDAYS[day.weekday()], [])
    if not spans:
        return said("hours_none")
    return said("hours_today", spans=", ".join(span.replace("-", "–") for span in spans))
