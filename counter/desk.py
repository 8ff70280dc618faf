"""A counter as its boxes need it: snapshot, events and pulses folded into one state, and what that shows.

Pure: `now` is monotonic seconds of the program's own clock, given by the caller.
"""

from enum import StrEnum

from msgspec import Struct

from protocol import events as ev
from protocol.replies import CounterStatus, DeskReply, HallReply, Pulse, ServiceStatus, Snapshot
from protocol.words import TicketState

SILENT_SECONDS = 15.0
"""So long without a word of the hall, and nothing may be shown as if it were true."""
_IN_HAND = (TicketState.CALLED, TicketState.SERVING)


class Phase(StrEnum):
    """What a counter is doing."""

    SILENT = "silent"
    """Nothing was heard of the hall for too long, or never."""
    CLOSED = "closed"
    PAUSED = "paused"
    IDLE = "idle"
    CALLED = "called"
    SERVING = "serving"


class Held(Struct, frozen=True):
    """The ticket in hand."""

    ticket_id: int
    number: str
    state: TicketState


class Face(Struct, frozen=True):
    """What the boxes of a counter show at one moment; `calls` and `finished` count up, so that each is news once."""

    phase: Phase
    label: str = ""
    number: str = ""
    waiting: int = 0
    calls: int = 0
    finished: int = 0

    def announced_since(self, before: "Face | None") -> bool:
        """Whether the number was called or called again since `before`."""
        return before is not None and self.phase is Phase.CALLED and self.calls > before.calls

    def finished_since(self, before: "Face | None") -> bool:
        """Whether a service ended since `before`, so that its rating opens."""
        return before is not None and self.finished > before.finished

    def woken_since(self, before: "Face | None") -> bool:
        """Whether somebody came to a counter that had nobody to call."""
        if before is None or not before.phase is self.phase is Phase.IDLE:
            return False
        return before.waiting == 0 < self.waiting


class Desk:
    """One counter as the hall says it is."""

    def __init__(self, counter_id: str) -> None:
        self.counter_id = counter_id
        self.hall: HallReply | None = None
        self.operator_id: str | None = None
        self.held: Held | None = None
        self.doubtful = False
        """Whether something was taken back whose outcome the event does not tell: ask for the desk."""
        self._paused = False
        self._epoch = ""
        self._seq = -1
        self._assigned: list[str] = []
        self._services: dict[str, ServiceStatus] = {}
        self._heard_at: float | None = None
        self._calls = 0
        self._finished = 0

    # ---- what comes in ----

    def describe(self, hall: HallReply) -> None:
        """Take the hall's names, services and habits."""
        self.hall = hall

    def take_snapshot(self, snapshot: Snapshot, now: float) -> None:
        """Start again from the whole state."""
        self._epoch, self._seq, self._heard_at = snapshot.epoch, snapshot.seq, now
        self._services = {status.service_id: status for status in snapshot.services}
        mine = (status for status in snapshot.counters if status.counter_id == self.counter_id)
        self._take_status(next(mine, CounterStatus(self.counter_id, open=False)))

    def take_desk(self, reply: DeskReply) -> None:
        """Take what the hall says of this counter, unless more has happened since."""
        if reply.epoch == self._epoch and reply.seq >= self._seq:
            self._take_status(reply.counter)

    def take_pulse(self, pulse: Pulse, now: float) -> None:
        """The hall lives, and counts who waits."""
        self._heard_at = now
        self._services = {status.service_id: status for status in pulse.services}

    def take_event(self, event: ev.Event, now: float) -> None:
        """Fold the next event."""
        self._heard_at = now
        self._seq = event.seq
        if getattr(event.body, "counter_id", None) == self.counter_id:
            self._fold_counter(event.body)
        self._fold_ticket(event.body)

    def _take_status(self, status: CounterStatus) -> None:
        ticket = status.ticket
        self.operator_id = status.operator_id if status.open else None
        self._paused = status.paused_reason_id is not None
        self._assigned = list(status.service_ids)
        self.held = Held(ticket.ticket_id, ticket.number, ticket.state) if ticket else None
        self.doubtful = False

    def _fold_counter(self, body: ev.EventBody) -> None:
        match body:
            case ev.CounterOpened():
                self.operator_id, self._paused = body.operator_id, False
            case ev.CounterClosed():
                self.operator_id, self._paused, self.held = None, False, None
            case ev.CounterPaused():
                self._paused = True
            case ev.CounterContinued():
                self._paused = False
            case ev.ServicesAssigned():
                self._assigned = body.service_ids or []
            case ev.TicketCalled():
                self.held = Held(body.ticket_id, body.number, TicketState.CALLED)
                self._calls += 1
            case ev.TicketRecalled():
                self._calls += 1
            case ev.ServingStarted():
                self.held = Held(body.ticket_id, body.number, TicketState.SERVING)
            case ev.TicketFinished():
                self._finished += 1
            case ev.ActionUndone():
                self.doubtful = True
            case _:
                pass

    def _fold_ticket(self, body: ev.EventBody) -> None:
        match body:
            case ev.ActionUndone():
                for ticket in body.tickets:
                    self._take_back(ticket)
            case (
                ev.TicketFinished()
                | ev.NoShowMarked()
                | ev.TicketCancelled()
                | ev.TicketParked()
                | ev.TicketTransferred()
                | ev.TicketRestored()
                | ev.TicketReturned()
            ):
                self._let_go(body.ticket_id)
            case ev.TicketCalled() | ev.ServingStarted() if body.counter_id != self.counter_id:
                self._let_go(body.ticket_id)
            case _:
                pass

    def _take_back(self, ticket: ev.UndoneTicket) -> None:
        self._let_go(ticket.ticket_id)
        if ticket.counter_id == self.counter_id and ticket.state in _IN_HAND:
            self.held = Held(ticket.ticket_id, ticket.number, ticket.state)

    def _let_go(self, ticket_id: int) -> None:
        if self.held and self.held.ticket_id == ticket_id:
            self.held = None

    # ---- what is known ----

    def phase(self, now: float) -> Phase:
        """What the counter is doing, as far as that may still be believed."""
        if self._heard_at is None or now - self._heard_at > SILENT_SECONDS:
            return Phase.SILENT
        if self.operator_id is None:
            return Phase.CLOSED
        if self.held:
            return Phase.SERVING if self.held.state is TicketState.SERVING else Phase.CALLED
        return Phase.PAUSED if self._paused else Phase.IDLE

    def face(self, now: float) -> Face:
        """What its boxes show."""
        phase = self.phase(now)
        if phase is Phase.SILENT:
            return Face(phase, calls=self._calls, finished=self._finished)
        number = self.held.number if self.held else ""
        return Face(phase, self.label, number, self._waiting(), self._calls, self._finished)

    @property
    def label(self) -> str:
        """The counter on a sign: the digits of its name, or its id."""
        counters = self.hall.counters if self.hall else []
        name = next((counter.name for counter in counters if counter.counter_id == self.counter_id), "")
        return "".join(letter for letter in name if letter.isdecimal()) or self.counter_id

    def _waiting(self) -> int:
        counters = self.hall.counters if self.hall else []
        mine = next((counter.service_ids for counter in counters if counter.counter_id == self.counter_id), [])
        return sum(self._services[name].waiting for name in self._assigned or mine if name in self._services)
