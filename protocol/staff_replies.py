"""What the hall answers to staff: the desk of a counter, the overview of its head, why, the log."""

import datetime as dt

from msgspec import Struct

from protocol.events import CallReason, Event
from protocol.views import CounterStatus, NoteView, Satisfaction, ServiceStatus, TicketView


class _Reply(Struct, frozen=True, tag_field="type"):
    """An answer that travels with its own name in the field `type`."""


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


TROUBLES = (
    "chain_broken",
    "disk_fault",
    "disk_full",
    "clock_doubted",
    "hall_restored",
    "standby_away",
    "disk_low",
    "backup_old",
    "keys_refused",
)
"""The codes of alerts about the server itself, the most urgent first."""


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


class HealthReply(_Reply, frozen=True, tag="health"):
    """How the server itself is. `troubles` are open ones, their codes those of alerts.

    `counts` only grow while the server runs; `gauges` are as they are now. Names end with their unit.
    """

    at: dt.datetime
    began_at: dt.datetime | None
    epoch: str
    seq: int
    troubles: list[Alert]
    counts: dict[str, int]
    gauges: dict[str, float]
