"""What the head of the hall does: doors of services and kiosks, counters' services, seats, messages, forecasts."""

import datetime as dt
from typing import TYPE_CHECKING

from protocol import commands as cmd
from protocol import errors
from protocol import events as ev
from protocol import replies as re
from protocol.words import Origin
from queue_server.cases import Cases
from queue_server.cases.finding import counter_of, known_service
from queue_server.cases.seats import leave_elsewhere
from queue_server.cases.serving import move_ticket
from queue_server.domain.roles import require_server
from queue_server.domain.rows import Device
from queue_server.domain.ticket import Ticket
from queue_server.storage.base import StoredNote

ITEM_ASIDE = dt.timedelta(hours=8)
"""An item does not come back by itself; the time is only shown."""

if TYPE_CHECKING:
    from queue_server.service import QueueService


def suspend_service(service: "QueueService", command: cmd.SuspendService, device: Device, now: dt.datetime) -> re.Reply:
    """Give no more numbers for a service; a service that is suspended gets the new reason."""
    known_service(service, command.service_id)
    body = ev.ServiceSuspended(command.service_id, command.reason, command.operator_id)
    service.ledger.record(body, device.device_id, now)
    return re.DoneReply()


def reopen_service(service: "QueueService", command: cmd.ReopenService, device: Device, now: dt.datetime) -> re.Reply:
    """Give numbers again; a service that does already stays as it is."""
    known_service(service, command.service_id)
    if command.service_id in service.hall.suspensions:
        body = ev.ServiceReopened(command.service_id, command.operator_id)
        service.ledger.record(body, device.device_id, now)
    return re.DoneReply()


def suspend_kiosk(service: "QueueService", command: cmd.SuspendKiosk, device: Device, now: dt.datetime) -> re.Reply:
    """Take a kiosk out of use."""
    _kiosk(service, command.device_id)
    body = ev.KioskSuspended(command.device_id, command.reason, command.operator_id)
    service.ledger.record(body, device.device_id, now)
    return re.DoneReply()


def reopen_kiosk(service: "QueueService", command: cmd.ReopenKiosk, device: Device, now: dt.datetime) -> re.Reply:
    """Take a kiosk into use again; one that is in use stays so."""
    if _kiosk(service, command.device_id).suspended:
        body = ev.KioskReopened(command.device_id, command.operator_id)
        service.ledger.record(body, device.device_id, now)
    return re.DoneReply()


def _kiosk(service: "QueueService", device_id: str) -> Device:
    found = service.hall.devices.get(device_id)
    if found is None or found.role != "kiosk":
        raise errors.UnknownDevice(device_id=device_id)
    return found


def assign_services(service: "QueueService", command: cmd.AssignServices, device: Device, now: dt.datetime) -> re.Reply:
    """Change what a counter calls, for today."""
    counter_of(service, command.counter_id)
    for service_id in command.service_ids or []:
        known_service(service, service_id)
    body = ev.ServicesAssigned(command.counter_id, command.service_ids, command.takes, command.operator_id)
    service.ledger.record(body, device.device_id, now)
    return service.counter_reply(command.counter_id, now)


def take_over_counter(
    service: "QueueService", command: cmd.TakeOverCounter, device: Device, now: dt.datetime
) -> re.Reply:
    """Put another operator at a counter, which keeps its ticket and its times; or clear the counter."""
    counter = counter_of(service, command.counter_id)
    new = command.new_operator_id
    if new is None:
        _clear(service, command, device, now)
        return service.counter_reply(command.counter_id, now)
    require_server(service.rules, new)
    if counter.operator_id != new:
        leave_elsewhere(service, new, device, now)
    body = ev.CounterOpened(command.counter_id, new, counter.operator_id, command.operator_id)
    service.ledger.record(body, device.device_id, now)
    return service.counter_reply(command.counter_id, now)


def _clear(service: "QueueService", command: cmd.TakeOverCounter, device: Device, now: dt.datetime) -> None:
    """Send the counter's ticket back into its line and close the counter."""
    counter = service.hall.counters[command.counter_id]
    if counter.operator_id is None:
        raise errors.CounterNotOpen(counter_id=command.counter_id)
    if counter.ticket_id is not None:
        _let_go(service, command.operator_id, service.hall.ticket(counter.ticket_id), device, now)
    closed = ev.CounterClosed(command.counter_id, counter.operator_id, command.operator_id)
    service.ledger.record(closed, device.device_id, now)


def _let_go(service: "QueueService", operator_id: str, ticket: Ticket, device: Device, now: dt.datetime) -> None:
    """Send a citizen back into the line; set an item without one aside until somebody takes it up."""
    if ticket.origin is not Origin.BACK_OFFICE:
        move_ticket(service, cmd.MoveTicket(operator_id, ticket.ticket_id), device, now)
        return
    until, counter_id = now + ITEM_ASIDE, ticket.counter_id or ""
    parked = ev.TicketParked(ticket.ticket_id, ticket.number, ticket.service_id, counter_id, operator_id, until)
    service.ledger.record(parked, device.device_id, now)


def send_message(service: "QueueService", command: cmd.SendMessage, device: Device, now: dt.datetime) -> re.Reply:
    """Say something to some counters, or to all."""
    for counter_id in command.counter_ids:
        counter_of(service, counter_id)
    assert service.hall.day is not None, "a command begins its day"
    event = service.ledger.record(ev.MessageSent(command.counter_ids, command.operator_id), device.device_id, now)
    text, day = command.text.strip(), service.hall.day.service_day
    to = ",".join(command.counter_ids) or None
    service.ledger.write_note(StoredNote(event.seq, day, None, now, to, command.operator_id, text))
    return re.DoneReply()


def set_counter_count(
    service: "QueueService", command: cmd.SetCounterCount, device: Device, now: dt.datetime
) -> re.Reply:
    """Let today's forecasts reckon with so many counters."""
    body = ev.CounterCountSet(command.count, command.operator_id)
    service.ledger.record(body, device.device_id, now)
    return re.DoneReply()


CASES: Cases = {
    cmd.SuspendService: suspend_service,
    cmd.ReopenService: reopen_service,
    cmd.SuspendKiosk: suspend_kiosk,
    cmd.ReopenKiosk: reopen_kiosk,
    cmd.AssignServices: assign_services,
    cmd.TakeOverCounter: take_over_counter,
    cmd.SendMessage: send_message,
    cmd.SetCounterCount: set_counter_count,
}
BY_LEADERS: frozenset[type] = frozenset(
    {
        *CASES,
        cmd.MoveTicket,
        cmd.BookAppointment,
        cmd.MakeAnnouncement,
        cmd.EndAnnouncement,
        cmd.EraseCallback,
        cmd.ConfirmClock,
    }
)
"""The commands whose `operator_id` must lead the hall."""
