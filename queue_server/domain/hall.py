"""The state of a hall: what its log adds up to. Only `domain.folding` changes it, event by event."""

import bisect
import datetime as dt
import heapq
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec import Struct
from msgspec.structs import replace

from protocol.errors import UnknownTicket
from protocol.events import Event, EventBody
from protocol.words import Origin, TicketState
from queue_server.domain.line import Entry, Kind, LineKey, Lines
from queue_server.domain.rows import (
    Announcement,
    Appointment,
    Block,
    ClockDoubt,
    ComeBack,
    Counter,
    Day,
    Device,
    Epoch,
    Row,
    Suspension,
)
from queue_server.domain.rules import Reach, Rules
from queue_server.domain.ticket import Ticket

STEPS_KEPT = 8
"""So many of a counter's last events can be taken back; an action has three at most."""


@dataclass(frozen=True)
class Step:
    """One event of a counter, with what it changed as it was before."""

    seq: int
    body: EventBody | None
    tickets: dict[int, Ticket]
    rows: dict[str, Row | None]


@dataclass
class Changes:
    """What a batch changed: to be stored. A row that is None was dropped."""

    tickets: dict[int, Ticket] = field(default_factory=dict)
    rows: dict[str, Struct | None] = field(default_factory=dict)


class Hall:
    """The live state, and the tickets that ended today; older ones are found through `archive`."""

    def __init__(self, rules: Rules, archive: Callable[[int], Ticket | None]) -> None:
        self.rules = rules
        self.epoch = ""
        self.seq = 0
        self.epochs: list[Epoch] = []
        """The epochs of the log, the oldest first."""
        self.day: Day | None = None
        self.clock_doubt: ClockDoubt | None = None
        self.lines = Lines()
        self.tickets: dict[int, Ticket] = {}
        self.ended: dict[int, Ticket] = {}
        self.counters = {counter_id: Counter(counter_id) for counter_id in rules.counters}
        self._lost_counters: dict[str, Counter] = {}
        """Rows of counters that the hall file has no more: their log must still add up."""
        self.askers: set[str] = set()
        """The counters that ask for the next arrival."""
        self.devices: dict[str, Device] = {}
        self.suspensions: dict[str, Suspension] = {}
        self.appointments: dict[int, Appointment] = {}
        self.come_backs: dict[int, ComeBack] = {}
        self.announcements: dict[int, Announcement] = {}
        self.blocks: dict[int, Block] = {}
        self._blocks_of: dict[tuple[str, dt.date], dict[int, Block]] = {}
        self.changes = Changes()
        self.steps: dict[str, deque[Step]] = {}
        self._archive = archive
        self._due: list[tuple[dt.datetime, int]] = []
        self._before = Step(0, None, {}, {})
        self._reaches: dict[str, Reach] = {}
        self._present = frozenset[str]()
        self._servers: dict[str, list[str]] = {}
        self._rivals: dict[str, tuple[str, ...]] = {}
        self._to_watch: dict[str, list[str]] = {}

    # ---- looking ----

    def ticket(self, ticket_id: int) -> Ticket:
        """A ticket, live or ended; raises UnknownTicket."""
        found = self.tickets.get(ticket_id) or self.ended.get(ticket_id) or self.changes.tickets.get(ticket_id)
        found = found or self._archive(ticket_id)
        if found is None:
            raise UnknownTicket(ticket_id=ticket_id)
        return found

    def epoch_of(self, seq: int) -> str:
        """The epoch that wrote the event of a seq, as far as this log knows: ids of tickets and blocks are seqs."""
        return next((one.epoch for one in reversed(self.epochs) if one.first_seq <= seq), self.epoch)

    def counter(self, counter_id: str) -> Counter | None:
        """A counter's row, also of one that the hall file has no more."""
        return self.counters.get(counter_id) or self._lost_counters.get(counter_id)

    def every_counter(self) -> list[Counter]:
        """All counters' rows, also of those that the hall file has no more."""
        return [*self.counters.values(), *self._lost_counters.values()]

    def line_of(self, ticket: Ticket) -> LineKey:
        """The line in which a ticket waits or would wait."""
        kind: Kind = "walk_in"
        if ticket.returned or ticket.origin is Origin.COME_BACK:
            kind = "returned"
        elif ticket.on_time:
            kind = "appointment"
        return LineKey(ticket.service_id, ticket.class_id, kind, ticket.target)

    def entry(self, ticket: Ticket) -> Entry:
        """Where a ticket stands in its line."""
        key = self.line_of(ticket)
        issued = ticket.issued_at.timestamp()
        since = ticket.counts_since.timestamp() if ticket.counts_since else issued
        waited = max(issued, ticket.slot_at.timestamp()) if ticket.on_time and ticket.slot_at else issued
        advantage = self.rules.advantage(key.service_id, key.class_id, key.kind)
        return Entry(since - advantage, ticket.ticket_id, waited)

    def people_ahead(self, ticket: Ticket) -> int | None:
        """How many wait before a ticket at the counters that may call it; None if its service is no more."""
        if not self._known(ticket):
            return None
        return self.lines.ahead(self.rivals(ticket.service_id), self.entry(ticket))

    def reach(self, counter_id: str) -> Reach:
        """What a counter may call as it is staffed now."""
        found = self._reaches.get(counter_id)
        if found is None:
            counter = self.counters[counter_id]
            found = self._reaches[counter_id] = self.rules.reach(
                counter_id, counter.operator_id, counter.service_ids, counter.takes, self._targets_present()
            )
        return found

    def _targets_present(self) -> frozenset[str]:
        if not self._present:
            staffed = [counter for counter in self.counters.values() if counter.operator_id]
            self._present = frozenset(
                target for c in staffed for target in (f"counter:{c.counter_id}", f"operator:{c.operator_id}")
            )
        return self._present

    def counters_of(self, service_id: str) -> list[str]:
        """The counters that may call a service, in the hall's order."""
        found = self._servers.get(service_id)
        if found is None:
            found = self._servers[service_id] = [c for c in self.counters if service_id in self.reach(c).services]
        return found

    def rivals(self, service_id: str) -> tuple[str, ...]:
        """The services whose tickets are called by the same counters."""
        found = self._rivals.get(service_id)
        if found is None:
            reached = {service for c in self.counters_of(service_id) for service in self.reach(c).services}
            found = self._rivals[service_id] = tuple(sorted(reached | {service_id}))
        return found

    def counters_to_watch(self, service_id: str) -> list[str]:
        """The open counters that may call a service, or all of them while none is open."""
        found = self._to_watch.get(service_id)
        if found is None:
            every = self.counters_of(service_id)
            found = [c for c in every if self.counters[c].operator_id] or list(every)
            self._to_watch[service_id] = found
        return found

    def counter_with(self, operator_id: str) -> Counter | None:
        """The counter at which an operator sits."""
        return next((c for c in self.counters.values() if c.operator_id == operator_id), None)

    def blocks_of(self, queue_id: str, service_day: dt.date) -> list[Block]:
        """The blocks of a queue's numbers that kiosks hold for a day."""
        return list(self._blocks_of.get((queue_id, service_day), {}).values())

    def parked(self) -> list[Ticket]:
        """The tickets that are set aside, the earliest due first; one parked twice for the same instant once."""
        return [self.tickets[i] for until, i in sorted(set(self._due)) if self._still_parked(until, i)]

    def due(self, now: dt.datetime) -> list[Ticket]:
        """The parked tickets whose time aside is over, the earliest first; items wait until they are taken up."""
        while self._due and not self._still_parked(*self._due[0]):
            heapq.heappop(self._due)
        if not self._due or self._due[0][0] > now:
            return []
        due = [ticket for ticket in self.parked() if ticket.parked_until and ticket.parked_until <= now]
        return [ticket for ticket in due if ticket.origin is not Origin.BACK_OFFICE]

    def _still_parked(self, until: dt.datetime, ticket_id: int) -> bool:
        ticket = self.tickets.get(ticket_id)
        return ticket is not None and ticket.state is TicketState.PARKED and ticket.parked_until == until

    # ---- changing: for `domain.folding` and for loading only ----

    def restore(self, tickets: list[Ticket], ended: list[Ticket], rows: dict[str, Struct]) -> None:
        """Take over live tickets, those that ended today, and rows as they were stored."""
        for row in rows.values():
            self._take(row)
        for ticket in tickets:
            self.tickets[ticket.ticket_id] = ticket
            self._arrive(ticket)
        today = self.day.service_day if self.day else None
        self.ended = {ticket.ticket_id: ticket for ticket in ended if ticket.service_day == today}

    def settle(self) -> None:
        """Forget what was changed: it is stored."""
        self.changes = Changes()

    def begin_step(self, event: Event) -> None:
        """Note from now on what is changed, as it was before."""
        self._before = Step(event.seq, event.body, {}, {})

    def end_step(self, counter_id: str) -> None:
        """Keep what was noted as one step of a counter, so that it can be taken back."""
        self.steps.setdefault(counter_id, deque(maxlen=STEPS_KEPT)).append(self._before)

    def steps_of(self, counter_id: str, first_seq: int, last_seq: int) -> list[Step]:
        """A counter's steps between two seqs, as far as they are kept."""
        return [step for step in self.steps.get(counter_id, ()) if first_seq <= step.seq <= last_seq]

    def put(self, ticket: Ticket) -> None:
        """Let a ticket be as given, in its line if it waits; once per event, since a new `moved_seq` tells a move."""
        before = self.tickets.get(ticket.ticket_id) or self.ended.get(ticket.ticket_id)
        if before is not None:
            self._before.tickets.setdefault(ticket.ticket_id, before)
        moved = before is None or before.moved_seq != ticket.moved_seq
        if before is not None and moved and before.state is TicketState.WAITING:
            self._leave(before)
        self.changes.tickets[ticket.ticket_id] = ticket
        (self._put_live if ticket.live else self._put_ended)(ticket)
        if moved:
            self._arrive(ticket)

    def _put_live(self, ticket: Ticket) -> None:
        self.ended.pop(ticket.ticket_id, None)
        self.tickets[ticket.ticket_id] = ticket

    def _put_ended(self, ticket: Ticket) -> None:
        self.tickets.pop(ticket.ticket_id, None)
        if self.day is not None and ticket.service_day == self.day.service_day:
            self.ended[ticket.ticket_id] = ticket

    def put_row(self, row: Row) -> None:
        """Let a row be as given."""
        self._before.rows.setdefault(row.key, self._row(row))
        self._take(row)
        self.changes.rows[row.key] = row

    def drop_row(self, row: Row) -> None:
        """Let a row not be any more."""
        self._before.rows.setdefault(row.key, row)
        if isinstance(row, Suspension):
            del self.suspensions[row.service_id]
        elif isinstance(row, Appointment):
            del self.appointments[row.appointment_id]
        elif isinstance(row, ComeBack):
            del self.come_backs[row.ticket_id]
        elif isinstance(row, Block):
            del self.blocks[row.block_id]
            del self._blocks_of[row.queue_id, row.service_day][row.block_id]
        elif isinstance(row, Announcement):
            del self.announcements[row.announcement_id]
        else:
            assert isinstance(row, ClockDoubt), "the other rows stay"
            self.clock_doubt = None
        self.changes.rows[row.key] = None

    def free_counter(self, counter_id: str | None, at: dt.datetime) -> None:
        """Let a counter hold no ticket."""
        counter = self.counter(counter_id or "")
        if counter is not None and counter.ticket_id is not None:
            self.put_row(replace(counter, ticket_id=None, since=at))

    def _row(self, row: Row) -> Row | None:
        """A row as it is now, of the kinds that taking back an action looks at."""
        match row:
            case Counter():
                return self.counter(row.counter_id)
            case ComeBack():
                return self.come_backs.get(row.ticket_id)
            case Day():
                return self.day
        return None

    def _take(self, row: Struct) -> None:
        match row:
            case Counter():
                before = self.counter(row.counter_id)
                known = row.counter_id in self.rules.counters or not self.rules.counters
                (self.counters if known else self._lost_counters)[row.counter_id] = row
                if before is None or _staffing(before) != _staffing(row):
                    self._forget_reaches()
                (self.askers.add if row.asks_next else self.askers.discard)(row.counter_id)
            case Device():
                self.devices[row.device_id] = row
            case Day():
                self.day = row
            case ClockDoubt():
                self.clock_doubt = row
            case Epoch():
                bisect.insort(self.epochs, row, key=lambda one: one.first_seq)
            case Suspension():
                self.suspensions[row.service_id] = row
            case Appointment():
                self.appointments[row.appointment_id] = row
            case ComeBack():
                self.come_backs[row.ticket_id] = row
            case Block():
                self.blocks[row.block_id] = row
                self._blocks_of.setdefault((row.queue_id, row.service_day), {})[row.block_id] = row
            case _:
                assert isinstance(row, Announcement)
                self.announcements[row.announcement_id] = row

    def _forget_reaches(self) -> None:
        self._reaches.clear()
        self._servers.clear()
        self._rivals.clear()
        self._to_watch.clear()
        self._present = frozenset()

    def _known(self, ticket: Ticket) -> bool:
        """Whether the hall file still knows the ticket's service and class; without rules nothing lines up."""
        return ticket.service_id in self.rules.queue_of and ticket.class_id in self.rules.head_start

    def _arrive(self, ticket: Ticket) -> None:
        if ticket.state is TicketState.PARKED and ticket.parked_until is not None:
            heapq.heappush(self._due, (ticket.parked_until, ticket.ticket_id))
        elif ticket.state is TicketState.WAITING and self._known(ticket):
            self.lines.add(self.line_of(ticket), self.entry(ticket))

    def _leave(self, ticket: Ticket) -> None:
        if self._known(ticket):
            self.lines.remove(self.line_of(ticket), self.entry(ticket))


def _staffing(counter: Counter) -> tuple[object, ...]:
    """What decides a counter's reach."""
    return counter.operator_id, counter.service_ids, counter.takes
