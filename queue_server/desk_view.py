"""All that a counter's desk shows, at one seq."""

import datetime as dt
from typing import TYPE_CHECKING

from protocol import replies as re
from protocol.words import TicketState
from queue_server import views
from queue_server.cases.calls import in_calling_order
from queue_server.cases.undoing import can_be_undone
from queue_server.domain.calling import lines_for
from queue_server.domain.rows import Counter
from queue_server.domain.rules import Reach
from queue_server.domain.ticket import Ticket
from queue_server.storage.base import StoredNote

if TYPE_CHECKING:
    from queue_server.service import QueueService


def desk_of(service: "QueueService", counter: Counter, limit: int, now: dt.datetime) -> re.DeskReply:
    """The desk of a counter; every list holds at most `limit` tickets."""
    hall, counter_id = service.hall, counter.counter_id
    reach = hall.reach(counter_id)
    waiting = in_calling_order(service, counter_id, limit, now)
    total = sum(len(line.by_points) for line in lines_for(service.rules, reach, hall.lines))
    return re.DeskReply(
        epoch=hall.epoch,
        seq=hall.seq,
        at=now,
        counter=service.counter_status(counter, now),
        tickets=[views.ticket_view(hall, ticket, service.forecast, now) for ticket in waiting],
        total=total,
        services=[_service(service, service_id, now) for service_id in reach.services],
        parked=_shown(service, [ticket for ticket in hall.parked() if _concerns(ticket, reach)], limit),
        missed=_shown(service, _ended(service, reach, TicketState.NO_SHOW), limit),
        done=_shown(service, _done(service, counter_id), limit),
        notes=[note_view(note) for note in (service.ledger.notes(counter.ticket_id) if counter.ticket_id else [])],
        messages=_messages(service, counter_id),
        alarms=[other.counter_id for other in hall.counters.values() if other.alarm_at is not None],
        undoable=_undoable(service, counter_id, now),
    )


def _service(service: "QueueService", service_id: str, now: dt.datetime) -> re.DeskService:
    waited = waits(service, service_id, now)
    late = sum(minutes * 60 > service.rules.target[service_id] for minutes in waited)
    return re.DeskService(service_id, len(waited), max(waited, default=0.0), late)


def waits(service: "QueueService", service_id: str, now: dt.datetime) -> list[float]:
    """How many minutes those who wait for a service have waited."""
    lines = service.hall.lines.of([service_id])
    at = now.timestamp()
    return [round(max(0.0, at - entry.waited_since) / 60, 1) for line in lines for entry in line.by_points]


def _concerns(ticket: Ticket, reach: Reach) -> bool:
    return ticket.target in reach.mine or (not ticket.target and ticket.service_id in reach.services)


def _ended(service: "QueueService", reach: Reach, state: TicketState) -> list[Ticket]:
    found = [ticket for ticket in service.hall.ended.values() if ticket.state is state]
    return newest_first([ticket for ticket in found if ticket.service_id in reach.services])


def _done(service: "QueueService", counter_id: str) -> list[Ticket]:
    every = service.hall.ended.values()
    found = [t for t in every if t.state is TicketState.FINISHED and t.counter_id == counter_id]
    return newest_first(found)


def newest_first(tickets: list[Ticket]) -> list[Ticket]:
    """Ended tickets, the last one first."""
    return sorted(tickets, key=lambda ticket: (ticket.ended_at or ticket.issued_at, ticket.ticket_id), reverse=True)


def _shown(service: "QueueService", tickets: list[Ticket], limit: int) -> list[re.TicketView]:
    return [views.ticket_view(service.hall, ticket) for ticket in tickets[:limit]]


def note_view(note: StoredNote) -> re.NoteView:
    """A note as staff see it."""
    return re.NoteView(note.at, note.text, note.counter_id, note.operator_id)


def _messages(service: "QueueService", counter_id: str) -> list[re.NoteView]:
    """Today's messages to a counter or to all, the newest first."""
    notes = service.ledger.notes(None)
    mine = [note for note in notes if note.counter_id is None or counter_id in note.counter_id.split(",")]
    return [note_view(note) for note in reversed(mine)]


def _undoable(service: "QueueService", counter_id: str, now: dt.datetime) -> re.Undoable | None:
    action = service.undoable(counter_id, now)
    if action is None or not can_be_undone(service.hall, counter_id, action):
        return None
    until = action.at + dt.timedelta(seconds=service.rules.work.undo_seconds)
    return re.Undoable(action.first_seq, action.name, action.number, until)
