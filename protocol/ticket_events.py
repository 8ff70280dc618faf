"""What happened to tickets: the bodies of events of the line and of the counters that serve it."""

import datetime as dt
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from protocol.words import Origin, Performed, TicketState


class _Body(Struct, frozen=True, gc=False, tag_field="type"):
    """The part of an event that its kind decides."""


class CallRule(StrEnum):
    """Which part of the calling rule made a ticket the next one."""

    TURN = "turn"
    HEAD_START = "head_start"
    OWN_FIELD = "own_field"
    QUICK = "quick"
    OVER_LIMIT = "over_limit"
    APPOINTMENT = "appointment"
    RETURNED = "returned"
    PREFERENCE = "preference"
    FAIR_SHARE = "fair_share"
    CHOSEN = "chosen"
    RESUMED = "resumed"


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
    origin: Origin = Origin.KIOSK
    counts_since: dt.datetime | None = None
    slot_at: dt.datetime | None = None
    on_time: bool = False
    claim_id: int | None = None
    """The appointment or the earlier ticket that this one makes good."""
    counts_for: list[str] = []
    """The quotas it counts for: `service`, `service@span`."""
    by: str = ""
    """The person who took it for a citizen at a kiosk."""
    block_id: int | None = None
    """The block it was given from while the server was away; then `issued_at` says when."""
    issued_at: dt.datetime | None = None


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
    over_limit: float = 0.0
    text: str = ""
    """What the operator gave as the reason of a call out of order."""


class TicketCalled(_Body, frozen=True, tag="ticket_called"):
    """A ticket was called to a counter."""

    ticket_id: int
    number: str
    service_id: str
    counter_id: str
    operator_id: str
    reason: CallReason
    priority: bool = False
    """Whether the ticket is of a class with a head start."""
    class_id: str = ""


class TicketRecalled(_Body, frozen=True, tag="ticket_recalled"):
    """A called ticket was announced again."""

    ticket_id: int
    number: str
    service_id: str
    counter_id: str
    recalls: int
    operator_id: str = ""
    class_id: str = ""


class ServingStarted(_Body, frozen=True, tag="serving_started"):
    """The called citizen arrived at the counter."""

    ticket_id: int
    number: str
    service_id: str
    counter_id: str
    operator_id: str = ""
    directly: bool = False
    """Without a call: served without a ticket, or an item without a citizen."""


class TicketFinished(_Body, frozen=True, tag="ticket_finished"):
    """The service ended; the ticket may now be rated."""

    ticket_id: int
    number: str
    service_id: str
    counter_id: str
    operator_id: str = ""


class NoShowMarked(_Body, frozen=True, tag="no_show_marked"):
    """The called citizen did not come."""

    ticket_id: int
    number: str
    service_id: str
    counter_id: str
    operator_id: str = ""


class TicketCancelled(_Body, frozen=True, tag="ticket_cancelled"):
    """A ticket left the line without service."""

    ticket_id: int
    number: str
    service_id: str
    state_before: TicketState
    by: Literal["citizen", "staff", "day_end", "kiosk"]
    reason: str = ""
    counter_id: str | None = None
    operator_id: str = ""
    at_counter_id: str | None = None
    """The counter that cancelled it."""
    frees: list[str] = []
    """The quotas for which it does not count any more."""


class TicketRestored(_Body, frozen=True, tag="ticket_restored"):
    """A no-show or cancelled ticket is waiting again, with its original time."""

    ticket_id: int
    number: str
    service_id: str
    state_before: TicketState
    counter_id: str | None = None
    operator_id: str = ""


class TicketParked(_Body, frozen=True, tag="ticket_parked"):
    """A ticket was set aside until an instant."""

    ticket_id: int
    number: str
    service_id: str
    counter_id: str
    operator_id: str
    until: dt.datetime


class TicketReturned(_Body, frozen=True, tag="ticket_returned"):
    """A parked ticket is due and waits again, with its original time."""

    ticket_id: int
    number: str
    service_id: str


class TicketTransferred(_Body, frozen=True, tag="ticket_transferred"):
    """A ticket was sent on: it waits again, for `to_service_id` and perhaps for one counter or person.

    `counter_id` is where it was in hand, if it was; `state` is what it is now: waiting, or parked until `not_before`.
    """

    ticket_id: int
    number: str
    service_id: str
    state_before: TicketState
    state: TicketState
    to_service_id: str
    class_id: str
    counter_id: str | None = None
    operator_id: str = ""
    to_counter_id: str | None = None
    to_operator_id: str | None = None
    return_to_counter_id: str | None = None
    not_before: dt.datetime | None = None
    sent_back: bool = False
    """It came from the counter that had asked for it back."""
    by: str | None = None


class ServicesRecorded(_Body, frozen=True, tag="services_recorded"):
    """What a visit's services were so far."""

    ticket_id: int
    counter_id: str
    operator_id: str
    performed: list[Performed]


class NoteAdded(_Body, frozen=True, tag="note_added"):
    """A note was left on a ticket; the text lies apart, under this event's seq."""

    ticket_id: int
    counter_id: str | None
    operator_id: str


class TimesFlagged(_Body, frozen=True, tag="times_flagged"):
    """The times of a visit are wrong, or right after all."""

    ticket_id: int
    counter_id: str
    operator_id: str
    wrong: bool


class ClaimChecked(_Body, frozen=True, tag="claim_checked"):
    """The proof of a priority class was looked at; a false claim made the ticket ordinary."""

    ticket_id: int
    counter_id: str
    operator_id: str
    class_id: str
    valid: bool
    class_after: str


class ComeBackGranted(_Body, frozen=True, tag="come_back_granted"):
    """A citizen may come back without queueing again until an instant; the papers to bring lie apart."""

    ticket_id: int
    number: str
    counter_id: str
    operator_id: str
    until: dt.datetime


class UndoneTicket(Struct, frozen=True, gc=False):
    """A ticket as it is again after an action was taken back."""

    ticket_id: int
    number: str
    service_id: str
    state_before: TicketState
    state: TicketState
    counter_id: str | None = None
    service_id_before: str = ""
    """The service it was in before it was taken back."""


class ActionUndone(_Body, frozen=True, tag="action_undone"):
    """A counter took back its last action: the events from `first_seq` to `last_seq` count as if they had not been."""

    counter_id: str
    operator_id: str
    action: str
    first_seq: int
    last_seq: int
    tickets: list[UndoneTicket]


class TicketRated(_Body, frozen=True, tag="ticket_rated"):
    """A served ticket was rated; the score is kept apart, without the ticket."""

    ticket_id: int


class TicketDelayed(_Body, frozen=True, tag="ticket_delayed"):
    """A waiting citizen lets others go first until an instant; the ticket keeps its place by its original time."""

    ticket_id: int
    number: str
    service_id: str
    until: dt.datetime


class CallShown(_Body, frozen=True, tag="call_shown"):
    """A call stood on a wall: on this display first."""

    ticket_id: int
    announced_at: dt.datetime
    display_id: str


class CallSaid(_Body, frozen=True, tag="call_said"):
    """A call was spoken to its end: by this display first."""

    ticket_id: int
    announced_at: dt.datetime
    display_id: str


class CallUnseen(_Body, frozen=True, tag="call_unseen"):
    """No wall showed a call in time: its counter is told to call aloud."""

    ticket_id: int
    number: str
    counter_id: str
    announced_at: dt.datetime


class TicketPrinted(_Body, frozen=True, tag="ticket_printed"):
    """The printer confirmed a ticket's paper."""

    ticket_id: int
    reprint: bool = False


class PrintFailed(_Body, frozen=True, tag="print_failed"):
    """A ticket's paper failed, or nobody can say (`outcome` unknown)."""

    ticket_id: int
    outcome: str
    detail: str
    reprint: bool = False
