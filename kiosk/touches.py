"""What a finger can mean at the kiosk, and what the kiosk then has done."""

from dataclasses import dataclass, field

from printers.layout import Paper
from protocol.commands import BookPlace, CheckIn, GetPlace, GetTicket, IssueTicket, LookUpDossier, OpenHelper


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


@dataclass(frozen=True)
class ScanToken:
    """The code of a paper of this hall was held before the scanner: a ticket, an appointment, a come-back slip."""

    token: str


@dataclass(frozen=True)
class ScanDossier:
    """The code of a dossier's receipt was held before the scanner."""

    code: str


@dataclass(frozen=True)
class ScanPerson:
    """An identity card was held before the scanner; `person` is never shown, printed or logged."""

    person: str = field(repr=False)


Touch = (
    Begin
    | ChooseAgency
    | ChooseService
    | ChooseClass
    | TakePlace
    | TurnPage
    | Speak
    | Back
    | Home
    | TryAgain
    | ScanToken
    | ScanDossier
    | ScanPerson
)


@dataclass(frozen=True)
class Issue:
    """Ask the hall for a number, or for a place; kept in the kiosk's journal until its paper is out."""

    request_id: str
    command: IssueTicket | BookPlace | CheckIn


@dataclass(frozen=True)
class Query:
    """Ask the hall something that changes no line."""

    request_id: str
    command: GetTicket | GetPlace | LookUpDossier | OpenHelper


@dataclass(frozen=True)
class Print:
    """Print the paper of a ticket or of a place; `slip_id` is its id. What became of a ticket's paper is reported."""

    slip_id: int
    paper: Paper


Effect = Issue | Query | Print
