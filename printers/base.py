"""The interface between a kiosk and its printer: states, outcomes, errors."""

from concurrent.futures import Future
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from printers.papers import Paper
from protocol.errors import MotcuaError
from protocol.words import PrintOutcome

__all__ = [
    "PrintOutcome",
    "Printer",
    "PrinterSetupError",
    "PrinterState",
    "PrinterStatus",
    "PrinterUnreachable",
    "Transport",
]


class PrinterState(StrEnum):
    """What a printer says about itself; a printer that does not answer is `unknown`, never `ready`."""

    READY = "ready"
    PAPER_LOW = "paper_low"
    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    CUTTER_ERROR = "cutter_error"
    OFFLINE = "offline"
    UNKNOWN = "unknown"


class PrinterStatus(Struct, frozen=True):
    """A state and whether this printer can be asked at all; `age_seconds` is the time since it was asked."""

    state: PrinterState
    answers: bool = True
    age_seconds: float = 0.0
    tickets_left: int | None = None
    """How many tickets the roll is good for, estimated; none where nobody counts."""
    paper_ends_soon: bool = False
    """Whether so few are left that staff should bring a roll."""
    new_roll_likely: bool = False
    """Whether somebody opened the cover or put paper in: staff should be asked if the roll is a new one."""

    @property
    def may_print(self) -> bool:
        """Whether a ticket should be sent: it is ready, or it belongs to a model that never tells."""
        if self.state in (PrinterState.READY, PrinterState.PAPER_LOW):
            return True
        return self.state is PrinterState.UNKNOWN and not self.answers

    @property
    def needs_staff(self) -> bool:
        """Whether somebody should look after the printer now, although it may still print."""
        return self.state is not PrinterState.READY and (self.answers or self.state is PrinterState.OFFLINE)


class Printer(Protocol):
    """What a kiosk needs of a printer; no call waits for the device."""

    def status(self) -> PrinterStatus:
        """Return what the last poll found."""

    def print(self, paper: Paper) -> "Future[PrintOutcome]":
        """Print one paper; `unknown` when nobody can say what became of the paper."""

    def new_roll(self) -> None:
        """Staff put a new roll in."""

    def same_roll(self) -> None:
        """Staff say that the roll is still the same."""

    def close(self) -> None:
        """Finish the tickets in line and let go of the device."""


class Transport(Protocol):
    """A way for bytes to and from a printer; every call ends within the seconds given."""

    bytes_per_second: float
    """How fast the line is, for deadlines of long jobs."""

    def open(self, seconds: float, /) -> None:
        """Connect; raises PrinterUnreachable. Does nothing when open."""

    def write(self, data: bytes, seconds: float, /) -> None:
        """Hand over all of `data`; raises PrinterUnreachable when that fails or takes longer."""

    def read(self, seconds: float, /) -> bytes:
        """Return what has come, waiting for the first byte; empty when nothing came in time."""

    def title(self, words: str, /) -> None:
        """Name the next ticket, for transports that keep tickets as files."""

    def close(self) -> None:
        """Disconnect; never raises."""


class PrinterUnreachable(MotcuaError):
    """The device is not there, went away, or does not take what is sent; `taken` is how many bytes it took before."""

    def __init__(self, message: str, taken: int = 0) -> None:
        super().__init__(message)
        self.taken = taken


class PrinterSetupError(MotcuaError):
    """A printer's address or model is wrong: what, its value, what was expected, and the nearest name."""

    def __init__(self, what: str, value: str, expected: str, nearest: str | None = None) -> None:
        hint = f" (did you mean {nearest!r}?)" if nearest else ""
        super().__init__(f"{what} {value!r}: expected {expected}{hint}")
        self.what, self.value, self.expected, self.nearest = what, value, expected, nearest
