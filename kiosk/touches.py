"""What a finger can mean at the kiosk, and what the kiosk then has done."""

from dataclasses import dataclass

from printers.layout import Paper
from protocol.commands import BookPlace, IssueTicket


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
class TakePlace:
    """Take one of the first places of the next day of work instead of a number."""


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


Touch = Begin | ChooseAgency | ChooseService | ChooseClass | TakePlace | TurnPage | Speak | Back | Home | TryAgain


@dataclass(frozen=True)
class Issue:
    """Ask the hall for a number, or for a place."""

    request_id: str
    command: IssueTicket | BookPlace


@dataclass(frozen=True)
class Print:
    """Print the paper of a ticket or of a place; `slip_id` is its id. What became of a ticket's paper is reported."""

    slip_id: int
    paper: Paper


Effect = Issue | Print
