"""What the hall answers, and what it publishes beside the log."""

import datetime as dt

from msgspec import Struct

from protocol.events import TicketState


class _Reply(Struct, frozen=True, tag_field="type"):
    """An answer that travels with its own name in the field `type`."""


class ServiceStatus(Struct, frozen=True):
    """A service now: people waiting, and the waiting range (minutes) of who takes a number now."""

    service_id: str
    waiting: int
    open_counters: int
    wait_low_minutes: int | None = None
    wait_high_minutes: int | None = None


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


class CounterStatus(Struct, frozen=True):
    """A counter now: who is there and which ticket it holds."""

    counter_id: str
    open: bool
    operator_id: str | None = None
    ticket: TicketView | None = None


class ServiceInfo(Struct, frozen=True):
    """A service of the hall: what a number can be taken for."""

    service_id: str
    name: str
    name_en: str
    agency_id: str
    queue_id: str
    counter_ids: list[str]


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
    """The called ticket, or none: nobody is waiting for this counter."""

    ticket: TicketView | None


class CounterReply(_Reply, frozen=True, tag="counter"):
    """A counter after it was opened or closed."""

    counter: CounterStatus


class WaitingReply(_Reply, frozen=True, tag="waiting"):
    """The tickets a counter may call, next one first; `total` counts them all."""

    tickets: list[TicketView]
    total: int


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
