"""What the desk shows and allows: pure, from the hall, the counter's desk and the session."""

from typing import Any

from config.texts import text
from protocol.replies import CounterStatus, DeskReply, HallReply, NoteView, Snapshot, Undoable
from web.desk.line import services_of, waiting_rows
from web.desk.now import HABITS, MAIN, deeds_of, held_ticket, holds_of, notes_of, phase_of, phase_text
from web.desk.session import DeskSession
from web.desk.tabs import Notes, done_rows, local_time, missed_rows, parked_rows
from web.desk.wording import counter_name, milliseconds, operator_name
from web.names import counter_text

_LISTS = ("notes", "services", "waiting", "parked", "missed", "done", "messages", "alarms")


def desk_state(hall: HallReply, desk: DeskReply, notes: Notes, session: DeskSession, language: str) -> dict[str, Any]:
    """The whole desk as JSON; instants are milliseconds since 1970 UTC by the hall's clock."""
    phase = phase_of(desk.counter, session)
    state = {
        "epoch": desk.epoch,
        "seq": desk.seq,
        "now": milliseconds(desk.at),
        "phase": phase,
        "phase_text": phase_text(hall, desk.counter, phase, language),
        "main": MAIN[phase],
        "can": deeds_of(hall, desk, session, phase),
        "asks": desk.counter.asks_next,
    }
    if phase == "closed":
        return {**state, **_nothing(hall, desk, language)}
    return {
        **state,
        **_now(hall, desk, language),
        **_line(hall, desk, notes, session, language),
        "messages": [_message(hall, note) for note in desk.messages],
        "alarms": _alarms(hall, desk, language),
        "own_alarm": desk.counter.alarm_at is not None,
        "undo": _undo(desk.undoable, language) if desk.undoable else None,
    }


def _nothing(hall: HallReply, desk: DeskReply, language: str) -> dict[str, Any]:
    """A desk without its operator shows nothing of the line; it says who sits there now."""
    other = desk.counter.operator_id
    summary = text("desk.taken_by", language, who=operator_name(hall, other, language)) if other else ""
    return {
        **{name: [] for name in _LISTS},
        "summary": summary,
        "ticket": None,
        "holds": {},
        "offer": "",
        "needs_result": False,
        "waiting_total": 0,
        "own_alarm": False,
        "undo": None,
    }


def _now(hall: HallReply, desk: DeskReply, language: str) -> dict[str, Any]:
    ticket = desk.counter.ticket
    many = text("desk.people_waiting", language, n=desk.total)
    habits = hall.habits or HABITS
    used_up = ticket is not None and ticket.serving_at is None and ticket.recalls >= habits.max_recalls
    return {
        "summary": many if desk.total else text("desk.waiting_none", language),
        "ticket": held_ticket(hall, desk, ticket, language) if ticket else None,
        "notes": notes_of(hall, desk, language),
        "holds": holds_of(hall, ticket, language) if ticket else {},
        "offer": "mark_no_show" if used_up else "",
        "needs_result": habits.result_required and not any(one.result_id for one in ticket.performed)
        if ticket
        else False,
    }


def _line(hall: HallReply, desk: DeskReply, notes: Notes, session: DeskSession, language: str) -> dict[str, Any]:
    return {
        "services": services_of(hall, desk, language),
        "waiting": waiting_rows(hall, desk, session, language),
        "waiting_total": desk.total,
        "parked": parked_rows(hall, desk, notes, language),
        "missed": missed_rows(hall, desk, language),
        "done": done_rows(hall, desk, language),
    }


def _message(hall: HallReply, note: NoteView) -> dict[str, Any]:
    return {"id": milliseconds(note.at), "at": local_time(hall, note.at), "text": note.text}


def _alarms(hall: HallReply, desk: DeskReply, language: str) -> list[dict[str, str]]:
    """The other counters that call for help."""
    others = [one for one in desk.alarms if one != desk.counter.counter_id]
    return [
        {"counter_id": one, "text": text("desk.alarm_at", language, counter=counter_name(hall, one, language))}
        for one in others
    ]


def _undo(undoable: Undoable, language: str) -> dict[str, Any]:
    try:
        action = text(f"desk.did_{undoable.action}", language)
    except KeyError:
        action = text("desk.did_something", language)
    return {
        "action_seq": undoable.action_seq,
        "text": f"{action} {undoable.number}".strip(),
        "until": milliseconds(undoable.until),
    }


def counter_choices(hall: HallReply, snapshot: Snapshot, language: str) -> list[dict[str, str]]:
    """The counters to sign in at: free, taken by whom, or left behind by whom; names are for who has signed in."""
    status = {one.counter_id: one for one in snapshot.counters}
    return [
        {
            "id": counter.counter_id,
            "name": counter_text(counter, language),
            **_seat(status.get(counter.counter_id), language),
        }
        for counter in hall.counters
    ]


def _seat(status: CounterStatus | None, language: str) -> dict[str, str]:
    if status is None or status.operator_id is None:
        return {"seat": "free", "who": text("desk.counter_free", language)}
    who = text("desk.operator_is", language, id=status.operator_id)
    if not status.connected:
        return {"seat": "left", "who": text("desk.counter_left", language, who=who)}
    return {"seat": "taken", "who": text("desk.counter_taken", language, who=who)}
