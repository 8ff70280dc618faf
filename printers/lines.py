"""The lines that a paper is made of; they know nothing of dots, bytes or devices."""

from enum import Enum
from typing import Literal

from msgspec import Struct

Align = Literal["left", "center", "right"]


class Size(Enum):
    """How large a text is, relative to the width of the paper."""

    SMALL = "small"
    NORMAL = "normal"
    LARGE = "large"


class Text(Struct, frozen=True):
    """A text that may run over several lines of paper; `fixed` if it is the same on every paper of the hall."""

    text: str
    size: Size = Size.NORMAL
    bold: bool = False
    align: Align = "center"
    fixed: bool = False


class Fact(Struct, frozen=True):
    """A label and, standing out from it, its value."""

    label: str
    value: str
    size: Size = Size.NORMAL
    align: Align = "center"


class Item(Struct, frozen=True):
    """One entry of a list: its mark, and its text set in beside it."""

    mark: str
    text: str
    size: Size = Size.NORMAL


class Banner(Struct, frozen=True):
    """White text on a black bar, for what staff must see at once."""

    text: str


class Number(Struct, frozen=True):
    """The ticket's number, as large as the paper allows; a smaller size is 12 mm high."""

    text: str
    size: Size = Size.LARGE


class QrCode(Struct, frozen=True):
    """A QR code with its quiet zone."""

    data: str


class Logo(Struct, frozen=True):
    """A picture of the hall: grey values row by row, 0 black to 255 white, one per dot of 1/8 mm."""

    width: int
    height: int
    grey: bytes
    align: Align = "center"


class Ruler(Struct, frozen=True):
    """A scale of millimetres across the whole printable width, which shows what a model's width is worth."""


class Feed(Struct, frozen=True):
    """White paper, in dots of 1/8 mm."""

    dots: int


class Rule(Struct, frozen=True):
    """A thin line across the paper."""


class Cut(Struct, frozen=True):
    """The end of the ticket."""


Line = Text | Fact | Item | Banner | Number | QrCode | Logo | Ruler | Feed | Rule | Cut
