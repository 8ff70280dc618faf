"""Numbers that kiosks gave while the server was away are handed in, each once; requests of who left are withdrawn."""

import datetime as dt
from typing import TYPE_CHECKING

from protocol import codec, errors
from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from protocol.words import TicketState
from queue_server.cases import Cases
from queue_server.cases.blocks import own_block
from queue_server.cases.finding import known_class, known_service
from queue_server.cases.issuing import issued_reply
from queue_server.cases.serving import record_cancel
from queue_server.domain import numbering
from queue_server.domain.issuing import counts_for
from queue_server.domain.line import Entry
from queue_server.domain.rows import NO_KIOSK, NOBODY, Block, Device
from queue_server.storage.base import StoredAnswer

if TYPE_CHECKING:
    from queue_server.service import QueueService

_NOBODYS = (TicketState.WAITING, TicketState.CALLED, TicketState.PARKED, TicketState.CANCELLED)
"""The states of a ticket that nobody has come with."""
GIVEN_ALONE = b"given by the kiosk itself"
"""Stands as the fingerprint of a request that must get no number any more: no command has it."""


def hand_in_ticket(service: "QueueService", command: cmd.HandInTicket, device: Device, now: dt.datetime) -> re.Reply:
    """Let a number that is on paper already stand in the line as of when it was given."""
    block = _voided_block(service, command, device) or own_block(service, command.block_id, device)
    _refuse_what_cannot_be(service, block, command)
    if command.instead_of is not None:
        _withdraw(service, command.instead_of, device, now)
    body = _handed_in(service, block, command, now)
    service.ledger.record(body, device.device_id, now)
    if not _is_today(service, body.service_day):
        record_cancel(service, service.hall.ticket(body.ticket_id), "day_end", "", device.device_id, now)
    return issued_reply(service, body)


def _voided_block(service: "QueueService", command: cmd.HandInTicket, device: Device) -> Block | None:
    """Where a number belongs whose block a restored log forgot; None if its block is known, or it was not voided."""
    own, queue_id = service.hall.blocks.get(command.block_id), service.rules.queue_of.get(command.service_id, "")
    known = own is not None and (own.kiosk_id, own.queue_id) == (device.device_id, queue_id)
    if command.issued_at.tzinfo is None or (known and own is not None and own.holds(command.count)):
        return None
    day = numbering.service_day(command.issued_at, service.rules.zone)
    blocks = service.hall.blocks_of(queue_id, day)
    return next((block for block in blocks if block.kiosk_id == NO_KIOSK and block.holds(command.count)), None)


def _is_today(service: "QueueService", day: dt.date) -> bool:
    return service.hall.day is not None and service.hall.day.service_day == day


def _refuse_what_cannot_be(service: "QueueService", block: Block, command: cmd.HandInTicket) -> None:
    """Raise what says why this number can't have been given alone."""
    known_service(service, command.service_id)
    known_class(service, command.class_id)
    if command.issued_at.tzinfo is None:
        raise errors.MalformedRequest(detail="issued_at needs a zone")
    ticket_id = block.used.get(command.count, NOBODY)
    if ticket_id != NOBODY:
        raise errors.NumberTaken(ticket_id=ticket_id)
    future = service.hall.day is None or block.service_day > service.hall.day.service_day
    if future or service.rules.queue_of[command.service_id] != block.queue_id or not block.holds(command.count):
        raise errors.NotInBlock(block_id=block.block_id, count=command.count)


def _handed_in(service: "QueueService", block: Block, command: cmd.HandInTicket, now: dt.datetime) -> ev.TicketIssued:
    """The event of a number given alone."""
    issued_at = _within_day(service, block.service_day, command.issued_at, now)
    series = service.rules.queues[block.queue_id] if block.kiosk_id == NO_KIOSK else block
    return ev.TicketIssued(
        ticket_id=service.hall.seq + 1,
        number=numbering.format_number(series, command.count),
        count=command.count,
        service_day=block.service_day,
        queue_id=block.queue_id,
        service_id=command.service_id,
        class_id=command.class_id,
        language=command.language,
        people_ahead=_ahead(service, command, issued_at),
        procedure_code=command.procedure_code,
        counts_for=counts_for(service.hall, command.service_id, issued_at),
        block_id=block.block_id,
        issued_at=issued_at,
    )


def _within_day(service: "QueueService", day: dt.date, told: dt.datetime, now: dt.datetime) -> dt.datetime:
    """When a number was given, as its kiosk tells; a kiosk whose clock is wrong can't leave the day or the past."""
    begins = dt.datetime.combine(day, dt.time(), service.rules.zone).astimezone(dt.UTC)
    ends = numbering.next_midnight(begins, service.rules.zone) - dt.timedelta(seconds=1)
    return max(begins, min(told, ends, now)).astimezone(dt.UTC)


def _ahead(service: "QueueService", command: cmd.HandInTicket, issued_at: dt.datetime) -> int:
    hall, since = service.hall, issued_at.timestamp()
    entry = Entry(since - service.rules.advantage(command.service_id, command.class_id), hall.seq + 1, since)
    return hall.lines.ahead(hall.rivals(command.service_id), entry)


# ---- withdrawing ----


def withdraw_request(
    service: "QueueService", command: cmd.WithdrawRequest, device: Device, now: dt.datetime
) -> re.Reply:
    """Cancel what a request gave, or let it get nothing any more."""
    _withdraw(service, command.withdrawn_id, device, now)
    return re.DoneReply()


def _withdraw(service: "QueueService", request_id: str, device: Device, now: dt.datetime) -> None:
    """Let a request have no effect; what other devices asked for stays, and so does a citizen who is being served."""
    earlier = service.ledger.remembered(request_id)
    if earlier is None:
        refused = codec.encode_answer(request_id, re.Refused(errors.RequestIdReused.code, {"request_id": request_id}))
        service.ledger.keep(StoredAnswer(request_id, GIVEN_ALONE, refused))
        return
    reply = codec.decode_answer(earlier.reply).reply
    if not isinstance(reply, re.TicketIssuedReply):
        service.ledger.keep(earlier)
        return
    ticket = service.hall.ticket(reply.ticket.ticket_id)
    issued = service.ledger.event(ticket.ticket_id)
    if issued.device_id != device.device_id or ticket.state not in _NOBODYS or ticket.withdrawn:
        return
    counted = issued.body.counts_for if isinstance(issued.body, ev.TicketIssued) else []
    frees = counted if _is_today(service, ticket.service_day) else []
    record_cancel(service, ticket, "kiosk", "", device.device_id, now, frees=frees)


CASES: Cases = {cmd.HandInTicket: hand_in_ticket, cmd.WithdrawRequest: withdraw_request}
