"""A ticket, its states and the one table of its moves."""

import datetime as dt

from msgspec import Struct
from msgspec.structs import replace

from protocol.errors import WrongState
from protocol.events import CallReason, TicketIssued, TicketTransferred
from protocol.words import Origin, Performed, TicketState

_S = TicketState
LIVE = frozenset({_S.WAITING, _S.CALLED, _S.SERVING, _S.PARKED})
"""The states of tickets that can still be called or are being served."""
IN_HAND = frozenset({_S.CALLED, _S.SERVING})
"""The states of tickets that a counter holds."""

MOVES: dict[str, tuple[frozenset[TicketState], TicketState]] = {
    "call": (frozenset({_S.WAITING}), _S.CALLED),
    "resume": (frozenset({_S.PARKED}), _S.CALLED),
    "recall": (frozenset({_S.CALLED}), _S.CALLED),
    "start": (frozenset({_S.CALLED}), _S.SERVING),
    "start_directly": (frozenset({_S.WAITING, _S.PARKED}), _S.SERVING),
    "finish": (frozenset({_S.SERVING}), _S.FINISHED),
    "mark_no_show": (frozenset({_S.CALLED}), _S.NO_SHOW),
    "restore": (frozenset({_S.NO_SHOW, _S.CANCELLED}), _S.WAITING),
    "park": (IN_HAND, _S.PARKED),
    "delay": (frozenset({_S.WAITING}), _S.PARKED),
    "return": (frozenset({_S.PARKED}), _S.WAITING),
    "transfer": (LIVE, _S.WAITING),
    "cancel": (LIVE, _S.CANCELLED),
}
"""What may be done to a ticket: from which states, to which state."""


class Leg(Struct, frozen=True, gc=False, omit_defaults=True):
    """A part of a visit that ended without ending the visit: one stay at a counter."""

    service_id: str
    counter_id: str
    operator_id: str
    called_at: dt.datetime
    ended_at: dt.datetime
    serving_at: dt.datetime | None = None
    end: TicketState = TicketState.WAITING


class Ticket(Struct, frozen=True, gc=False, omit_defaults=True):
    """One turn in a queue; every verb gives the ticket after the move or raises WrongState.

    `moved_seq` is the event that moved it last; `counts_since` replaces the time of issue for its place in the line.
    """

    ticket_id: int
    number: str
    service_day: dt.date
    queue_id: str
    service_id: str
    class_id: str
    language: str
    issued_at: dt.datetime
    state: TicketState = TicketState.WAITING
    procedure_code: str | None = None
    counter_id: str | None = None
    operator_id: str | None = None
    called_at: dt.datetime | None = None
    announced_at: dt.datetime | None = None
    serving_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    recalls: int = 0
    rated: bool = False
    print_outcome: str | None = None
    moved_seq: int = 0
    origin: Origin = Origin.KIOSK
    counts_since: dt.datetime | None = None
    slot_at: dt.datetime | None = None
    on_time: bool = False
    claim_id: int | None = None
    returned: bool = False
    parked_until: dt.datetime | None = None
    to_counter_id: str | None = None
    to_operator_id: str | None = None
    return_to_counter_id: str | None = None
    legs: list[Leg] = []
    performed: list[Performed] = []
    times_wrong: bool = False
    claim_valid: bool | None = None
    come_back_until: dt.datetime | None = None
    notes: int = 0
    reason: CallReason | None = None
    withdrawn: bool = False
    """Its kiosk took it back: nobody ever held its number."""
    delayed: bool = False
    """Its citizen has let others go first."""

    @property
    def live(self) -> bool:
        """Whether the ticket still waits for or receives a service."""
        return self.state in LIVE

    @property
    def target(self) -> str:
        """For whom alone it waits: `counter:3`, `operator:01`, or empty: for whoever serves its service."""
        if self.to_counter_id:
            return f"counter:{self.to_counter_id}"
        return f"operator:{self.to_operator_id}" if self.to_operator_id else ""

    def call(self, counter_id: str, operator_id: str, reason: CallReason, at: dt.datetime) -> "Ticket":
        """The ticket after it was called to a counter, from the line or from where it was parked."""
        after = self._after("resume" if self.state is TicketState.PARKED else "call")
        return replace(
            self,
            state=after,
            counter_id=counter_id,
            operator_id=operator_id,
            called_at=at,
            announced_at=at,
            serving_at=None,
            ended_at=None,
            recalls=0,
            reason=reason,
            parked_until=None,
            to_counter_id=None,
            to_operator_id=None,
        )

    def recall(self, at: dt.datetime) -> "Ticket":
        """The ticket after it was announced again."""
        return replace(self, state=self._after("recall"), recalls=self.recalls + 1, announced_at=at)

    def start(self, at: dt.datetime) -> "Ticket":
        """The ticket after its citizen arrived at the counter."""
        return replace(self, state=self._after("start"), serving_at=at)

    def start_directly(self, counter_id: str, operator_id: str, at: dt.datetime) -> "Ticket":
        """The ticket after its service began, or goes on, without a call."""
        after = self._after("start_directly")
        begun = replace(self, state=after, counter_id=counter_id, operator_id=operator_id, called_at=at, serving_at=at)
        return replace(begun, parked_until=None, to_counter_id=None)

    def finish(self, at: dt.datetime) -> "Ticket":
        """The ticket after its service ended."""
        return replace(self, state=self._after("finish"), ended_at=at)

    def mark_no_show(self, at: dt.datetime) -> "Ticket":
        """The ticket after its citizen did not come."""
        return replace(self, state=self._after("mark_no_show"), ended_at=at)

    def restore(self) -> "Ticket":
        """The ticket after it was put back into its line: its place is the one of its original time."""
        after = self._after("restore")
        returned = self.returned or self.called_at is not None
        with_leg = self.with_leg(self.ended_at, self.state)
        return replace(with_leg.out_of_hand(), state=after, ended_at=None, returned=returned, withdrawn=False)

    def park(self, until: dt.datetime, at: dt.datetime) -> "Ticket":
        """The ticket after it was set aside: it returns to the counter that parked it."""
        after = self._after("park")
        parked = self.with_leg(at, TicketState.PARKED).out_of_hand()
        return replace(parked, state=after, parked_until=until, to_counter_id=self.counter_id, returned=True)

    def delay(self, until: dt.datetime) -> "Ticket":
        """The ticket after its citizen let others go first: its place stays the one of its original time."""
        return replace(self, state=self._after("delay"), parked_until=until, delayed=True)

    def return_(self) -> "Ticket":
        """The ticket after its time aside was over."""
        return replace(self, state=self._after("return"), parked_until=None)

    def transfer(self, event: TicketTransferred, at: dt.datetime) -> "Ticket":
        """The ticket after it was sent on: it keeps its number and its original time."""
        self._after("transfer")
        sent = self.with_leg(at).out_of_hand() if self.state in IN_HAND else self
        return replace(
            sent,
            state=event.state,
            service_id=event.to_service_id,
            class_id=event.class_id,
            parked_until=event.not_before,
            to_counter_id=event.to_counter_id,
            to_operator_id=event.to_operator_id,
            return_to_counter_id=event.return_to_counter_id,
            returned=self.returned or self.state in IN_HAND,
        )

    def cancel(self, at: dt.datetime, *, withdrawn: bool = False) -> "Ticket":
        """The ticket after it left the line without service."""
        return replace(self, state=self._after("cancel"), ended_at=at, parked_until=None, withdrawn=withdrawn)

    def check(self, move: str) -> "Ticket":
        """This ticket, if its state allows the move; raises WrongState."""
        self._after(move)
        return self

    def with_leg(self, at: dt.datetime | None, end: TicketState = TicketState.WAITING) -> "Ticket":
        """The ticket with its stay at the counter written down as a leg that ended at `at`."""
        if self.called_at is None or at is None:
            return self
        leg = Leg(
            self.service_id, self.counter_id or "", self.operator_id or "", self.called_at, at, self.serving_at, end
        )
        return replace(self, legs=[*self.legs, leg])

    def out_of_hand(self) -> "Ticket":
        """The ticket as no counter holds it."""
        return replace(
            self, counter_id=None, operator_id=None, called_at=None, announced_at=None, serving_at=None, recalls=0
        )

    def _after(self, move: str) -> TicketState:
        allowed, after = MOVES[move]
        if self.state not in allowed:
            raise WrongState(ticket_id=self.ticket_id, number=self.number, state=self.state.value, move=move)
        return after


def issued(event: TicketIssued, at: dt.datetime) -> Ticket:
    """The ticket that an issue event gave."""
    return Ticket(
        ticket_id=event.ticket_id,
        number=event.number,
        service_day=event.service_day,
        queue_id=event.queue_id,
        service_id=event.service_id,
        class_id=event.class_id,
        language=event.language,
        issued_at=event.issued_at or at,
        procedure_code=event.procedure_code,
        moved_seq=event.ticket_id,
        origin=event.origin,
        counts_since=event.counts_since,
        slot_at=event.slot_at,
        on_time=event.on_time,
        claim_id=event.claim_id,
    )
