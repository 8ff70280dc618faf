"""What the hall answers, and what it publishes beside the log.

What stands in replies is in `views`, the replies to staff are in `staff_replies`; here are the others, and all of them
in `Reply`.
"""

import datetime as dt
from typing import Literal

from msgspec import Struct

from protocol.staff_replies import (
    Alert,
    ComeBackReply,
    DayTally,
    DeskReply,
    DeskService,
    DeviceHealth,
    EventsReply,
    HealthReply,
    HourWaits,
    OverviewReply,
    ServiceOverview,
    Undoable,
    WhyReply,
)
from protocol.views import (
    AnnouncementInfo,
    CallbackInfo,
    ClassInfo,
    CommentInfo,
    CounterHabits,
    CounterInfo,
    CounterStatus,
    DeviceInfo,
    DisplayInfo,
    HomeHabits,
    KioskHabits,
    MediaInfo,
    NamedInfo,
    NoteView,
    NumberBlock,
    OperatorInfo,
    PlaylistInfo,
    ProcedureInfo,
    PurposeInfo,
    QueueInfo,
    RatingHabits,
    Satisfaction,
    Satisfied,
    SatisfiedDay,
    ServiceInfo,
    ServiceStatus,
    TicketView,
    VoiceHabits,
    VoiceLevel,
    WallHabits,
)

__all__ = [
    "Alert",
    "AnnouncementInfo",
    "Answer",
    "ArrivalCodeReply",
    "BlocksReply",
    "CallReply",
    "CallbackInfo",
    "CallbacksReply",
    "CatalogueReply",
    "ClassInfo",
    "ComeBackReply",
    "CommentInfo",
    "CommentsReply",
    "CounterHabits",
    "CounterInfo",
    "CounterReply",
    "CounterStatus",
    "DayTally",
    "DeskReply",
    "DeskService",
    "DeviceHealth",
    "DeviceInfo",
    "DevicesReply",
    "DisplayInfo",
    "DoneReply",
    "DossierReply",
    "EnrolledReply",
    "EnrolmentReply",
    "EventsReply",
    "HallReply",
    "HealthReply",
    "HomeHabits",
    "HourWaits",
    "KioskHabits",
    "MediaInfo",
    "NamedInfo",
    "NoteView",
    "NumberBlock",
    "OperatorInfo",
    "OverviewReply",
    "PlaceReply",
    "PlaylistInfo",
    "ProcedureInfo",
    "Pulse",
    "PurposeInfo",
    "QueueInfo",
    "RatingHabits",
    "Refused",
    "Reply",
    "Satisfaction",
    "SatisfactionReply",
    "Satisfied",
    "SatisfiedDay",
    "ServiceInfo",
    "ServiceOverview",
    "ServiceStatus",
    "Snapshot",
    "TicketIssuedReply",
    "TicketReply",
    "TicketView",
    "Undoable",
    "VoiceHabits",
    "VoiceLevel",
    "WaitingReply",
    "WallHabits",
    "WhyReply",
]


class _Reply(Struct, frozen=True, tag_field="type"):
    """An answer that travels with its own name in the field `type`."""


class HallReply(_Reply, frozen=True, tag="hall"):
    """The hall: all that does not change within the day. `hours` maps weekdays to spans of local time."""

    hall_id: str
    name: str
    name_en: str
    address: str
    zone: str
    public_url: str
    hours: dict[str, list[str]]
    agencies: list[NamedInfo]
    services: list[ServiceInfo]
    counters: list[CounterInfo]
    classes: list[ClassInfo]
    rating_reasons: list[NamedInfo]
    operator_ids: list[str] = []
    operators: list[OperatorInfo] = []
    results: list[NamedInfo] = []
    pause_reasons: list[NamedInfo] = []
    habits: CounterHabits | None = None
    holidays: list[dt.date] = []
    special_days: dict[str, list[str]] = {}
    """Days with hours of their own: ISO date → spans."""
    purposes: list[PurposeInfo] = []
    kiosk: KioskHabits | None = None
    queues: list[QueueInfo] = []
    catalogue_id: str = ""
    """Changes whenever the procedures do."""
    displays: list[DisplayInfo] = []
    playlists: list[PlaylistInfo] = []
    wall: WallHabits | None = None
    voice: VoiceHabits | None = None
    rating: RatingHabits | None = None
    from_home: HomeHabits | None = None
    status_page: bool = True
    """Whether the hall's web address tells everybody how it stands."""
    standby_commands: str = ""
    standby_events: str = ""
    """Where the second machine answers when it took this one's place; empty: there is none."""
    epochs: list[str] = []
    """The epochs of the hall's log, the oldest first."""


class Snapshot(_Reply, frozen=True, tag="snapshot"):
    """The hall at `seq`; `calls` holds the latest called tickets, newest first."""

    epoch: str
    seq: int
    at: dt.datetime
    service_day: dt.date | None
    services: list[ServiceStatus]
    counters: list[CounterStatus]
    calls: list[TicketView]
    satisfaction: Satisfaction
    suspended_kiosks: dict[str, str] = {}
    """The kiosks that were taken out of use, and why."""
    announcements: list[AnnouncementInfo] = []
    """What is said to the room, oldest first."""


class Pulse(Struct, frozen=True):
    """Published every second: proof of life, the last `seq`, and what is computed rather than logged."""

    epoch: str
    seq: int
    at: dt.datetime
    services: list[ServiceStatus]
    satisfaction: Satisfaction


class TicketIssuedReply(_Reply, frozen=True, tag="ticket_issued"):
    """A number was given: what the paper and the screen show. `url` is the page behind the paper's QR."""

    ticket: TicketView
    token: str
    url: str
    counter_ids: list[str]


class TicketReply(_Reply, frozen=True, tag="ticket"):
    """One ticket; `epoch` and `seq` say as of when."""

    ticket: TicketView
    seq: int
    counter_ids: list[str]


class CallReply(_Reply, frozen=True, tag="call"):
    """The ticket that a counter's command was about, or none: nobody is waiting for this counter."""

    ticket: TicketView | None
    action_seq: int | None = None
    """What `undo_action` names to take this back."""


class CounterReply(_Reply, frozen=True, tag="counter"):
    """A counter after it was opened or closed."""

    counter: CounterStatus


class WaitingReply(_Reply, frozen=True, tag="waiting"):
    """The tickets a counter may call, next one first; `total` counts them all."""

    tickets: list[TicketView]
    total: int


class PlaceReply(_Reply, frozen=True, tag="place"):
    """A promised place in the line: `token` checks in around `slot_at`."""

    appointment_id: int
    service_id: str
    slot_at: dt.datetime
    token: str
    url: str
    ticket_id: int | None = None
    """The number it became, once it was checked in."""
    from_home: bool = False
    """Whether a phone took it: only then the code on a kiosk's screen confirms its arrival."""


class CatalogueReply(_Reply, frozen=True, tag="catalogue"):
    """A page of the hall's procedures, of `total`; `catalogue_id` is the same on all pages."""

    catalogue_id: str
    total: int
    procedures: list[ProcedureInfo]


class BlocksReply(_Reply, frozen=True, tag="blocks"):
    """The blocks of numbers that a kiosk holds."""

    blocks: list[NumberBlock]


class DossierReply(_Reply, frozen=True, tag="dossier"):
    """How a dossier stands: `ready` to be fetched at the service, `not_ready`, or `unknown` to the hall."""

    code: str
    state: Literal["ready", "not_ready", "unknown"]
    service_id: str | None = None
    due_on: dt.date | None = None


class SatisfactionReply(_Reply, frozen=True, tag="satisfaction"):
    """How satisfied citizens are: today (null: less than five ratings), by service and counter, and day by day.

    Today's figures grow by five ratings at a time, so that nobody who watches them can tell a single one.
    """

    today: Satisfied | None
    services: dict[str, Satisfied]
    counters: dict[str, Satisfied]
    days: list[SatisfiedDay]


class ArrivalCodeReply(_Reply, frozen=True, tag="arrival_code"):
    """The code for a kiosk's screen, the page behind its QR, and until when to show it."""

    arrival_code: str
    url: str
    expires_at: dt.datetime


class CommentsReply(_Reply, frozen=True, tag="comments"):
    """What citizens wrote on a day, in no order."""

    comments: list[CommentInfo]


class CallbacksReply(_Reply, frozen=True, tag="callbacks"):
    """Who wants to be called back, oldest first."""

    callbacks: list[CallbackInfo]


class DoneReply(_Reply, frozen=True, tag="done"):
    """It was done and there is nothing more to tell."""


class EnrolmentReply(_Reply, frozen=True, tag="enrolment"):
    """A one-time code, until when (UTC) it can be used, and the address of the enrolment socket."""

    code: str
    expires_at: dt.datetime
    enrolment: str


class EnrolledReply(_Reply, frozen=True, tag="enrolled"):
    """The device now belongs to the hall: its identity and the sockets it may use."""

    device_id: str
    role: str
    hall_id: str
    commands: str
    events: str
    counter_id: str | None = None


class DevicesReply(_Reply, frozen=True, tag="devices"):
    """All devices ever enrolled."""

    devices: list[DeviceInfo]


class Refused(_Reply, frozen=True, tag="refused"):
    """Nothing was changed: a stable code of `protocol.errors` and the facts behind it."""

    code: str
    facts: dict[str, str | int | float | None]


Reply = (
    HallReply
    | Snapshot
    | TicketIssuedReply
    | TicketReply
    | CallReply
    | CounterReply
    | WaitingReply
    | DeskReply
    | OverviewReply
    | WhyReply
    | EventsReply
    | ComeBackReply
    | PlaceReply
    | CatalogueReply
    | BlocksReply
    | DossierReply
    | SatisfactionReply
    | ArrivalCodeReply
    | CommentsReply
    | CallbacksReply
    | DoneReply
    | EnrolmentReply
    | EnrolledReply
    | DevicesReply
    | HealthReply
    | Refused
)


class Answer(Struct, frozen=True, gc=False):
    """The envelope of a reply: `request_id` says which request it answers."""

    version: int
    request_id: str
    reply: Reply
