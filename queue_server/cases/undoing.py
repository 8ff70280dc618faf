"""Taking back: a counter's last action, within the hall's seconds, if nobody went on from there."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocol import commands as cmd
from protocol import errors
from protocol import events as ev
from protocol import replies as re
from protocol.words import TicketState
from queue_server.cases import Cases
from queue_server.cases.finding import staffed
from queue_server.domain.folding import tickets_before
from queue_server.domain.hall import Hall
from queue_server.domain.rows import Device
from queue_server.domain.ticket import IN_HAND, Ticket

if TYPE_CHECKING:
    from queue_server.service import QueueService


@dataclass(frozen=True)
class Action:
    """What a counter did last: a command's name, the seqs of its events, and the ticket it held afterwards."""

    name: str
    first_seq: int
    last_seq: int
    at: dt.datetime
    number: str
    held_id: int | None


UNDOABLE: frozenset[type] = frozenset(
    {
        cmd.CallNext,
        cmd.CallTicket,
        cmd.RecallTicket,
        cmd.StartServing,
        cmd.MarkNoShow,
        cmd.RestoreTicket,
        cmd.ServeDirectly,
        cmd.FinishTicket,
        cmd.ParkTicket,
        cmd.ResumeTicket,
        cmd.TransferTicket,
        cmd.RecordServices,
        cmd.AddNote,
        cmd.FlagTimes,
        cmd.CheckClaim,
        cmd.GrantComeBack,
        cmd.PauseCounter,
        cmd.ContinueCounter,
        cmd.CancelTicket,
    }
)
"""The commands of a counter that can be taken back."""


def undo_action(service: "QueueService", command: cmd.UndoAction, device: Device, now: dt.datetime) -> re.Reply:
    """Set everything back to before the counter's last action."""
    counter = staffed(service, command.counter_id, command.operator_id)
    action = service.undoable(command.counter_id, now)
    if action is None or action.first_seq != command.action_seq:
        raise errors.UndoImpossible(counter_id=command.counter_id)
    if not can_be_undone(service.hall, command.counter_id, action):
        raise errors.UndoImpossible(counter_id=command.counter_id, number=action.number)
    before = tickets_before(service.hall.steps_of(command.counter_id, action.first_seq, action.last_seq))
    undone = [_undone(service.hall, ticket, action) for ticket in before.values()]
    body = ev.ActionUndone(
        counter.counter_id, counter.operator_id or "", action.name, action.first_seq, action.last_seq, undone
    )
    service.ledger.record(body, device.device_id, now)
    service.ledger.erase_notes(action.first_seq, action.last_seq)
    return service.counter_reply(command.counter_id, now)


def can_be_undone(hall: Hall, counter_id: str, action: Action) -> bool:
    """Whether nobody went on from an action: the counter holds what it held then, and nobody used what it left."""
    steps = hall.steps_of(counter_id, action.first_seq, action.last_seq)
    if not steps or hall.counters[counter_id].ticket_id != action.held_id:
        return False
    return not any(_gone_on(hall, action, image) for image in tickets_before(steps).values())


def _gone_on(hall: Hall, action: Action, image: Ticket) -> bool:
    """Whether a ticket was moved, rated or used since an action that found it as in `image`."""
    now, come_back = hall.ticket(image.ticket_id), hall.come_backs.get(image.ticket_id)
    moved = now.moved_seq != image.moved_seq and not action.first_seq <= now.moved_seq <= action.last_seq
    used = come_back is not None and come_back.used_by is not None
    return moved or used or now.rated != image.rated


def _undone(hall: Hall, image: Ticket, action: Action) -> ev.UndoneTicket:
    now = hall.ticket(image.ticket_id)
    made = action.first_seq <= image.ticket_id <= action.last_seq
    state = TicketState.CANCELLED if made else image.state
    held_at = image.counter_id if state in IN_HAND else None
    service_id = now.service_id if made else image.service_id
    return ev.UndoneTicket(image.ticket_id, image.number, service_id, now.state, state, held_at, now.service_id)


CASES: Cases = {cmd.UndoAction: undo_action}
