"""What a kiosk may ask of the hall: numbers, places, check-ins, and what it needs to go on without the server."""

import datetime as dt
from typing import Annotated

from msgspec import Meta, Struct

from protocol.words import Comment, Id, PrintOutcome, RequestId, Seq, ShortText, TicketId, Token

Language = Annotated[str, Meta(max_length=8)]
ProcedureCode = Annotated[str, Meta(max_length=64)]
Pin = Annotated[str, Meta(min_length=1, max_length=64)]
Count = Annotated[int, Meta(ge=1, le=2**32 - 1)]
DossierCode = Annotated[str, Meta(min_length=1, max_length=64)]


class _Message(Struct, frozen=True, gc=False, tag_field="type", omit_defaults=False):
    """A message that travels with its own name in the field `type`."""


class IssueTicket(_Message, frozen=True, tag="issue_ticket"):
    """Take a number for a service; answered by `TicketIssuedReply`.

    `person`: what identifies the citizen, only where the service asks for it; it guards against two open numbers, is
    kept as a keyed hash for the day and nowhere else. `operator_id`: who takes it for a citizen; with a `note` for the
    counter.
    """

    service_id: Id
    class_id: Id = "ordinary"
    language: Language = "vi"
    procedure_code: ProcedureCode | None = None
    person: Annotated[str, Meta(min_length=1, max_length=64)] | None = None
    operator_id: Id | None = None
    note: Comment = ""

    def __repr__(self) -> str:
        """Without who asks and what was noted: they stand in no log."""
        return f"IssueTicket(service_id={self.service_id!r}, class_id={self.class_id!r})"


class BookPlace(_Message, frozen=True, tag="book_place"):
    """Take one of the first places of the next day of work, when no number is given any more today."""

    service_id: Id
    class_id: Id = "ordinary"


class CheckIn(_Message, frozen=True, tag="check_in"):
    """Turn an appointment, a first place or a come-back slip into a number, now that its citizen is here."""

    token: Token
    language: Language = "vi"


class ReportPrint(_Message, frozen=True, tag="report_print"):
    """Say what became of a ticket's paper: printing is a fact too, never assumed. `reprint`: it was a further one."""

    ticket_id: TicketId
    outcome: PrintOutcome
    detail: ShortText = ""
    reprint: bool = False


class ReportDevice(_Message, frozen=True, tag="report_device"):
    """Say how the sending device is, every half minute: what is wrong with it (`[]`: nothing), as codes."""

    troubles: Annotated[list[Id], Meta(max_length=10)] = []


class ReserveNumbers(_Message, frozen=True, tag="reserve_numbers"):
    """Ask for the blocks of numbers with which the sending kiosk goes on when the server is away.

    A block is for one queue and one service day: today and the next day of work. As long as they hold, the answer is
    the same blocks.
    """


class ReturnNumbers(_Message, frozen=True, tag="return_numbers"):
    """Give the numbers of a block before `first` back, as far as they were not handed in; none left: `first` beyond."""

    block_id: Seq
    first: Count


class HandInTicket(_Message, frozen=True, tag="hand_in_ticket"):
    """Tell of a number that was given from a block while the server was away; answered by `TicketIssuedReply`.

    `instead_of`: the request of the same touch that got no answer; a number that it was given after all is cancelled,
    and it gets none any more.
    """

    block_id: Seq
    count: Count
    service_id: Id
    issued_at: dt.datetime
    class_id: Id = "ordinary"
    language: Language = "vi"
    procedure_code: ProcedureCode | None = None
    instead_of: RequestId | None = None


class WithdrawRequest(_Message, frozen=True, tag="withdraw_request"):
    """Let a request of the sending kiosk, whose citizen is gone, have no effect: what it gave is cancelled."""

    withdrawn_id: RequestId


class LookUpDossier(_Message, frozen=True, tag="look_up_dossier"):
    """Ask by the code of its receipt whether a dossier's result can be fetched; answered by `DossierReply`."""

    code: DossierCode


class OpenHelper(_Message, frozen=True, tag="open_helper"):
    """Let a person of the hall take numbers for others at the sending kiosk."""

    operator_id: Id
    pin: Pin

    def __repr__(self) -> str:
        """Without the PIN: it stands in no log."""
        return f"OpenHelper(operator_id={self.operator_id!r})"


class GetArrivalCode(_Message, frozen=True, tag="get_arrival_code"):
    """Ask for the code that the sending kiosk's screen shows now: it proves to the hall that who reads it is here."""


class GetCatalogue(_Message, frozen=True, tag="get_catalogue"):
    """Ask for the hall's procedures, the most asked for first; a page begins `after` so many of them."""

    after: Annotated[int, Meta(ge=0, le=100_000)] = 0
