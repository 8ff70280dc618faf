"""The interface to a kind of box on a serial line: bytes in become presses, what a counter shows becomes frames.

docs/hardware.md, "Write a driver for the next box", tells how to add one.
"""

from enum import Enum
from typing import Protocol

from msgspec import Struct

from counter.desk import Face
from counter.keys import Press


class Frame(Struct, frozen=True):
    """A whole frame from a box: how many bytes it took, whose it is, what was pressed and how it is acknowledged."""

    size: int
    address: int
    press: Press | None = None
    """None: the frame is whole, but it is no key that this program knows."""
    answer: bytes = b""
    """Sent back at once, also for a press that is repeated; empty: this box expects nothing."""


class Scan(Enum):
    """What the beginning of some bytes is, if it is no whole frame."""

    UNFINISHED = "unfinished"
    """It may become a frame: wait for more."""
    NOISE = "noise"
    """No frame of this family begins here."""


class Picture(Struct, frozen=True):
    """A frame to a box; of several waiting for the same `slot` of one address only the newest is sent."""

    slot: str
    frame: bytes


class Driver(Protocol):
    """One family of boxes; it keeps no state, so that one object serves all addresses of a line."""

    family: str
    """Its name on the command line."""
    baud: int
    """The speed of its line, 8 data bits, no parity, 1 stop bit."""
    addresses: range
    """The addresses that its boxes can have."""
    gap_seconds: float
    """How long the line is left alone after a frame to such a box."""

    def scan(self, data: bytes, /) -> Frame | Scan:
        """Say what the (never empty) `data` begins with."""

    def show(self, address: int, face: Face, before: Face | None) -> list[Picture]:
        """The frames that bring a box from `before` to `face`; without `before`: all of it, without beeps or blinks."""

    def refuse(self, address: int, /) -> list[Picture]:
        """The frames that tell a person that a press did nothing; a second later the box is shown its face again."""
