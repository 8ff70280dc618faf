"""What a device may ask of the hall: commands change it, queries only read it.

Commands are imperative. Each is answered by a reply of `protocol.replies` or by `Refused`. Those of kiosks are in
`kiosk_commands`, of counters in `counter_commands`, of the supervisor in `staff_commands`, of wall displays in
`display_commands`, of citizens' phones in `phone_commands`; here are the others, and all of them in `Command`.
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
from protocol.display_commands import AcknowledgeCall, GetSatisfaction
from protocol.kiosk_commands import (
    BookPlace,
    CheckIn,
    GetArrivalCode,
    GetCatalogue,
    HandInTicket,
    IssueTicket,
    LookUpDossier,
    OpenHelper,
    ReportDevice,
    ReportPrint,
    ReserveNumbers,
    ReturnNumbers,
    WithdrawRequest,
)
from protocol.phone_commands import BookFromHome, ConfirmArrival, DelayTicket, RateTicket
from protocol.staff_commands import (
    AssignServices,
    BookAppointment,
    ConfirmClock,
    EndAnnouncement,
    EraseCallback,
    GetCallbacks,
    GetComments,
    MakeAnnouncement,
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
    DeviceId,
    Id,
    RequestId,
    Role,
    Seq,
    ShortText,
    TicketId,
    Token,
)

VERSION = 1

__all__ = [
    "VERSION",
    "AcknowledgeCall",
    "AddNote",
    "AnswerAlarm",
    "AssignServices",
    "BookAppointment",
    "BookFromHome",
    "BookPlace",
    "CallNext",
    "CallTicket",
    "CancelTicket",
    "CheckClaim",
    "CheckIn",
    "CloseCounter",
    "Command",
    "ConfirmArrival",
    "ConfirmClock",
    "ContinueCounter",
    "CreateEnrolment",
    "DelayTicket",
    "EndAnnouncement",
    "Enrol",
    "EraseCallback",
    "FinishTicket",
    "FlagTimes",
    "GetArrivalCode",
    "GetCallbacks",
    "GetCatalogue",
    "GetComments",
    "GetDesk",
    "GetDevices",
    "GetEvents",
    "GetHall",
    "GetHealth",
    "GetOverview",
    "GetPlace",
    "GetSatisfaction",
    "GetSnapshot",
    "GetTicket",
    "GetWaiting",
    "GetWhy",
    "GrantComeBack",
    "HandInTicket",
    "IssueTicket",
    "KeepCounter",
    "LookUpDossier",
    "MakeAnnouncement",
    "MarkNoShow",
    "MoveTicket",
    "OpenCounter",
    "OpenHelper",
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
    "ReserveNumbers",
    "RestoreTicket",
    "ResumeTicket",
    "ReturnNumbers",
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
    "WithdrawRequest",
]


class _Message(Struct, frozen=True, gc=False, tag_field="type", omit_defaults=False):
    """A message that travels with its own name in the field `type`."""


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


class GetHealth(_Message, frozen=True, tag="get_health"):
    """Ask how the server itself is: what troubles it, what it counts and measures."""


Command = (
    IssueTicket
    | BookPlace
    | CheckIn
    | ReportPrint
    | ReportDevice
    | ReserveNumbers
    | ReturnNumbers
    | HandInTicket
    | WithdrawRequest
    | LookUpDossier
    | OpenHelper
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
    | DelayTicket
    | BookFromHome
    | ConfirmArrival
    | AcknowledgeCall
    | MakeAnnouncement
    | EndAnnouncement
    | EraseCallback
    | ConfirmClock
    | CreateEnrolment
    | Enrol
    | RevokeDevice
    | GetHall
    | GetArrivalCode
    | GetSatisfaction
    | GetComments
    | GetCallbacks
    | GetCatalogue
    | GetSnapshot
    | GetTicket
    | GetWaiting
    | GetDesk
    | GetOverview
    | GetPlace
    | GetWhy
    | GetEvents
    | GetDevices
    | GetHealth
)


class Request(Struct, frozen=True, gc=False):
    """The envelope of a command: asking twice with one `request_id` has one effect."""

    version: int
    request_id: RequestId
    command: Command
