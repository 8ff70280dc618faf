"""What is said of a visit: services and results, notes, wrong times, checked claims, come-back slips."""

import datetime as dt
from typing import TYPE_CHECKING

from protocol import commands as cmd
from protocol import errors
from protocol import events as ev
from protocol import replies as re
from protocol.words import Origin, Performed
from queue_server.cases import Cases
from queue_server.cases.finding import held, known_service, staffed, who_at
from queue_server.cases.tokens import token_and_url
from queue_server.domain.rows import Device
from queue_server.domain.rules import ORDINARY
from queue_server.domain.ticket import Ticket
from queue_server.storage.base import StoredNote

if TYPE_CHECKING:
    from queue_server.service import QueueService


def checked(service: "QueueService", performed: list[Performed]) -> list[Performed]:
    """What was done, if the hall knows its services and results; raises UnknownService or UnknownResult."""
    for one in performed:
        known_service(service, one.service_id)
        if one.result_id and one.result_id not in service.rules.results:
            raise errors.UnknownResult(result_id=one.result_id)
    return performed


def require_result(service: "QueueService", ticket: Ticket, performed: list[Performed]) -> None:
    """Raise ResultNeeded if the hall wants a result and neither these services nor those recorded have one."""
    done = performed or ticket.performed
    if service.rules.work.result_required and not any(one.result_id for one in done):
        raise errors.ResultNeeded(number=ticket.number)


def record_services(service: "QueueService", command: cmd.RecordServices, device: Device, now: dt.datetime) -> re.Reply:
    """Record what the visit's services were so far."""
    ticket = held(service, command.counter_id, command.ticket_id, command.operator_id)
    done = checked(service, command.performed)
    operator_id = who_at(service, command.counter_id)
    body = ev.ServicesRecorded(ticket.ticket_id, command.counter_id, operator_id, done)
    service.ledger.record(body, device.device_id, now)
    return service.call_reply(ticket.ticket_id)


def add_note(service: "QueueService", command: cmd.AddNote, device: Device, now: dt.datetime) -> re.Reply:
    """Leave a note on a ticket of today."""
    counter = staffed(service, command.counter_id, command.operator_id)
    ticket = _of_today(service, command.ticket_id)
    operator_id = counter.operator_id or ""
    write_note(service, ticket.ticket_id, command.text, command.counter_id, operator_id, device, now)
    return service.call_reply(ticket.ticket_id)


def write_note(
    service: "QueueService",
    ticket_id: int,
    text: str,
    counter_id: str | None,
    operator_id: str,
    device: Device,
    now: dt.datetime,
) -> None:
    """Record that a note was left, and keep its text apart; an empty text is none."""
    day = service.hall.day
    if not text.strip() or day is None:
        return
    event = service.ledger.record(ev.NoteAdded(ticket_id, counter_id, operator_id), device.device_id, now)
    note = StoredNote(event.seq, day.service_day, ticket_id, now, counter_id, operator_id, text.strip())
    service.ledger.write_note(note)


def _of_today(service: "QueueService", ticket_id: int) -> Ticket:
    ticket = service.hall.ticket(ticket_id)
    if not ticket.live and ticket_id not in service.hall.ended:
        raise errors.WrongState(ticket_id=ticket_id, number=ticket.number, state=ticket.state.value)
    return ticket


def flag_times(service: "QueueService", command: cmd.FlagTimes, device: Device, now: dt.datetime) -> re.Reply:
    """Keep the times of a visit out of the statistics, or let them in again."""
    counter = staffed(service, command.counter_id, command.operator_id)
    ticket = _of_today(service, command.ticket_id)
    if ticket.counter_id != command.counter_id:
        raise errors.NotAtThisCounter(number=ticket.number, counter_id=ticket.counter_id)
    body = ev.TimesFlagged(ticket.ticket_id, counter.counter_id, counter.operator_id or "", command.wrong)
    service.ledger.record(body, device.device_id, now)
    return service.call_reply(ticket.ticket_id)


def check_claim(service: "QueueService", command: cmd.CheckClaim, device: Device, now: dt.datetime) -> re.Reply:
    """Record whether the proof of a priority class was there."""
    ticket = held(service, command.counter_id, command.ticket_id, command.operator_id)
    if not service.rules.is_priority(ticket.class_id):
        raise errors.NoClaim(number=ticket.number)
    after = ticket.class_id if command.valid else ORDINARY
    operator_id = who_at(service, command.counter_id)
    body = ev.ClaimChecked(ticket.ticket_id, command.counter_id, operator_id, ticket.class_id, command.valid, after)
    service.ledger.record(body, device.device_id, now)
    return service.call_reply(ticket.ticket_id)


def grant_come_back(service: "QueueService", command: cmd.GrantComeBack, device: Device, now: dt.datetime) -> re.Reply:
    """Finish a ticket whose dossier must be supplemented; its citizen may come back without queueing again."""
    ticket = held(service, command.counter_id, command.ticket_id, command.operator_id).check("finish")
    if ticket.origin is Origin.BACK_OFFICE:
        raise errors.WrongState(number=ticket.number, state=ticket.state.value, move="grant_come_back")
    counter_id, operator_id = command.counter_id, who_at(service, command.counter_id)
    require_result(service, ticket, command.performed)
    if checked(service, command.performed):
        done = ev.ServicesRecorded(ticket.ticket_id, counter_id, operator_id, command.performed)
        service.ledger.record(done, device.device_id, now)
    finished = ev.TicketFinished(ticket.ticket_id, ticket.number, ticket.service_id, counter_id, operator_id)
    service.ledger.record(finished, device.device_id, now)
    until = now + dt.timedelta(hours=command.hours)
    granted = ev.ComeBackGranted(ticket.ticket_id, ticket.number, counter_id, operator_id, until)
    service.ledger.record(granted, device.device_id, now)
    papers = "\n".join(f"• {paper.strip()}" for paper in command.papers if paper.strip())
    write_note(service, ticket.ticket_id, papers, counter_id, operator_id, device, now)
    token, url = token_and_url(service, ticket.ticket_id)
    return re.ComeBackReply(service.view(ticket.ticket_id), token, url, until)


CASES: Cases = {
    cmd.RecordServices: record_services,
    cmd.AddNote: add_note,
    cmd.FlagTimes: flag_times,
    cmd.CheckClaim: check_claim,
    cmd.GrantComeBack: grant_come_back,
}
