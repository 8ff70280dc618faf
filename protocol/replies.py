"""What the hall answers, and what it publishes beside the log."""

import datetime as dt

from msgspec import Struct

from protocol.events import CallReason, CallRule, Event
from protocol.words import Issuing, Origin, Performed, Takes, TicketState


class _Reply(Struct, frozen=True, tag_field="type"):
    """An answer that travels with its own name in the field `type`."""


class ServiceStatus(Struct, frozen=True):
    """A service now: people waiting, and the waiting range (minutes) of who takes a number now."""

    service_id: str
    waiting: int
    open_counters: int
    wait_low_minutes: int | None = None
    wait_high_minutes: int | None = None
    issuing: Issuing = Issuing.OPEN
    reason: str = ""
    """Why it is suspended, as the supervisor wrote it."""
    opens_at: dt.datetime | None = None
    """When numbers are given again, if it is closed, cut off or its quota is used up."""


class Satisfaction(Struct, frozen=True):
    """The day's ratings: how many, how many of them 4 or 5, and how many tickets could have been rated."""

    ratings: int = 0
    satisfied: int = 0
    finished: int = 0


class TicketView(Struct, frozen=True, gc=False, omit_defaults=True):
    """A ticket as devices see it; instants are aware UTC."""

    ticket_id: int
    number: str
    service_day: dt.date
    service_id: str
    class_id: str
    state: TicketState
    issued_at: dt.datetime
    people_ahead: int | None = None
    wait_low_minutes: int | None = None
    wait_high_minutes: int | None = None
    counter_id: str | None = None
    called_at: dt.datetime | None = None
    serving_at: dt.datetime | None = None
    finished_at: dt.datetime | None = None
    recalls: int = 0
    rated: bool = False
    procedure_code: str | None = None
    origin: Origin = Origin.KIOSK
    operator_id: str | None = None
    announced_at: dt.datetime | None = None
    slot_at: dt.datetime | None = None
    returned: bool = False
    """It came back into the line: by a transfer, from being parked or from a no-show."""
    parked_until: dt.datetime | None = None
    to_counter_id: str | None = None
    to_operator_id: str | None = None
    return_to_counter_id: str | None = None
    performed: list[Performed] = []
    times_wrong: bool = False
    claim_valid: bool | None = None
    """Whether the proof of its priority class was there; null: nobody looked yet."""
    come_back_until: dt.datetime | None = None
    notes: int = 0
    rule: CallRule | None = None


class CounterStatus(Struct, frozen=True, omit_defaults=True):
    """A counter now: who is there, since when it is as it is, and which ticket it holds."""

    counter_id: str
    open: bool
    operator_id: str | None = None
    ticket: TicketView | None = None
    since: dt.datetime | None = None
    paused_reason_id: str | None = None
    connected: bool = True
    """Whether its page or keypad was heard within the lease."""
    asks_next: bool = False
    service_ids: list[str] = []
    """What it calls now, if a supervisor changed it for today."""
    takes: Takes = "all"
    alarm_at: dt.datetime | None = None


class ServiceInfo(Struct, frozen=True):
    """A service of the hall: what a number can be taken for."""

    service_id: str
    name: str
    name_en: str
    agency_id: str
    queue_id: str
    counter_ids: list[str]
    target_minutes: int = 30
    asks_person: bool = False


class NamedInfo(Struct, frozen=True):
    """Something with a name in Vietnamese and English: an agency or a rating reason."""

    id: str
    name: str
    name_en: str


class CounterInfo(Struct, frozen=True):
    """A counter of the hall and the services it may call."""

    counter_id: str
    name: str
    service_ids: list[str]


class ClassInfo(Struct, frozen=True):
    """A priority class of the hall, with its sign for people who do not see its colour."""

    class_id: str
    name: str
    name_en: str
    sign: str
    head_start_minutes: int
    limit_minutes: int | None
    proof: str = ""
    proof_en: str = ""


class OperatorInfo(Struct, frozen=True):
    """A person who serves or leads: name, role and the counter that is always his, if one is."""

    operator_id: str
    name: str
    role: str = "operator"
    counter_id: str | None = None
    may_call_any: bool = False


class CounterHabits(Struct, frozen=True):
    """What a hall lets its counters do: seconds, counts and switches of `[counter_work]` in the hall file."""

    max_recalls: int
    recall_gap_seconds: int
    no_show_min_calls: int
    no_show_min_seconds: int
    undo_seconds: int
    lease_seconds: int
    next_finishes: bool
    result_required: bool
    come_back_hours: int


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


class NoteView(Struct, frozen=True):
    """A note on a ticket, or a message to counters."""

    at: dt.datetime
    text: str
    counter_id: str | None = None
    operator_id: str = ""


class DeskService(Struct, frozen=True):
    """A service that a counter calls: people waiting, longest wait, how many wait past the service's target."""

    service_id: str
    waiting: int
    longest_minutes: float
    late: int


class Undoable(Struct, frozen=True):
    """A counter's last action, which can be taken back until an instant."""

    action_seq: int
    action: str
    number: str
    until: dt.datetime


class DeskReply(_Reply, frozen=True, tag="desk"):
    """All that a counter's desk shows, at one `seq`: `tickets` in the order in which it would call them."""

    epoch: str
    seq: int
    at: dt.datetime
    counter: CounterStatus
    tickets: list[TicketView]
    total: int
    services: list[DeskService]
    parked: list[TicketView]
    missed: list[TicketView]
    done: list[TicketView]
    notes: list[NoteView]
    messages: list[NoteView]
    alarms: list[str]
    """The counters that call for help."""
    undoable: Undoable | None = None


class ServiceOverview(Struct, frozen=True):
    """A service as the head of the hall sees it; durations are minutes."""

    status: ServiceStatus
    longest_minutes: float
    late: int
    called: int
    within_target: float | None
    """Today's share of calls within the service's target; null: nobody was called."""
    finished: int
    no_shows: int
    last_called_at: dt.datetime | None = None
    """When the last who waits now would be called, by the forecast."""


class Alert(Struct, frozen=True):
    """Something that the head of the hall should look at: a stable code and the facts behind it."""

    code: str
    since: dt.datetime | None
    facts: dict[str, str | int | float | None]


class DeviceHealth(Struct, frozen=True):
    """A device: when it was last heard, and what is wrong with it."""

    device_id: str
    role: str
    heard_at: dt.datetime | None
    troubles: list[str]
    suspended: bool = False
    reason: str = ""
    counter_id: str | None = None


class HourWaits(Struct, frozen=True):
    """An hour of today's hall, by local time: numbers issued, numbers called and how long those had waited."""

    hour: int
    issued: int
    called: int
    median_minutes: float | None
    p90_minutes: float | None


class DayTally(Struct, frozen=True):
    """Today in numbers."""

    issued: int = 0
    waiting: int = 0
    parked: int = 0
    called: int = 0
    finished: int = 0
    no_shows: int = 0
    cancelled: int = 0
    transferred: int = 0
    priority_calls: int = 0
    claims_checked: int = 0
    claims_false: int = 0
    come_backs_granted: int = 0
    come_backs_used: int = 0
    appointments: int = 0
    checked_in: int = 0


class OverviewReply(_Reply, frozen=True, tag="overview"):
    """The hall as its head sees it, at one `seq`; `tickets` are all live ones, at most 300."""

    epoch: str
    seq: int
    at: dt.datetime
    closes_at: dt.datetime | None
    counters: list[CounterStatus]
    services: list[ServiceOverview]
    alerts: list[Alert]
    devices: list[DeviceHealth]
    hours: list[HourWaits]
    today: DayTally
    satisfaction: Satisfaction
    tickets: list[TicketView]
    missed: list[TicketView]
    counter_count: int | None = None


class WhyReply(_Reply, frozen=True, tag="why"):
    """Why a ticket was called: the recorded reason, and how another stood in that moment, if one was named.

    `verdict`: a stable code for the comparison, such as `more_points`, `over_limit`, `not_served_there`, `not_waiting`.
    """

    ticket: TicketView
    reason: CallReason | None
    other: TicketView | None = None
    other_points: float | None = None
    other_over_limit: float | None = None
    verdict: str = ""
    notes: list[NoteView] = []


class EventsReply(_Reply, frozen=True, tag="events"):
    """Events of the log in order; `last_seq` is the log's end."""

    events: list[Event]
    last_seq: int


class ComeBackReply(_Reply, frozen=True, tag="come_back"):
    """The finished ticket, and what its citizen's slip shows: `token` checks in until `until`."""

    ticket: TicketView
    token: str
    url: str
    until: dt.datetime
    action_seq: int | None = None


class PlaceReply(_Reply, frozen=True, tag="place"):
    """A promised place in the line: `token` checks in around `slot_at`."""

    appointment_id: int
    service_id: str
    slot_at: dt.datetime
    token: str
    url: str
    ticket_id: int | None = None
    """The number it became, once it was checked in."""


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


class DeviceInfo(Struct, frozen=True):
    """A device of the hall."""

    device_id: str
    role: str
    public_key: str
    counter_id: str | None
    revoked: bool


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
    | DoneReply
    | EnrolmentReply
    | EnrolledReply
    | DevicesReply
    | Refused
)


class Answer(Struct, frozen=True, gc=False):
    """The envelope of a reply: `request_id` says which request it answers."""

    version: int
    request_id: str
    reply: Reply
