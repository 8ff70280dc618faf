"""The state of a hall: what its log adds up to. `apply` is the only thing that changes it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from protocol import events as ev
from protocol.errors import UnknownTicket
from protocol.words import TicketState
from queue_server.domain.line import Entry, Lines
from queue_server.domain.rules import Rules
from queue_server.domain.ticket import Ticket, issued


class Counter(Struct, frozen=True, gc=False):
    """A counter: who is there, and the ticket it holds."""

    counter_id: str
    operator_id: str | None = None
    ticket_id: int | None = None


class Device(Struct, frozen=True):
    """A device that was enrolled; its public key is Z85."""

    device_id: str
    role: str
    public_key: str
    counter_id: str | None = None
    revoked: bool = False


class Day(Struct, frozen=True):
    """The running service day: where each queue's series stands, and how many were served."""

    service_day: dt.date
    last_numbers: dict[str, int] = {}
    finished: int = 0


class Hall:
    """The live state; tickets that ended are found through `archive`.

    `changed_tickets` and `changed_rows` collect what a batch changed, until `settle`.
    """

    def __init__(self, rules: Rules, archive: Callable[[int], Ticket | None]) -> None:
        self.rules = rules
        self.epoch = ""
        self.seq = 0
        self.day: Day | None = None
        self.lines = Lines()
        self.tickets: dict[int, Ticket] = {}
        self.counters = {counter_id: Counter(counter_id) for counter_id in rules.counters}
        self.devices: dict[str, Device] = {}
        self.changed_tickets: dict[int, Ticket] = {}
        self.changed_rows: dict[str, Struct] = {}
        self._archive = archive
        self._to_watch: dict[str, list[str]] = {}

    # ---- looking ----

    def ticket(self, ticket_id: int) -> Ticket:
        """A ticket, live or ended; raises UnknownTicket."""
        found = self.tickets.get(ticket_id) or self.changed_tickets.get(ticket_id) or self._archive(ticket_id)
        if found is None:
            raise UnknownTicket(ticket_id=ticket_id)
        return found

    def entry(self, ticket: Ticket) -> Entry:
        """Where a ticket stands in its line."""
        since = ticket.issued_at.timestamp()
        advantage = self.rules.advantage(ticket.service_id, ticket.class_id)
        return Entry(since - advantage, ticket.ticket_id, since)

    def people_ahead(self, ticket: Ticket) -> int:
        """How many wait before a ticket at the counters that may call it."""
        return self.lines.ahead(self.rules.rivals[ticket.service_id], self.entry(ticket))

    def counters_to_watch(self, service_id: str) -> list[str]:
        """The open counters that may call a service, or all of them while none is open."""
        found = self._to_watch.get(service_id)
        if found is None:
            every = self.rules.counters_of.get(service_id, ())
            found = [c for c in every if self.counters[c].operator_id] or list(every)
            self._to_watch[service_id] = found
        return found

    # ---- changing ----

    def apply(self, event: ev.Event) -> None:
        """Let one event happen; raises a Refusal before anything changed if it can't."""
        _HANDLERS[type(event.body)](self, event.body, event.at)
        self.epoch = event.epoch
        self.seq = event.seq

    def restore(self, tickets: list[Ticket], rows: dict[str, Struct]) -> None:
        """Take over live tickets and rows as they were stored."""
        for ticket in tickets:
            self.tickets[ticket.ticket_id] = ticket
            if ticket.state is TicketState.WAITING:
                self._line_up(ticket)
        for row in rows.values():
            self._take_row(row)

    def settle(self) -> None:
        """Forget what was changed: it is stored."""
        self.changed_tickets.clear()
        self.changed_rows.clear()

    def _take_row(self, row: Struct) -> None:
        if isinstance(row, Counter) and row.counter_id in self.counters:
            self.counters[row.counter_id] = row
        elif isinstance(row, Device):
            self.devices[row.device_id] = row
        elif isinstance(row, Day):
            self.day = row

    def _put(self, ticket: Ticket) -> None:
        self.changed_tickets[ticket.ticket_id] = ticket
        if ticket.live:
            self.tickets[ticket.ticket_id] = ticket
        else:
            self.tickets.pop(ticket.ticket_id, None)

    def _put_counter(self, counter: Counter) -> None:
        self.counters[counter.counter_id] = counter
        self.changed_rows[f"counter:{counter.counter_id}"] = counter

    def _put_day(self, day: Day) -> None:
        self.day = day
        self.changed_rows["day"] = day

    def _line_up(self, ticket: Ticket) -> None:
        if ticket.service_id in self.rules.queue_of and ticket.class_id in self.rules.head_start:
            self.lines.add(ticket.service_id, ticket.class_id, self.entry(ticket))

    def _leave_line(self, ticket: Ticket) -> None:
        if ticket.service_id in self.rules.queue_of and ticket.class_id in self.rules.head_start:
            self.lines.remove(ticket.service_id, ticket.class_id, self.entry(ticket))

    def _free_counter(self, counter_id: str | None) -> None:
        counter = self.counters.get(counter_id or "")
        if counter is not None:
            self._put_counter(replace(counter, ticket_id=None))

    # ---- one method per event ----

    def _epoch_started(self, body: ev.EpochStarted, at: dt.datetime) -> None:
        pass

    def _day_started(self, body: ev.DayStarted, at: dt.datetime) -> None:
        self._put_day(Day(body.service_day))

    def _device_enrolled(self, body: ev.DeviceEnrolled, at: dt.datetime) -> None:
        self._put_device(Device(body.enrolled_device_id, body.role, body.public_key, body.counter_id))

    def _device_revoked(self, body: ev.DeviceRevoked, at: dt.datetime) -> None:
        self._put_device(replace(self.devices[body.revoked_device_id], revoked=True))

    def _put_device(self, device: Device) -> None:
        self.devices[device.device_id] = device
        self.changed_rows[f"device:{device.device_id}"] = device

    def _counter_opened(self, body: ev.CounterOpened, at: dt.datetime) -> None:
        self._to_watch.clear()
        held = self.counters.get(body.counter_id, Counter(body.counter_id))
        self._put_counter(replace(held, operator_id=body.operator_id))

    def _counter_closed(self, body: ev.CounterClosed, at: dt.datetime) -> None:
        self._to_watch.clear()
        self._put_counter(Counter(body.counter_id))

    def _ticket_issued(self, body: ev.TicketIssued, at: dt.datetime) -> None:
        day = self.day
        assert day is not None, "a number is given only within a service day"
        ticket = issued(body, at)
        self._line_up(ticket)
        self._put(ticket)
        self._put_day(replace(day, last_numbers={**day.last_numbers, body.queue_id: body.count}))

    def _ticket_called(self, body: ev.TicketCalled, at: dt.datetime) -> None:
        waiting = self.ticket(body.ticket_id)
        called = waiting.call(body.counter_id, body.operator_id, at)
        self._leave_line(waiting)
        self._put(called)
        counter = self.counters.get(body.counter_id, Counter(body.counter_id))
        self._put_counter(replace(counter, ticket_id=body.ticket_id))

    def _ticket_recalled(self, body: ev.TicketRecalled, at: dt.datetime) -> None:
        self._put(self.ticket(body.ticket_id).recall())

    def _serving_started(self, body: ev.ServingStarted, at: dt.datetime) -> None:
        self._put(self.ticket(body.ticket_id).start(at))

    def _ticket_finished(self, body: ev.TicketFinished, at: dt.datetime) -> None:
        self._put(self.ticket(body.ticket_id).finish(at))
        self._free_counter(body.counter_id)
        if self.day is not None:
            self._put_day(replace(self.day, finished=self.day.finished + 1))

    def _no_show_marked(self, body: ev.NoShowMarked, at: dt.datetime) -> None:
        self._put(self.ticket(body.ticket_id).mark_no_show(at))
        self._free_counter(body.counter_id)

    def _ticket_cancelled(self, body: ev.TicketCancelled, at: dt.datetime) -> None:
        ticket = self.ticket(body.ticket_id)
        cancelled = ticket.cancel(at)
        if ticket.state is TicketState.WAITING:
            self._leave_line(ticket)
        self._put(cancelled)
        self._free_counter(body.counter_id)

    def _ticket_rated(self, body: ev.TicketRated, at: dt.datetime) -> None:
        self._put(self.ticket(body.ticket_id).rate())

    def _ticket_printed(self, body: ev.TicketPrinted, at: dt.datetime) -> None:
        self._put(self.ticket(body.ticket_id).record_print("printed"))

    def _print_failed(self, body: ev.PrintFailed, at: dt.datetime) -> None:
        self._put(self.ticket(body.ticket_id).record_print(body.outcome))


_HANDLERS: dict[type[Struct], Callable[[Hall, Any, dt.datetime], None]] = {
    ev.EpochStarted: Hall._epoch_started,
    ev.DayStarted: Hall._day_started,
    ev.DeviceEnrolled: Hall._device_enrolled,
    ev.DeviceRevoked: Hall._device_revoked,
    ev.CounterOpened: Hall._counter_opened,
    ev.CounterClosed: Hall._counter_closed,
    ev.TicketIssued: Hall._ticket_issued,
    ev.TicketCalled: Hall._ticket_called,
    ev.TicketRecalled: Hall._ticket_recalled,
    ev.ServingStarted: Hall._serving_started,
    ev.TicketFinished: Hall._ticket_finished,
    ev.NoShowMarked: Hall._no_show_marked,
    ev.TicketCancelled: Hall._ticket_cancelled,
    ev.TicketRated: Hall._ticket_rated,
    ev.TicketPrinted: Hall._ticket_printed,
    ev.PrintFailed: Hall._print_failed,
}
