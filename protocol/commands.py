"""What a device may ask of the hall: commands change it, queries only read it.

Commands are imperative. Each is answered by a reply of `protocol.replies` or by `Refused`.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

VERSION = 1

Id = Annotated[str, Meta(min_length=1, max_length=64)]
DeviceId = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"\A\w[\w.-]*\Z")]
"""Names a file as well: no path, nothing hidden."""
RequestId = Annotated[str, Meta(min_length=8, max_length=64)]
TicketId = Annotated[int, Meta(ge=1, le=2**53)]
Token = Annotated[str, Meta(min_length=1, max_length=128)]
Score = Annotated[int, Meta(ge=1, le=5)]
ShortText = Annotated[str, Meta(max_length=200)]
Comment = Annotated[str, Meta(max_length=1000)]

Role = Literal["admin", "kiosk", "display", "desk", "phone", "counter"]
PrintOutcome = Literal["printed", "failed", "unknown"]


class _Message(Struct, frozen=True, gc=False, tag_field="type", omit_defaults=False):
    """A message that travels with its own name in the field `type`."""


# ---- commands of the kiosk -------------------------------------------------


class IssueTicket(_Message, frozen=True, tag="issue_ticket"):
    """Take a number for a service; answered by `TicketIssuedReply`."""

    service_id: Id
    class_id: Id = "ordinary"
    language: Annotated[str, Meta(max_length=8)] = "vi"
    procedure_code: Annotated[str, Meta(max_length=64)] | None = None


class ReportPrint(_Message, frozen=True, tag="report_print"):
    """Say what became of a ticket's paper: printing is a fact too, never assumed."""

    ticket_id: TicketId
    outcome: PrintOutcome
    detail: ShortText = ""


# ---- commands of a counter -------------------------------------------------


class OpenCounter(_Message, frozen=True, tag="open_counter"):
    """Put an operator at a counter, so that it may call."""

    counter_id: Id
    operator_id: Id


class CloseCounter(_Message, frozen=True, tag="close_counter"):
    """Take the operator from an idle counter."""

    counter_id: Id


class CallNext(_Message, frozen=True, tag="call_next"):
    """Call whoever is next by the hall's rule; an empty line is answered with no ticket."""

    counter_id: Id


class RecallTicket(_Message, frozen=True, tag="recall_ticket"):
    """Announce again the ticket called to this counter."""

    counter_id: Id
    ticket_id: TicketId


class StartServing(_Message, frozen=True, tag="start_serving"):
    """Say that the called citizen has arrived at this counter."""

    counter_id: Id
    ticket_id: TicketId


class FinishTicket(_Message, frozen=True, tag="finish_ticket"):
    """End the service of the ticket at this counter; its rating opens."""

    counter_id: Id
    ticket_id: TicketId


class MarkNoShow(_Message, frozen=True, tag="mark_no_show"):
    """Say that the called citizen did not come."""

    counter_id: Id
    ticket_id: TicketId


class CancelTicket(_Message, frozen=True, tag="cancel_ticket"):
    """Take a ticket out of the line: by the citizen (token) or by staff (ticket_id)."""

    ticket_id: TicketId | None = None
    token: Token | None = None
    reason: ShortText = ""


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


class GetDevices(_Message, frozen=True, tag="get_devices"):
    """Ask for the devices of the hall and their roles."""


Command = (
    IssueTicket
    | ReportPrint
    | OpenCounter
    | CloseCounter
    | CallNext
    | RecallTicket
    | StartServing
    | FinishTicket
    | MarkNoShow
    | CancelTicket
    | RateTicket
    | CreateEnrolment
    | Enrol
    | RevokeDevice
    | GetHall
    | GetSnapshot
    | GetTicket
    | GetWaiting
    | GetDevices
)


class Request(Struct, frozen=True, gc=False):
    """The envelope of a command: asking twice with one `request_id` has one effect."""

    version: int
    request_id: RequestId
    command: Command
