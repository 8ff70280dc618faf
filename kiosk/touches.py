"""What a finger can mean at the kiosk, and what the kiosk then has done."""

from dataclasses import dataclass

from printers.layout import TicketPaper
from protocol.commands import IssueTicket


@dataclass(frozen=True)
class Begin:
    """Leave the first screen."""


@dataclass(frozen=True)
class ChooseAgency:
    """Show the services of an agency."""

    agency_id: str


@dataclass(frozen=True)
class ChooseService:
    """Take this service."""

    service_id: str


@dataclass(frozen=True)
class ChooseClass:
    """Take a number of this class."""

    class_id: str


@dataclass(frozen=True)
class TurnPage:
    """Show another page of tiles, 0 is the first."""

    page: int


@dataclass(frozen=True)
class Speak:
    """Go on in another language."""

    language: str


@dataclass(frozen=True)
class Back:
    """Go one screen back."""


@dataclass(frozen=True)
class Home:
    """Forget everything and show the first screen."""


@dataclass(frozen=True)
class TryAgain:
    """Repeat the same request, with the same request_id."""


Touch = Begin | ChooseAgency | ChooseService | ChooseClass | TurnPage | Speak | Back | Home | TryAgain


@dataclass(frozen=True)
class Issue:
    """Ask the hall for a number."""

    request_id: str
    command: IssueTicket


@dataclass(frozen=True)
class Print:
    """Print a ticket and report what became of its paper."""

    ticket_id: int
    paper: TicketPaper


Effect = Issue | Print
