"""What a device may ask of the hall: commands change it, queries only read it.

Commands are imperative. Each is answered by a reply of `protocol.replies` or by `Refused`. Those of counters are in
`counter_commands`, those of the supervisor in `staff_commands`; here are the others, and all of them in `Command`.
"""

from typing import Annotated

from msgspec import Meta, Struct

from protocol.counter_commands import (
    AddNote,
    AnswerAlarm,
    CallNext,
    CallTicket,
    CheckClaim,
    CloseCounter,
    ContinueCounter,
    FinishTicket,
    FlagTimes,
    GrantComeBack,
    KeepCounter,
    MarkNoShow,
    OpenCounter,
    ParkTicket,
    PauseCounter,
    RaiseAlarm,
    RateAtCounter,
    RecallTicket,
    RecordServices,
    RestoreTicket,
    ResumeTicket,
    ServeDirectly,
    StartServing,
    TransferTicket,
    UndoAction,
)
from protocol.staff_commands import (
    AssignServices,
    BookAppointment,
    MoveTicket,
    ReopenKiosk,
    ReopenService,
    SendMessage,
    SetCounterCount,
    SuspendKiosk,
    SuspendService,
    TakeOverCounter,
)
from protocol.words import (
    Comment,
    DeviceId,
    Id,
    PrintOutcome,
    RequestId,
    Role,
    Score,
    Seq,
    ShortText,
    TicketId,
    Token,
)

VERSION = 1

__all__ = [
    "VERSION",
    "AddNote",
    "AnswerAlarm",
    "AssignServices",
    "BookAppointment",
    "BookPlace",
    "CallNext",
    "CallTicket",
    "CancelTicket",
    "CheckClaim",
    "CheckIn",
    "CloseCounter",
    "Command",
    "ContinueCounter",
    "CreateEnrolment",
    "Enrol",
    "FinishTicket",
    "FlagTimes",
    "GetDesk",
    "GetDevices",
    "GetEvents",
    "GetHall",
    "GetOverview",
    "GetPlace",
    "GetSnapshot",
    "GetTicket",
    "GetWaiting",
    "GetWhy",
    "GrantComeBack",
    "IssueTicket",
    "KeepCounter",
    "MarkNoShow",
    "MoveTicket",
    "OpenCounter",
    "ParkTicket",
    "PauseCounter",
    "RaiseAlarm",
    "RateAtCounter",
    "RateTicket",
    "RecallTicket",
    "RecordServices",
    "ReopenKiosk",
    "ReopenService",
    "ReportDevice",
    "ReportPrint",
    "Request",
    "RestoreTicket",
    "ResumeTicket",
    "RevokeDevice",
    "SendMessage",
    "ServeDirectly",
    "SetCounterCount",
    "StartServing",
    "SuspendKiosk",
    "SuspendService",
    "TakeOverCounter",
    "TransferTicket",
    "UndoAction",
]


class _Message(Struct, frozen=True, gc=False, tag_field="type", omit_defaults=False):
    """A message that travels with its own name in the field `type`."""


# ---- commands of the kiosk -------------------------------------------------


class IssueTicket(_Message, frozen=True, tag="issue_ticket"):
    """Take a number for a service; answered by `TicketIssuedReply`.

    `person`: what identifies the citizen, only where the service asks for it; it guards against two open numbers, is
    kept as a keyed hash for the day and nowhere else.
    """

    service_id: Id
    class_id: Id = "ordinary"
    language: Annotated[str, Meta(max_length=8)] = "vi"
    procedure_code: Annotated[str, Meta(max_length=64)] | None = None
    person: Annotated[str, Meta(min_length=1, max_length=64)] | None = None


class BookPlace(_Message, frozen=True, tag="book_place"):
    """Take one of the first places of the next day of work, when no number is given any more today."""

    service_id: Id
    class_id: Id = "ordinary"


class CheckIn(_Message, frozen=True, tag="check_in"):
    """Turn an appointment, a first place or a come-back slip into a number, now that its citizen is here."""

    token: Token
    language: Annotated[str, Meta(max_length=8)] = "vi"


class ReportPrint(_Message, frozen=True, tag="report_print"):
    """Say what became of a ticket's paper: printing is a fact too, never assumed."""

    ticket_id: TicketId
    outcome: PrintOutcome
    detail: ShortText = ""


class ReportDevice(_Message, frozen=True, tag="report_device"):
    """Say how the sending device is, every half minute: what is wrong with it (`[]`: nothing), as codes."""

    troubles: Annotated[list[Id], Meta(max_length=10)] = []


# ---- commands of the phone and of staff ------------------------------------


class CancelTicket(_Message, frozen=True, tag="cancel_ticket"):
    """Take a ticket out of the line: by the citizen (token) or by staff (ticket_id).

    Staff say from which counter (`counter_id`: only what it holds or may call) or as whom (`operator_id`: a
    supervisor).
    """

    ticket_id: TicketId | None = None
    token: Token | None = None
    reason: ShortText = ""
    counter_id: Id | None = None
    operator_id: Id | None = None


# ---- commands of the phone -------------------------------------------------


class RateTicket(_Message, frozen=True, tag="rate_ticket"):
    """Give a served ticket its one rating, 1 (worst) to 5 (best)."""

    token: Token
    score: Score
    reasons: Annotated[list[Id], Meta(max_length=10)] = []
    comment: Comment = ""


# ---- commands of the administrator -----------------------------------------


class CreateEnrolment(_Message, frozen=True, tag="create_enrolment"):
    """Make a one-time code with which a new device joins under a role."""

    role: Role
    device_id: DeviceId
    counter_id: Id | None = None


class Enrol(_Message, frozen=True, tag="enrol"):
    """Join the hall with a one-time code; the CURVE key of the connection becomes the device's key."""

    code: Id


class RevokeDevice(_Message, frozen=True, tag="revoke_device"):
    """Shut a device's key out at once."""

    device_id: Id


# ---- queries ---------------------------------------------------------------


class GetHall(_Message, frozen=True, tag="get_hall"):
    """Ask for what does not change within the day: services, counters, classes, hours."""


class GetSnapshot(_Message, frozen=True, tag="get_snapshot"):
    """Ask for the state of the hall at one `seq`, to start or restart listening from."""


class GetTicket(_Message, frozen=True, tag="get_ticket"):
    """Ask for one ticket, by token (its citizen) or by id (staff)."""

    ticket_id: TicketId | None = None
    token: Token | None = None


class GetWaiting(_Message, frozen=True, tag="get_waiting"):
    """Ask for the tickets that a counter may call, in the order in which it would call them."""

    counter_id: Id
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class GetDesk(_Message, frozen=True, tag="get_desk"):
    """Ask for all that a counter's desk shows, at one `seq`; lists hold at most `limit` tickets."""

    counter_id: Id
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class GetOverview(_Message, frozen=True, tag="get_overview"):
    """Ask for the whole hall as its head sees it: counters, services, alerts, devices, the day by hour."""


class GetPlace(_Message, frozen=True, tag="get_place"):
    """Ask for an appointment or first place by its token."""

    token: Token


class GetWhy(_Message, frozen=True, tag="get_why"):
    """Ask why a ticket was called, and with `other_ticket_id` why it and not that one."""

    ticket_id: TicketId
    other_ticket_id: TicketId | None = None


class GetEvents(_Message, frozen=True, tag="get_events"):
    """Ask for events of the log after `after_seq`, at most `limit`; the auditor reads everything so."""

    after_seq: Seq = 0
    limit: Annotated[int, Meta(ge=1, le=200)] = 100


class GetDevices(_Message, frozen=True, tag="get_devices"):
    """Ask for the devices of the hall and their roles."""


Command = (
    IssueTicket
    | BookPlace
    | CheckIn
    | ReportPrint
    | ReportDevice
    | AddNote
    | AnswerAlarm
    | CallNext
    | CallTicket
    | CheckClaim
    | CloseCounter
    | ContinueCounter
    | FinishTicket
    | FlagTimes
    | GrantComeBack
    | KeepCounter
    | MarkNoShow
    | OpenCounter
    | ParkTicket
    | PauseCounter
    | RaiseAlarm
    | RateAtCounter
    | RecallTicket
    | RecordServices
    | RestoreTicket
    | ResumeTicket
    | ServeDirectly
    | StartServing
    | TransferTicket
    | UndoAction
    | AssignServices
    | BookAppointment
    | MoveTicket
    | ReopenKiosk
    | ReopenService
    | SendMessage
    | SetCounterCount
    | SuspendKiosk
    | SuspendService
    | TakeOverCounter
    | CancelTicket
    | RateTicket
    | CreateEnrolment
    | Enrol
    | RevokeDevice
    | GetHall
    | GetSnapshot
    | GetTicket
    | GetWaiting
    | GetDesk
    | GetOverview
    | GetPlace
    | GetWhy
    | GetEvents
    | GetDevices
)


class Request(Struct, frozen=True, gc=False):
    """The envelope of a command: asking twice with one `request_id` has one effect."""

    version: int
    request_id: RequestId
    command: Command
