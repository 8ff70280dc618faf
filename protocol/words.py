"""The measures of what may stand in a message: shared by commands, events and replies."""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct

Id = Annotated[str, Meta(min_length=1, max_length=64)]
DeviceId = Annotated[str, Meta(min_length=1, max_length=64, pattern=r"\A\w[\w.-]*\Z")]
"""Names a file as well: no path, nothing hidden."""
RequestId = Annotated[str, Meta(min_length=8, max_length=64)]
TicketId = Annotated[int, Meta(ge=1, le=2**53)]
Seq = Annotated[int, Meta(ge=0, le=2**53)]
Token = Annotated[str, Meta(min_length=1, max_length=128)]
Score = Annotated[int, Meta(ge=1, le=5)]
ShortText = Annotated[str, Meta(max_length=200)]
Comment = Annotated[str, Meta(max_length=1000)]
Minutes = Annotated[int, Meta(ge=1, le=480)]

SMALLEST_GROUP = 5
"""No figure is told of fewer ratings, so that nobody can tell a single one."""
SATISFIED_FROM = 4
"""A rating of at least this counts as satisfied (4 and 5 stars)."""
Contact = Annotated[str, Meta(max_length=100)]
Mark = Annotated[str, Meta(max_length=64)]
"""Tells one phone from another for the day, without saying whose it is."""
Reasons = Annotated[list[Id], Meta(max_length=3)]
"""Why a score is low: ids of the hall's list."""
Criteria = Annotated[dict[Id, Score], Meta(max_length=10)]
"""Scores by criterion of the hall's list."""
ArrivalCode = Annotated[str, Meta(min_length=4, max_length=16)]

Role = Literal["admin", "kiosk", "display", "desk", "phone", "counter", "tablet", "auditor", "standby"]
"""What a device may; `queue_server.domain.roles` says what that is."""
PersonRole = Literal["operator", "supervisor", "administrator", "auditor"]
"""What a person may, as the hall file says of each operator."""
DisplayKind = Literal["main", "one_call", "summary", "counter", "satisfaction"]
"""What a wall display shows: the calls, one huge call, the services, one counter's sign, the day's ratings."""
AnnouncementKind = Literal["ticker", "announcement", "emergency"]
"""A line that runs along, a notice beside the calls, a warning over everything."""
EpochReason = Literal["new", "restored", "promoted"]
"""Why an epoch began: a new hall, a backup put back, or the second machine in the first one's place."""
PrintOutcome = Literal["printed", "failed", "unknown"]
Takes = Literal["all", "ordinary", "priority"]
"""Which citizens a counter takes."""


class TicketState(StrEnum):
    """Where a ticket stands; `queue_server.domain.ticket` holds the one table of moves."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    FINISHED = "finished"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class Origin(StrEnum):
    """How a ticket came to be: at a kiosk, by appointment or come-back slip, at a counter, or without a citizen."""

    KIOSK = "kiosk"
    APPOINTMENT = "appointment"
    COME_BACK = "come_back"
    DIRECT = "direct"
    BACK_OFFICE = "back_office"


class Issuing(StrEnum):
    """Whether a number can be taken for a service now, and if not, why not."""

    OPEN = "open"
    UNCERTAIN = "uncertain"
    CUT_OFF = "cut_off"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    QUOTA = "quota"


class Performed(Struct, frozen=True, gc=False):
    """A service done within a visit: how many dossiers of it, and with which result of the hall's list."""

    service_id: Id
    quantity: Annotated[int, Meta(ge=1, le=999)] = 1
    result_id: Annotated[str, Meta(max_length=64)] = ""
    procedure_code: Annotated[str, Meta(max_length=64)] | None = None
