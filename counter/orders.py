"""Which commands of the hall a key means in which state; what a key does not mean is answered by an error beep.

Every command says who is believed to sit at the counter and which ticket is in hand, so that the hall refuses a press
that came too late.
"""

from collections.abc import Callable

from msgspec import Struct

from counter.desk import Desk, Phase
from counter.keys import Key, Press
from protocol import commands as cmd
from protocol.commands import Command
from protocol.replies import DeskReply
from protocol.words import TicketState

HOLD_MINUTES = 10


class Presets(Struct, frozen=True):
    """What cannot be said with a key: who opens the counter, and where the transfer key sends."""

    operator_id: str | None = None
    transfer_service_id: str | None = None


Meaning = Callable[[Desk, Presets], list[Command]]


def orders(key: Key, desk: Desk, presets: Presets, now: float) -> list[Command]:
    """The commands of a key, to be sent one after the other; none: it means nothing now."""
    meaning = _MEANINGS.get(desk.phase(now), {}).get(key)
    return meaning(desk, presets) if meaning else []


def needs_a_look(key: Key, phase: Phase) -> bool:
    """Whether the hall's view of the desk must be asked for before this key has a meaning."""
    return (key is Key.RESUME and phase is Phase.IDLE) or (key is Key.RATE and phase is not Phase.SILENT)


def orders_after_look(press: Press, seen: DeskReply) -> list[Command]:
    """The commands of a key that is about a ticket which is no longer in hand."""
    return _resume(seen) if press.key is Key.RESUME else _rate(press, seen)


# ---- the counter ----


def _open(desk: Desk, presets: Presets) -> list[Command]:
    return [cmd.OpenCounter(desk.counter_id, presets.operator_id)] if presets.operator_id else []


def _close(desk: Desk, _: Presets) -> list[Command]:
    return [cmd.CloseCounter(desk.counter_id, operator_id=desk.operator_id)]


def _pause(desk: Desk, _: Presets) -> list[Command]:
    reasons = desk.hall.pause_reasons if desk.hall else []
    return [cmd.PauseCounter(desk.counter_id, reason.id, operator_id=desk.operator_id) for reason in reasons[:1]]


def _continue(desk: Desk, _: Presets) -> list[Command]:
    return [cmd.ContinueCounter(desk.counter_id, operator_id=desk.operator_id)]


# ---- the ticket in hand ----


def _call(desk: Desk, _: Presets) -> list[Command]:
    return [cmd.CallNext(desk.counter_id, operator_id=desk.operator_id)]


def _finish_and_call(desk: Desk, _: Presets) -> list[Command]:
    habits = desk.hall.habits if desk.hall else None
    if not (habits and habits.next_finishes):
        return []
    return [cmd.CallNext(desk.counter_id, operator_id=desk.operator_id, finish_ticket_id=_ticket(desk))]


def _recall(desk: Desk, _: Presets) -> list[Command]:
    return [cmd.RecallTicket(desk.counter_id, _ticket(desk), operator_id=desk.operator_id)]


def _start(desk: Desk, _: Presets) -> list[Command]:
    return [cmd.StartServing(desk.counter_id, _ticket(desk), operator_id=desk.operator_id)]


def _finish(desk: Desk, _: Presets) -> list[Command]:
    return [cmd.FinishTicket(desk.counter_id, _ticket(desk), operator_id=desk.operator_id)]


def _serve_and_finish(desk: Desk, presets: Presets) -> list[Command]:
    """Nobody said when the service began, so the times of this visit are said to be wrong."""
    flag = cmd.FlagTimes(desk.counter_id, _ticket(desk), operator_id=desk.operator_id)
    return [*_start(desk, presets), flag, *_finish(desk, presets)]


def _no_show(desk: Desk, _: Presets) -> list[Command]:
    return [cmd.MarkNoShow(desk.counter_id, _ticket(desk), operator_id=desk.operator_id)]


def _hold(desk: Desk, _: Presets) -> list[Command]:
    return [cmd.ParkTicket(desk.counter_id, _ticket(desk), HOLD_MINUTES, operator_id=desk.operator_id)]


def _transfer(desk: Desk, presets: Presets) -> list[Command]:
    to = presets.transfer_service_id
    ticket_id, operator_id = _ticket(desk), desk.operator_id
    return [cmd.TransferTicket(desk.counter_id, ticket_id, service_id=to, operator_id=operator_id)] if to else []


def _ticket(desk: Desk) -> int:
    assert desk.held is not None
    return desk.held.ticket_id


# ---- a ticket that is no longer in hand ----


def _resume(seen: DeskReply) -> list[Command]:
    """Call back the parked ticket that is due first."""
    counter = seen.counter
    mine = [t for t in seen.parked if t.parked_until and t.to_counter_id in (None, counter.counter_id)]
    mine.sort(key=lambda ticket: (ticket.parked_until, ticket.ticket_id))
    return [cmd.ResumeTicket(counter.counter_id, t.ticket_id, operator_id=counter.operator_id) for t in mine[:1]]


def _rate(press: Press, seen: DeskReply) -> list[Command]:
    """Rate the ticket finished last, if nobody has."""
    counter_id = seen.counter.counter_id
    done = [t for t in seen.done if t.state is TicketState.FINISHED and t.finished_at and t.counter_id == counter_id]
    done.sort(key=lambda ticket: (ticket.finished_at, ticket.ticket_id), reverse=True)
    return [cmd.RateAtCounter(counter_id, t.ticket_id, press.score) for t in done[:1] if not t.rated]


_MEANINGS: dict[Phase, dict[Key, Meaning]] = {
    Phase.CLOSED: {Key.CALL: _open, Key.CALL_OR_RECALL: _open},
    Phase.PAUSED: {
        Key.CALL: _continue,
        Key.CALL_OR_RECALL: _continue,
        Key.PAUSE: _continue,
        Key.CLOSE: _close,
    },
    Phase.IDLE: {
        Key.CALL: _call,
        Key.CALL_OR_RECALL: _call,
        Key.PAUSE: _pause,
        Key.CLOSE: _close,
    },
    Phase.CALLED: {
        Key.RECALL: _recall,
        Key.CALL_OR_RECALL: _recall,
        Key.START: _start,
        Key.FINISH: _serve_and_finish,
        Key.NO_SHOW: _no_show,
        Key.FINISH_OR_NO_SHOW: _no_show,
        Key.HOLD: _hold,
        Key.TRANSFER: _transfer,
    },
    Phase.SERVING: {
        Key.CALL: _finish_and_call,
        Key.CALL_OR_RECALL: _finish_and_call,
        Key.FINISH: _finish,
        Key.FINISH_OR_NO_SHOW: _finish,
        Key.HOLD: _hold,
        Key.TRANSFER: _transfer,
    },
}
