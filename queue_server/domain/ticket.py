"""A ticket, its states and the one table of its moves."""

import datetime as dt

from msgspec import Struct
from msgspec.structs import replace

from protocol.errors import WrongState
from protocol.events import TicketIssued
from protocol.words import TicketState

MOVES: dict[str, tuple[frozenset[TicketState], TicketState]] = {
    "call": (frozenset({TicketState.WAITING}), TicketState.CALLED),
    "recall": (frozenset({TicketState.CALLED}), TicketState.CALLED),
    "start": (frozenset({TicketState.CALLED}), TicketState.SERVING),
    "finish": (frozenset({TicketState.SERVING}), TicketState.FINISHED),
    "mark_no_show": (frozenset({TicketState.CALLED}), TicketState.NO_SHOW),
    "cancel": (
        frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.PARKED}),
        TicketState.CANCELLED,
    ),
}
"""What may be done to a ticket: from which states, to which state."""

LIVE = frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.SERVING, TicketState.PARKED})
"""The states of tickets that can still be called or are being served."""


class Ticket(Struct, frozen=True, gc=False, omit_defaults=True):
    """One turn in a queue; every verb gives the ticket after the move or raises WrongState."""

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
    serving_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    recalls: int = 0
    rated: bool = False
    print_outcome: str | None = None

    @property
    def live(self) -> bool:
        """Whether the ticket still waits for or receives a service."""
        return self.state in LIVE

    def call(self, counter_id: str, operator_id: str, at: dt.datetime) -> "Ticket":
        """The ticket after it was called to a counter."""
        return replace(self, state=self._after("call"), counter_id=counter_id, operator_id=operator_id, called_at=at)

    def recall(self) -> "Ticket":
        """The ticket after it was announced again."""
        return replace(self, state=self._after("recall"), recalls=self.recalls + 1)

    def start(self, at: dt.datetime) -> "Ticket":
        """The ticket after its citizen arrived at the counter."""
        return replace(self, state=self._after("start"), serving_at=at)

    def finish(self, at: dt.datetime) -> "Ticket":
        """The ticket after its service ended."""
        return replace(self, state=self._after("finish"), ended_at=at)

    def mark_no_show(self, at: dt.datetime) -> "Ticket":
        """The ticket after its citizen did not come."""
        return replace(self, state=self._after("mark_no_show"), ended_at=at)

    def cancel(self, at: dt.datetime) -> "Ticket":
        """The ticket after it left the line without service."""
        return replace(self, state=self._after("cancel"), ended_at=at)

    def rate(self) -> "Ticket":
        """The ticket after its one rating; the caller has checked that it may be rated."""
        return replace(self, rated=True)

    def record_print(self, outcome: str) -> "Ticket":
        """The ticket after it became known what its paper did."""
        return replace(self, print_outcome=outcome)

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
        issued_at=at,
        procedure_code=event.procedure_code,
    )
