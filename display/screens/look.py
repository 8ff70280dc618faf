"""The wall's own colours and sizes, beside those of all screens in `config.theme`."""

from typing import NamedTuple

from config import theme
from config.theme import Colour, colour

ROW_SERVED = colour("#0d2a5c")
"""Ground of a call whose citizen is at the counter."""
ROW_AWAITED = colour("#12408c")
"""Ground of a call that is still waited for."""
PLATE_SERVED = colour("#1b3f80")
"""Plate of a counter that is busy with its citizen."""
PANEL = colour("#0d2a5c")
"""Ground of the panels beside the calls."""
RULE = colour("#33558f")
"""Lines on dark grounds; never text."""
ALARM = colour("#780000")
"""Ground of an emergency."""

READABLE = [
    (theme.ON_DEEP, PANEL),
    (theme.ON_DEEP_SOFT, PANEL),
    (theme.ACCENT, PANEL),
    (theme.ON_DEEP, ALARM),
    (theme.ACCENT, ALARM),
]
"""Pairs (text, ground) of the wall that neither `config.theme` nor `LOOKS` lists."""

DIGIT_SHARE = 0.101
"""Height of a called digit as a share of the picture's height: a little over the tenth that is read at 10 m."""
DIGIT_OF_FONT = 0.711
"""Height of a digit of the bold face as a share of its font size."""
ROW_OF_DIGIT = 1.24
"""Least height of a row of calls as a share of its digits' height."""
COUNTER_SCALES_WIDE = (1.0,)
COUNTER_SCALES_NARROW = (1.0, 0.7)
COUNTER_SCALES_UPRIGHT = (0.8, 0.65, 0.5)
"""Sizes of the counter as shares of the number's: the first at which the widest number keeps its full size."""


class Look(NamedTuple):
    """How a call looks: the row, its number and words, and the plate that holds its counter."""

    ground: Colour
    number: Colour
    words: Colour
    plate: Colour
    counter: Colour


SERVED = Look(ROW_SERVED, theme.ON_DEEP, theme.ON_DEEP_SOFT, PLATE_SERVED, theme.ON_DEEP)
AWAITED = Look(ROW_AWAITED, theme.ON_DEEP, theme.ON_DEEP, theme.ACCENT, theme.INK)
LIT = Look(theme.ACCENT, theme.INK, theme.INK, theme.INK, theme.ACCENT)
UNLIT = Look(theme.DEEPER, theme.ACCENT, theme.ACCENT, theme.ACCENT, theme.INK)
LOOKS = (SERVED, AWAITED, LIT, UNLIT)
