"""The counters as the wall knows them: who is there, what stopped, and which ticket each holds, folded from events."""

import datetime as dt
from collections import deque
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from protocol import events as ev
from protocol.replies import CounterStatus, Snapshot, TicketView
from protocol.words import Origin, Takes, TicketState

REMEMBERED = 1000
"""So many events are kept to be taken back; a hall has fewer within the seconds in which it lets them be."""
UNKNOWN_REASON = ""
"""The reason of a pause that began again before this wall heard why."""
_UNCALLED = (Origin.DIRECT, Origin.BACK_OFFICE)
_IN_HAND = (TicketState.CALLED, TicketState.SERVING)


class Held(Struct, frozen=True):
    """The ticket at a counter; `announced_at` (UTC) is when it was called last, None where nobody heard a call."""

    ticket_id: int
    number: str
    service_id: str
    serving: bool
    announced_at: dt.datetime | None = None


class AtCounter(Struct, frozen=True):
    """A counter now; `operator_id` None: it is not open."""

    counter_id: str
    operator_id: str | None = None
    paused_reason_id: str | None = None
    asks_next: bool = False
    held: Held | None = None
    service_ids: list[str] = []
    """What it calls today, where that is not what the hall file says."""
    takes: Takes = "all"

    @property
    def open(self) -> bool:
        """Whether somebody is there."""
        return self.operator_id is not None


class Counters:
    """Every counter of one hall."""

    def __init__(self) -> None:
        self._counters: dict[str, AtCounter] = {}
        self._epoch, self._seq = "", -1
        self._images: deque[tuple[int, list[AtCounter]]] = deque()
        """What each event changed, as it was before; oldest first."""
        self._whole_from = 0
        """Since this seq no event was missed."""

    def at(self, counter_id: str) -> AtCounter:
        """A counter; one that nobody heard of is not open."""
        return self._counters.get(counter_id) or AtCounter(counter_id)

    def all(self) -> list[AtCounter]:
        """Every counter that was heard of."""
        return list(self._counters.values())

    # ---- what comes in ----

    def take_snapshot(self, snapshot: Snapshot) -> None:
        """Start again from the whole state."""
        if (snapshot.epoch, snapshot.seq) != (self._epoch, self._seq):
            self._images.clear()
            self._whole_from = snapshot.seq + 1
        self._epoch, self._seq = snapshot.epoch, snapshot.seq
        self._counters = {status.counter_id: _from_status(status) for status in snapshot.counters}

    def take_event(self, event: ev.Event) -> None:
        """Fold the next event; one that is older than what is known, or of another epoch, is ignored."""
        if event.epoch != self._epoch or event.seq <= self._seq:
            return
        self._seq = event.seq
        before = dict(self._counters)
        self._happen(event.body, event.at)
        self._remember(before)

    def _remember(self, before: dict[str, AtCounter]) -> None:
        changed = [c.counter_id for c in self._counters.values() if before.get(c.counter_id) is not c]
        if changed:
            self._images.append((self._seq, [before.get(key) or AtCounter(key) for key in changed]))
        while len(self._images) > REMEMBERED:
            self._whole_from = self._images.popleft()[0] + 1

    # ---- the fold ----

    def _happen(self, body: ev.EventBody, at: dt.datetime) -> None:
        match body:
            case ev.CounterOpened(counter_id=key):
                self._change(key, operator_id=body.operator_id, paused_reason_id=None, asks_next=False)
            case ev.CounterClosed(counter_id=key):
                self._change(key, operator_id=None, paused_reason_id=None, asks_next=False, held=None)
            case ev.CounterPaused(counter_id=key):
                self._change(key, paused_reason_id=body.reason_id, asks_next=False)
            case ev.CounterContinued(counter_id=key):
                self._change(key, paused_reason_id=None)
            case ev.NextAsked(counter_id=key):
                self._change(key, asks_next=body.waits)
            case ev.ServicesAssigned(counter_id=key):
                self._change(key, service_ids=body.service_ids or [], takes=body.takes)
            case ev.DayStarted():
                self._begin_day()
            case ev.ActionUndone():
                self._take_back(body)
            case _:
                self._happen_to_ticket(body, at)

    def _happen_to_ticket(self, body: ev.EventBody, at: dt.datetime) -> None:
        match body:
            case ev.TicketCalled() | ev.TicketRecalled():
                self._hold(body.counter_id, Held(body.ticket_id, body.number, body.service_id, False, at))
            case ev.ServingStarted(directly=True):
                self._hold(body.counter_id, Held(body.ticket_id, body.number, body.service_id, True))
            case ev.ServingStarted():
                self._serve(body.ticket_id)
            case ev.TicketFinished() | ev.NoShowMarked() | ev.TicketParked():
                self._release(body.ticket_id)
            case ev.TicketCancelled() | ev.TicketTransferred():
                self._release(body.ticket_id)
            case _:
                pass

    def _change(self, counter_id: str, **changes: object) -> None:
        self._counters[counter_id] = replace(self.at(counter_id), **changes)

    def _hold(self, counter_id: str, held: Held) -> None:
        self._release(held.ticket_id)
        self._change(counter_id, held=held, asks_next=False)

    def _serve(self, ticket_id: int) -> None:
        for counter in self._with_ticket(ticket_id):
            assert counter.held is not None
            self._change(counter.counter_id, held=replace(counter.held, serving=True))

    def _release(self, ticket_id: int) -> None:
        for counter in self._with_ticket(ticket_id):
            self._change(counter.counter_id, held=None)

    def _with_ticket(self, ticket_id: int) -> list[AtCounter]:
        return [c for c in self._counters.values() if c.held is not None and c.held.ticket_id == ticket_id]

    def _begin_day(self) -> None:
        for counter in self.all():
            self._change(counter.counter_id, service_ids=[], takes="all")

    # ---- taking back ----

    def _take_back(self, body: ev.ActionUndone) -> None:
        """Let counters be as before; a wall that missed the action goes by what is said of its tickets."""
        if body.first_seq >= self._whole_from:
            for counter in self._before(body.first_seq, body.last_seq):
                self._change(
                    counter.counter_id,
                    held=counter.held,
                    paused_reason_id=counter.paused_reason_id,
                    asks_next=counter.asks_next,
                )
        else:
            self._put_back(body.tickets)
            self._set_pause_back(body)

    def _before(self, first_seq: int, last_seq: int) -> Iterable[AtCounter]:
        """The counters as they were before the first of some events."""
        found: dict[str, AtCounter] = {}
        for seq, images in self._images:
            if first_seq <= seq <= last_seq:
                for counter in images:
                    found.setdefault(counter.counter_id, counter)
        return found.values()

    def _put_back(self, tickets: Iterable[ev.UndoneTicket]) -> None:
        known = {c.held.ticket_id: c.held for c in self.all() if c.held is not None}
        for undone in tickets:
            self._release(undone.ticket_id)
        for undone in tickets:
            if undone.state in _IN_HAND and undone.counter_id is not None:
                held = known.get(undone.ticket_id) or Held(undone.ticket_id, undone.number, undone.service_id, False)
                serving = undone.state is TicketState.SERVING
                self._change(undone.counter_id, held=replace(held, serving=serving, service_id=undone.service_id))

    def _set_pause_back(self, body: ev.ActionUndone) -> None:
        if body.action == "pause_counter":
            self._change(body.counter_id, paused_reason_id=None)
        elif body.action == "continue_counter":
            self._change(body.counter_id, paused_reason_id=UNKNOWN_REASON)


def _from_status(status: CounterStatus) -> AtCounter:
    return AtCounter(
        status.counter_id,
        status.operator_id if status.open else None,
        status.paused_reason_id,
        status.asks_next,
        _from_view(status.ticket) if status.ticket else None,
        status.service_ids,
        status.takes,
    )


def _from_view(view: TicketView) -> Held:
    called = None if view.origin in _UNCALLED and view.announced_at is None else view.announced_at or view.called_at
    return Held(view.ticket_id, view.number, view.service_id, view.state is TicketState.SERVING, called)
