"""What a finger can mean at the kiosk, and what the kiosk then has done."""

from dataclasses import dataclass, field

from printers.layout import Paper
from protocol.commands import BookPlace, CheckIn, GetPlace, GetTicket, IssueTicket, LookUpDossier, OpenHelper


@dataclass(frozen=True)
class Begin:
    """Leave the first screen."""


@dataclass(frozen=True)
class ChoosePurpose:
    """Say what one comes for."""

    purpose_id: str


@dataclass(frozen=True)
class ChooseAgency:
    """Show the services of an agency."""

    agency_id: str


@dataclass(frozen=True)
class ChooseService:
    """Take this service."""

    service_id: str


@dataclass(frozen=True)
class ChooseField:
    """Show the procedures of an official field."""

    field: str


@dataclass(frozen=True)
class ChooseProcedure:
    """Show a procedure's page."""

    code: str


@dataclass(frozen=True)
class TakeNumber:
    """Take a number for what is shown: a service, a procedure, a result that is ready."""


@dataclass(frozen=True)
class PrintProcedure:
    """Print what a procedure needs."""


@dataclass(frozen=True)
class Stay:
    """Take a number although many people wait."""


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
class Search:
    """Look for a procedure by its words."""


@dataclass(frozen=True)
class TypeLetter:
    """A key of the keyboard on the screen; a space is a letter too."""

    letter: str


@dataclass(frozen=True)
class EraseLetter:
    """Take the last letter back."""


@dataclass(frozen=True)
class ClearTyped:
    """Take everything back that was typed."""


@dataclass(frozen=True)
class SwitchTelex:
    """Let keys make accents, or not."""


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
class PrintAgain:
    """Print the paper once more: it did not come, or nobody knows."""


@dataclass(frozen=True)
class OpenHelperMode:
    """Let a person of the hall take numbers for others here; the PIN is never shown or logged."""

    operator_id: str
    pin: str = field(repr=False)


@dataclass(frozen=True)
class LeaveHelperMode:
    """Give the kiosk back to the citizens."""


@dataclass(frozen=True)
class WriteNote:
    """Write a note for the counter, for who is helped."""


@dataclass(frozen=True)
class KeepNote:
    """The note is written."""


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


Scan = ScanToken | ScanDossier | ScanPerson
"""What a scanner can read."""

Typing = TypeLetter | EraseLetter | ClearTyped | SwitchTelex
"""What the keyboard on the screen can mean."""

Touch = (
    Begin
    | ChoosePurpose
    | ChooseAgency
    | ChooseService
    | ChooseField
    | ChooseProcedure
    | TakeNumber
    | PrintProcedure
    | Stay
    | ChooseClass
    | TakePlace
    | TurnPage
    | Search
    | Typing
    | Speak
    | Back
    | Home
    | TryAgain
    | PrintAgain
    | OpenHelperMode
    | LeaveHelperMode
    | WriteNote
    | KeepNote
    | Scan
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


LEAFLET = -1
"""In the place of a slip's id: the paper of a procedure, which is no ticket; a number given alone has 0."""


@dataclass(frozen=True)
class Print:
    """Print the paper of a ticket or of a place, `slip_id` is its id, or of a procedure (`LEAFLET`).

    What became of a ticket's paper is reported; `reprint`: it is a further one.
    """

    slip_id: int
    paper: Paper
    reprint: bool = False


Effect = Issue | Query | Print
