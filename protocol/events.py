"""What happened in the hall: the bodies of its log, published as they are stored.

Events are past tense and carry no personal data, no token and no score.
"""

import datetime as dt
from enum import StrEnum
from typing import Literal

from msgspec import Struct


class TicketState(StrEnum):
    """Where a ticket stands; `queue_server.domain.ticket` holds the one table of moves."""

    WAITING = "waiting"
    CALLED = "called"
    SERVING = "serving"
    PARKED = "parked"
    FINISHED = "finished"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"


class CallRule(StrEnum):
    """Which part of the calling rule made a ticket the next one."""

    TURN = "turn"
    HEAD_START = "head_start"
    OWN_FIELD = "own_field"
    QUICK = "quick"
    OVER_LIMIT = "over_limit"


class _Body(Struct, frozen=True, gc=False, tag_field="type"):
    """The part of an event that its kind decides."""


class EpochStarted(_Body, frozen=True, tag="epoch_started"):
    """A database began its life; a restore begins a new epoch."""

    hall_id: str


class DayStarted(_Body, frozen=True, tag="day_started"):
    """A service day began: every number series starts again."""

    service_day: dt.date


class DeviceEnrolled(_Body, frozen=True, tag="device_enrolled"):
    """A device joined the hall with its public key (Z85)."""

    enrolled_device_id: str
    role: str
    public_key: str
    counter_id: str | None = None


class DeviceRevoked(_Body, frozen=True, tag="device_revoked"):
    """A device's key was shut out."""

    revoked_device_id: str


class CounterOpened(_Body, frozen=True, tag="counter_opened"):
    """An operator took a counter."""

    counter_id: str
    operator_id: str


class CounterClosed(_Body, frozen=True, tag="counter_closed"):
    """An operator left a counter."""

    counter_id: str
    operator_id: str


class TicketIssued(_Body, frozen=True, tag="ticket_issued"):
    """A number was given; `ticket_id` equals the `seq` of this event, `count` is the number without its letters."""

    ticket_id: int
    number: str
    count: int
    service_day: dt.date
    queue_id: str
    service_id: str
    class_id: str
    language: str
    people_ahead: int
    procedure_code: str | None = None
    wait_low_minutes: int | None = None
    wait_high_minutes: int | None = None


class Candidate(Struct, frozen=True, gc=False):
    """A ticket that headed a line when a call was decided."""

    number: str
    points: float
    over_limit: float


class CallReason(Struct, frozen=True, gc=False):
    """Why this ticket and not another: the rule's part, its points, the best of the others."""

    rule: CallRule
    points: float
    candidates: list[Candidate]


class TicketCalled(_Body, frozen=True, tag="ticket_called"):
    """A ticket was called to a counter."""

    ticket_id: int
    number: str
    service_id: str
    counter_id: str
    operator_id: str
    reason: CallReason


class TicketRecalled(_Body, frozen=True, tag="ticket_recalled"):
    """A called ticket was announced again."""

    ticket_id: int
    number: str
    service_id: str
    counter_id: str
    recalls: int


class ServingStarted(_Body, frozen=True, tag="serving_started"):
    """The called citizen arrived at the counter."""

    ticket_id: int
    number: str
    service_id: str
    counter_id: str


class TicketFinished(_Body, frozen=True, tag="ticket_finished"):
    """The service ended; the ticket may now be rated."""

    ticket_id: int
    number: str
    service_id: str
    counter_id: str


class NoShowMarked(_Body, frozen=True, tag="no_show_marked"):
    """The called citizen did not come."""

    ticket_id: int
    number: str
    service_id: str
    counter_id: str


class TicketCancelled(_Body, frozen=True, tag="ticket_cancelled"):
    """A ticket left the line without service."""

    ticket_id: int
    number: str
    service_id: str
    state_before: TicketState
    by: Literal["citizen", "staff", "day_end"]
    reason: str = ""
    counter_id: str | None = None


class TicketRated(_Body, frozen=True, tag="ticket_rated"):
    """A served ticket was rated; the score is kept apart, without the ticket."""

    ticket_id: int


class TicketPrinted(_Body, frozen=True, tag="ticket_printed"):
    """The printer confirmed a ticket's paper."""

    ticket_id: int


class PrintFailed(_Body, frozen=True, tag="print_failed"):
    """A ticket's paper failed, or nobody can say (`outcome` unknown)."""

    ticket_id: int
    outcome: str
    detail: str


EventBody = (
    EpochStarted
    | DayStarted
    | DeviceEnrolled
    | DeviceRevoked
    | CounterOpened
    | CounterClosed
    | TicketIssued
    | TicketCalled
    | TicketRecalled
    | ServingStarted
    | TicketFinished
    | NoShowMarked
    | TicketCancelled
    | TicketRated
    | TicketPrinted
    | PrintFailed
)


class Event(Struct, frozen=True, gc=False):
    """One entry of the log: `seq` orders it, `at` (aware UTC) only dates it."""

    epoch: str
    seq: int
    at: dt.datetime
    device_id: str
    body: EventBody
