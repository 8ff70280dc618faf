"""What a screen is made of, ready to be drawn: plain words and tiles."""

from dataclasses import dataclass

from kiosk.keyboard import Key
from kiosk.stages import Screen
from kiosk.tiles import Tile
from kiosk.touches import Touch


@dataclass(frozen=True)
class Frame:
    """What surrounds every screen; `seconds_left` is empty where nothing ends by itself."""

    hall_name: str
    hall_address: str
    clock: str
    date: str
    language: str
    languages: tuple[tuple[str, str], ...]
    help: str
    seconds_left: str
    share_left: float
    back: str
    home: str
    pages: tuple[str, str, str]
    """The words for the page before, this page and the page after; empty where one page holds everything."""


@dataclass(frozen=True)
class View:
    """A whole screen: title, lines, tiles; what a screen has no use for is empty."""

    screen: Screen
    frame: Frame
    title: str = ""
    more: str = ""
    notice: str = ""
    chosen: str = ""
    chosen_name: str = ""
    chosen_waiting: str = ""
    tiles: tuple[Tile, ...] = ()
    classes: tuple[Tile, ...] = ()
    """Priority classes of which one is chosen, where that is done beside something else."""
    page: int = 0
    pages: int = 1
    number: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    papers: tuple[str, ...] = ()
    """The papers that a procedure needs."""
    code: str = ""
    button: str = ""
    button_more: str = ""
    means: Touch | None = None
    """What the button says to the kiosk."""
    muted: bool = False
    """Whether the button leads to nothing but explanations."""
    others: tuple[Tile, ...] = ()
    """Further buttons, beside the one."""
    typed: str = ""
    keys: tuple[tuple[Key, ...], ...] = ()
    """The rows of the keyboard, with their words."""
    pictogram: str = ""
    arrival: tuple[str, str] = ("", "")
    """For who took a place from home: the letters to type on the phone, and the address behind the QR."""
    arrival_words: tuple[str, str] = ("", "")
    """Whom they are for, and what to do with them."""
