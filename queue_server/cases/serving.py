"""Serving: arrived, finished, parked, sent on, restored, served without a ticket, cancelled."""

import datetime as dt
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from protocol import commands as cmd
from protocol import errors
from protocol import events as ev
from protocol import replies as re
from protocol.words import Origin, Performed, TicketState
from queue_server.cases import Cases
from queue_server.cases.finding import counter_of, held, known_class, known_service, ready, staffed, who_at
from queue_server.cases.issuing import draft, draft_item, give
from queue_server.cases.remarks import checked, require_result, write_note
from queue_server.domain.roles import require_leader, require_server
from queue_server.domain.rows import Device
from queue_server.domain.ticket import IN_HAND, Ticket

if TYPE_CHECKING:
    from queue_server.service import QueueService


def start_serving(service: "QueueService", command: cmd.StartServing, device: Device, now: dt.datetime) -> re.Reply:
    """The citizen arrived."""
    ticket = held(service, command.counter_id, command.ticket_id, command.operator_id).check("start")
    operator_id = who_at(service, command.counter_id)
    body = ev.ServingStarted(ticket.ticket_id, ticket.number, ticket.service_id, command.counter_id, operator_id)
    service.ledger.record(body, device.device_id, now)
    return service.call_reply(ticket.ticket_id)


def serve_directly(service: "QueueService", command: cmd.ServeDirectly, device: Device, now: dt.datetime) -> re.Reply:
    """Serve somebody without a ticket, or an item without a citizen; nothing is announced."""
    counter = ready(service, command.counter_id, command.operator_id)
    known_service(service, command.service_id)
    known_class(service, command.class_id)
    if command.back_office:
        body = draft_item(service, command.service_id, now)
        service.ledger.record(body, device.device_id, now)
    else:
        body = replace(draft(service, command.service_id, command.class_id, now), origin=Origin.DIRECT)
        give(service, body, device, now)
    operator_id = counter.operator_id or ""
    started = ev.ServingStarted(
        body.ticket_id, body.number, body.service_id, counter.counter_id, operator_id, directly=True
    )
    service.ledger.record(started, device.device_id, now)
    return service.call_reply(body.ticket_id)


def finish_ticket(service: "QueueService", command: cmd.FinishTicket, device: Device, now: dt.datetime) -> re.Reply:
    """The service ended: the rating opens, or the ticket goes back to the counter that asked for it."""
    ticket = held(service, command.counter_id, command.ticket_id, command.operator_id)
    end_service(service, ticket, command.performed, device, now)
    return service.call_reply(ticket.ticket_id)


def end_service(
    service: "QueueService", ticket: Ticket, performed: list[Performed], device: Device, now: dt.datetime
) -> None:
    """Record the end of a service, with what was done in it; raises ResultNeeded, UnknownService, UnknownResult."""
    ticket.check("finish")
    checked(service, performed)
    require_result(service, ticket, performed)
    counter_id = ticket.counter_id or ""
    operator_id = who_at(service, counter_id)
    if performed:
        recorded = ev.ServicesRecorded(ticket.ticket_id, counter_id, operator_id, performed)
        service.ledger.record(recorded, device.device_id, now)
    if ticket.return_to_counter_id in service.rules.counters:
        _send_back(service, ticket, device, now)
    else:
        body = ev.TicketFinished(ticket.ticket_id, ticket.number, ticket.service_id, counter_id, operator_id)
        service.ledger.record(body, device.device_id, now)


def _send_back(service: "QueueService", ticket: Ticket, device: Device, now: dt.datetime) -> None:
    """Send a ticket back to the counter that sent it on, for the service that it had there."""
    there = ticket.return_to_counter_id
    before = next((leg.service_id for leg in reversed(ticket.legs) if leg.counter_id == there), ticket.service_id)
    body = _sent_on(ticket, before if before in service.rules.queue_of else ticket.service_id)
    operator_id = who_at(service, ticket.counter_id or "")
    body = replace(body, operator_id=operator_id, to_counter_id=there, sent_back=True)
    service.ledger.record(body, device.device_id, now)


def _sent_on(ticket: Ticket, service_id: str) -> ev.TicketTransferred:
    in_hand = ticket.state in IN_HAND
    return ev.TicketTransferred(
        ticket_id=ticket.ticket_id,
        number=ticket.number,
        service_id=ticket.service_id,
        state_before=ticket.state,
        state=TicketState.WAITING,
        to_service_id=service_id,
        class_id=ticket.class_id,
        counter_id=ticket.counter_id if in_hand else None,
        operator_id=(ticket.operator_id or "") if in_hand else "",
    )


def park_ticket(service: "QueueService", command: cmd.ParkTicket, device: Device, now: dt.datetime) -> re.Reply:
    """Set a ticket aside; it comes back by itself."""
    ticket = held(service, command.counter_id, command.ticket_id, command.operator_id).check("park")
    until = now + dt.timedelta(minutes=command.minutes)
    operator_id = who_at(service, command.counter_id)
    body = ev.TicketParked(ticket.ticket_id, ticket.number, ticket.service_id, command.counter_id, operator_id, until)
    service.ledger.record(body, device.device_id, now)
    write_note(service, ticket.ticket_id, command.note, command.counter_id, operator_id, device, now)
    return service.call_reply(ticket.ticket_id)


def transfer_ticket(service: "QueueService", command: cmd.TransferTicket, device: Device, now: dt.datetime) -> re.Reply:
    """Send the ticket in hand on to a service, a counter or a person."""
    ticket = held(service, command.counter_id, command.ticket_id, command.operator_id)
    _refuse_item(ticket)
    operator_id = who_at(service, command.counter_id)
    body = replace(_directed(service, ticket, command, command.counter_id), operator_id=operator_id)
    if command.comes_back:
        body = replace(body, return_to_counter_id=command.counter_id)
    if command.not_before_minutes:
        not_before = now + dt.timedelta(minutes=command.not_before_minutes)
        body = replace(body, not_before=not_before, state=TicketState.PARKED)
    service.ledger.record(body, device.device_id, now)
    write_note(service, ticket.ticket_id, command.note, command.counter_id, operator_id, device, now)
    return service.call_reply(ticket.ticket_id)


def _directed(
    service: "QueueService", ticket: Ticket, command: cmd.TransferTicket | cmd.MoveTicket, here: str | None
) -> ev.TicketTransferred:
    """The event of a transfer whose destination was checked; raises NoDestination if it is none."""
    if command.to_counter_id is not None:
        counter_of(service, command.to_counter_id)
    if command.to_operator_id is not None:
        require_server(service.rules, command.to_operator_id)
    service_id = known_service(service, command.service_id or ticket.service_id)
    class_id = known_class(service, getattr(command, "class_id", None) or ticket.class_id)
    sender = service.hall.counters[here].operator_id if here else None
    nowhere = command.to_counter_id in (None, here) and command.to_operator_id in (None, sender)
    if nowhere and (service_id, class_id) == (ticket.service_id, ticket.class_id) and here is not None:
        raise errors.NoDestination(number=ticket.number)
    return replace(
        _sent_on(ticket, service_id),
        class_id=class_id,
        to_counter_id=command.to_counter_id,
        to_operator_id=command.to_operator_id,
        return_to_counter_id=ticket.return_to_counter_id,
    )


def _refuse_item(ticket: Ticket) -> None:
    """An item without a citizen stands in no line: it is worked on, set aside or ended."""
    if ticket.origin is Origin.BACK_OFFICE:
        raise errors.WrongState(number=ticket.number, state=ticket.state.value, move="transfer")


def move_ticket(service: "QueueService", command: cmd.MoveTicket, device: Device, now: dt.datetime) -> re.Reply:
    """Let a supervisor move anybody's live ticket; without a destination it goes back to its own line."""
    ticket = service.hall.ticket(command.ticket_id).check("transfer")
    _refuse_item(ticket)
    body = replace(_directed(service, ticket, command, None), by=command.operator_id)
    service.ledger.record(body, device.device_id, now)
    write_note(service, ticket.ticket_id, command.note, None, command.operator_id, device, now)
    return re.TicketReply(service.view(ticket.ticket_id), service.hall.seq, [])


def restore_ticket(service: "QueueService", command: cmd.RestoreTicket, device: Device, now: dt.datetime) -> re.Reply:
    """Put a no-show or cancelled ticket of today back into its line."""
    operator_id = _restorer(service, command)
    ticket = service.hall.ticket(command.ticket_id).check("restore")
    day = service.hall.day
    if day is None or ticket.service_day != day.service_day or ticket.origin is Origin.BACK_OFFICE:
        raise errors.WrongState(ticket_id=ticket.ticket_id, number=ticket.number, state=ticket.state.value)
    known_service(service, ticket.service_id)
    body = ev.TicketRestored(
        ticket.ticket_id,
        ticket.number,
        ticket.service_id,
        ticket.state,
        command.counter_id,
        operator_id,
    )
    service.ledger.record(body, device.device_id, now)
    return service.call_reply(ticket.ticket_id)


def _restorer(service: "QueueService", command: cmd.RestoreTicket) -> str:
    """Who restores: the operator of the counter, or a supervisor."""
    if command.counter_id is not None:
        return staffed(service, command.counter_id, command.operator_id).operator_id or ""
    if command.operator_id is None:
        raise errors.MalformedRequest(detail="staff must say counter_id or operator_id")
    require_leader(service.rules, command.operator_id)
    return command.operator_id


def cancel_ticket(service: "QueueService", command: cmd.CancelTicket, device: Device, now: dt.datetime) -> re.Reply:
    """Take a ticket out of the line, by its citizen, by the counter that may call it, or by a supervisor."""
    if command.token is not None and command.counter_id is not None:
        raise errors.MalformedRequest(detail="a citizen's token cancels at no counter")
    ticket = service.find(command.ticket_id, command.token)
    if command.token is None and device.role != "admin":
        _require_cancelling(service, command, ticket)
    by: Literal["citizen", "staff"] = "citizen" if command.token is not None else "staff"
    who, where = command.operator_id, None
    if by == "staff" and command.counter_id is not None:
        who, where = who_at(service, command.counter_id), command.counter_id
    record_cancel(service, ticket.check("cancel"), by, command.reason, device.device_id, now, who, where)
    return re.TicketReply(service.view(ticket.ticket_id), service.hall.seq, [])


def _require_cancelling(service: "QueueService", command: cmd.CancelTicket, ticket: Ticket) -> None:
    if command.counter_id is None:
        if command.operator_id is None:
            raise errors.MalformedRequest(detail="staff must say counter_id or operator_id")
        require_leader(service.rules, command.operator_id)
        return
    staffed(service, command.counter_id, command.operator_id)
    in_hand = ticket.state in IN_HAND
    reach = service.hall.reach(command.counter_id)
    mine = ticket.counter_id == command.counter_id if in_hand else ticket.service_id in reach.services
    if not mine and ticket.target not in reach.mine:
        raise errors.NotAtThisCounter(number=ticket.number, counter_id=ticket.counter_id)


def record_cancel(
    service: "QueueService",
    ticket: Ticket,
    by: Literal["citizen", "staff", "day_end", "kiosk"],
    reason: str,
    device_id: str,
    now: dt.datetime,
    operator_id: str | None = None,
    asked_at: str | None = None,
    frees: list[str] | None = None,
) -> None:
    """Record that a ticket leaves the line without service; `asked_at` is the counter that says so, if one does.

    `frees` are the quotas for which it counts no more.
    """
    held_at = ticket.counter_id if ticket.state in IN_HAND else None
    body = ev.TicketCancelled(
        ticket.ticket_id,
        ticket.number,
        ticket.service_id,
        ticket.state,
        by,
        reason,
        held_at,
        operator_id or "",
        asked_at,
        frees or [],
    )
    service.ledger.record(body, device_id, now)


CASES: Cases = {
    cmd.StartServing: start_serving,
    cmd.ServeDirectly: serve_directly,
    cmd.FinishTicket: finish_ticket,
    cmd.ParkTicket: park_ticket,
    cmd.TransferTicket: transfer_ticket,
    cmd.MoveTicket: move_ticket,
    cmd.RestoreTicket: restore_ticket,
    cmd.CancelTicket: cancel_ticket,
}
