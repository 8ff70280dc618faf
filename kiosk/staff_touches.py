"""What a finger can mean in the staff's corner of the kiosk, what is then to be done, and what is to be seen there."""

from dataclasses import dataclass, field
from typing import Literal

from kiosk.touches import OpenHelperMode
from printers.base import PrinterStatus

Door = Literal["helper", "service"]
"""Where a PIN leads: taking numbers for others, or the service menu."""
Field = Literal["operator", "pin"]

# ---- what a finger can mean --------------------------------------------------


@dataclass(frozen=True)
class PressDigit:
    """A key of the PIN pad; which one is never logged."""

    digit: str = field(repr=False)


@dataclass(frozen=True)
class EraseDigit:
    """Take the last digit back."""


@dataclass(frozen=True)
class ChooseField:
    """Type into this field."""

    name: Field


@dataclass(frozen=True)
class ChooseDoor:
    """Say what the PIN is for."""

    door: Door


@dataclass(frozen=True)
class Enter:
    """The number or the PIN is whole."""


@dataclass(frozen=True)
class NoteNewRoll:
    """A new roll of paper was put in."""


@dataclass(frozen=True)
class NoteSameRoll:
    """It is still the old roll."""


@dataclass(frozen=True)
class PrintTest:
    """Print the test slip."""


@dataclass(frozen=True)
class ShowPapers:
    """Show the last tickets, to print one of them again."""


@dataclass(frozen=True)
class Reprint:
    """Print this ticket again, marked."""

    paper_id: str
    number: str


@dataclass(frozen=True)
class AskRestart:
    """Ask whether to start the program anew."""


@dataclass(frozen=True)
class AskClose:
    """Ask whether to end the program."""


@dataclass(frozen=True)
class Confirm:
    """Yes."""


@dataclass(frozen=True)
class GoBack:
    """One page back, from the first one out of the corner."""


@dataclass(frozen=True)
class Leave:
    """Out of the corner."""


StaffTouch = (
    PressDigit
    | EraseDigit
    | ChooseField
    | ChooseDoor
    | Enter
    | NoteNewRoll
    | NoteSameRoll
    | PrintTest
    | ShowPapers
    | Reprint
    | AskRestart
    | AskClose
    | Confirm
    | GoBack
    | Leave
)

# ---- what is then to be done -----------------------------------------------------


@dataclass(frozen=True)
class CheckPin:
    """Check the kiosk's own PIN; answered by `StaffCorner.pin_checked`."""

    pin: str = field(repr=False)


@dataclass(frozen=True)
class StopProgram:
    """End the program; `again`: have it started anew."""

    again: bool


StaffEffect = OpenHelperMode | CheckPin | NoteNewRoll | NoteSameRoll | PrintTest | ShowPapers | Reprint | StopProgram
"""`PrintTest` and `Reprint` are answered by `StaffCorner.printed`, `ShowPapers` by `papers_found`."""

# ---- what is to be seen of the kiosk ----------------------------------------------


@dataclass(frozen=True)
class LastPaper:
    """A ticket that was printed here lately; `clock` is when it was given, on the hall's clock."""

    paper_id: str
    number: str
    service: str
    clock: str


@dataclass(frozen=True)
class Condition:
    """How the kiosk is."""

    printer: PrinterStatus
    """With the tickets for which the paper is good, where somebody counts."""
    version: str
    has_pin: bool
    """Whether a PIN for the service menu was set."""
    to_hand_in: int = 0
    """Numbers given while the server was away that it has not heard of."""
    away: bool = False
    """Whether the server does not answer."""
