"""Adding up the log: `apply` lets one event happen, and is the only thing that changes a hall's state."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from protocol import events as ev
from protocol.words import Origin, TicketState
from queue_server.domain.hall import Hall, Step
from queue_server.domain.rows import (
    NO_KIOSK,
    Announcement,
    Appointment,
    Block,
    ClockDoubt,
    ComeBack,
    Counter,
    Day,
    Device,
    Epoch,
    Suspension,
)
from queue_server.domain.ticket import Ticket, issued

BLOCKS_KEPT = dt.timedelta(days=7)
"""So long after its day a number can be handed in, and the QR of its paper be read."""
KEPT_BY_UNDO = ("ticket_id", "paused_reason_id", "asks_next", "asks_service_id", "last_finished_id")
"""What taking back sets back at a counter; who sits there, its alarm and its services are others' doing."""


def apply(hall: Hall, event: ev.Event) -> None:
    """Let one event happen; raises a Refusal before anything changed if it can't."""
    body = event.body
    hall.begin_step(event)
    _HANDLERS[type(body)](hall, body, event)
    hall.epoch, hall.seq = event.epoch, event.seq
    counter_id = getattr(body, "counter_id", None) or getattr(body, "at_counter_id", None)
    if counter_id is not None:
        hall.end_step(counter_id)


def _put(hall: Hall, ticket: Ticket, event: ev.Event) -> None:
    hall.put(replace(ticket, moved_seq=event.seq))


def _counter(hall: Hall, counter_id: str) -> Counter:
    return hall.counter(counter_id) or Counter(counter_id)


# ---- the hall and its devices ----


def _epoch_started(hall: Hall, body: ev.EpochStarted, event: ev.Event) -> None:
    hall.put_row(Epoch(event.epoch, event.seq, event.at, body.reason))


def _day_started(hall: Hall, body: ev.DayStarted, event: ev.Event) -> None:
    hall.put_row(Day(body.service_day))
    hall.ended.clear()
    hall.steps.clear()
    for counter in hall.every_counter():
        if counter.service_ids is not None or counter.takes != "all":
            hall.put_row(replace(counter, service_ids=None, takes="all"))
    for appointment in list(hall.appointments.values()):
        if appointment.slot_at < event.at - dt.timedelta(days=1):
            hall.drop_row(appointment)
    for come_back in list(hall.come_backs.values()):
        if come_back.until < event.at:
            hall.drop_row(come_back)
    for block in list(hall.blocks.values()):
        if block.service_day < body.service_day - BLOCKS_KEPT:
            hall.drop_row(block)
    for announcement in list(hall.announcements.values()):
        if announcement.until is not None and announcement.until < event.at:
            hall.drop_row(announcement)


def _device_enrolled(hall: Hall, body: ev.DeviceEnrolled, event: ev.Event) -> None:
    hall.put_row(Device(body.enrolled_device_id, body.role, body.public_key, body.counter_id))


def _device_revoked(hall: Hall, body: ev.DeviceRevoked, event: ev.Event) -> None:
    hall.put_row(replace(hall.devices[body.revoked_device_id], revoked=True))


def _device_reported(hall: Hall, body: ev.DeviceReported, event: ev.Event) -> None:
    hall.put_row(replace(hall.devices[body.reporting_device_id], troubles=body.troubles))


def _kiosk_suspended(hall: Hall, body: ev.KioskSuspended, event: ev.Event) -> None:
    hall.put_row(replace(hall.devices[body.kiosk_id], suspended=True, reason=body.reason))


def _kiosk_reopened(hall: Hall, body: ev.KioskReopened, event: ev.Event) -> None:
    hall.put_row(replace(hall.devices[body.kiosk_id], suspended=False, reason=""))


def _service_suspended(hall: Hall, body: ev.ServiceSuspended, event: ev.Event) -> None:
    hall.put_row(Suspension(body.service_id, body.reason, body.by))


def _service_reopened(hall: Hall, body: ev.ServiceReopened, event: ev.Event) -> None:
    hall.drop_row(hall.suspensions[body.service_id])


def _counter_count_set(hall: Hall, body: ev.CounterCountSet, event: ev.Event) -> None:
    assert hall.day is not None, "a count holds for a service day"
    hall.put_row(replace(hall.day, counter_count=body.count))


def _appointment_booked(hall: Hall, body: ev.AppointmentBooked, event: ev.Event) -> None:
    booked_at = event.at if body.from_home else None
    what = body.service_id, body.class_id, body.slot_at, body.first_place
    hall.put_row(Appointment(body.appointment_id, *what, booked_at=booked_at))


def _announcement_made(hall: Hall, body: ev.AnnouncementMade, event: ev.Event) -> None:
    words = body.kind, body.text, body.text_en
    hall.put_row(Announcement(body.announcement_id, *words, event.at, body.until, body.display_ids, spoken=body.spoken))


def _announcement_ended(hall: Hall, body: ev.AnnouncementEnded, event: ev.Event) -> None:
    hall.drop_row(hall.announcements[body.announcement_id])


def _numbers_reserved(hall: Hall, body: ev.NumbersReserved, event: ev.Event) -> None:
    what = body.kiosk_id, body.queue_id, body.service_day, body.first, body.last, body.prefix, body.digits
    hall.put_row(Block(body.block_id, *what))


def _numbers_returned(hall: Hall, body: ev.NumbersReturned, event: ev.Event) -> None:
    block = hall.blocks[body.block_id]
    after = block.returned(body.first)
    hall.put_row(after)
    if hall.day is not None and hall.day.service_day == block.service_day:
        last = hall.day.last_numbers.get(block.queue_id, 0)
        free = [count for count in range(block.first, min(body.first, last + 1)) if not after.holds(count)]
        hall.put_row(_with_passed(hall.day, block.queue_id, [*hall.day.passed.get(block.queue_id, []), *free]))


def _numbers_voided(hall: Hall, body: ev.NumbersVoided, event: ev.Event) -> None:
    """A block of nobody's: numbering goes around it, and what a kiosk did give of it can still be handed in."""
    hall.put_row(Block(event.seq, NO_KIOSK, body.queue_id, body.service_day, body.first, body.last))
    if hall.day is not None and hall.day.service_day == body.service_day:
        passed = hall.day.passed.get(body.queue_id, [])
        left = [count for count in passed if not body.first <= count <= body.last]
        if left != passed:
            hall.put_row(replace(hall.day, passed={**hall.day.passed, body.queue_id: left}))


def _with_passed(day: Day, queue_id: str, counts: list[int]) -> Day:
    return replace(day, passed={**day.passed, queue_id: counts}) if counts else day


def _clock_doubted(hall: Hall, body: ev.ClockDoubted, event: ev.Event) -> None:
    hall.put_row(ClockDoubt(body.told, body.expected))


def _clock_confirmed(hall: Hall, body: ev.ClockConfirmed, event: ev.Event) -> None:
    if hall.clock_doubt is not None:
        hall.drop_row(hall.clock_doubt)


def _noted(hall: Hall, body: ev.EventBody, event: ev.Event) -> None:
    """It happened, and changes nothing that is decided by."""


# ---- counters ----


def _counter_opened(hall: Hall, body: ev.CounterOpened, event: ev.Event) -> None:
    counter = _counter(hall, body.counter_id)
    opened = replace(
        counter, operator_id=body.operator_id, paused_reason_id=None, asks_next=False, asks_service_id=None
    )
    hall.put_row(opened if counter.ticket_id else replace(opened, since=event.at))


def _counter_closed(hall: Hall, body: ev.CounterClosed, event: ev.Event) -> None:
    counter = _counter(hall, body.counter_id)
    hall.put_row(
        Counter(
            body.counter_id,
            since=event.at,
            service_ids=counter.service_ids,
            takes=counter.takes,
            alarm_at=counter.alarm_at,
            last_finished_id=counter.last_finished_id,
        )
    )


def _counter_paused(hall: Hall, body: ev.CounterPaused, event: ev.Event) -> None:
    counter = _counter(hall, body.counter_id)
    hall.put_row(
        replace(counter, paused_reason_id=body.reason_id, asks_next=False, asks_service_id=None, since=event.at)
    )


def _counter_continued(hall: Hall, body: ev.CounterContinued, event: ev.Event) -> None:
    hall.put_row(replace(_counter(hall, body.counter_id), paused_reason_id=None, since=event.at))


def _next_asked(hall: Hall, body: ev.NextAsked, event: ev.Event) -> None:
    counter = _counter(hall, body.counter_id)
    hall.put_row(replace(counter, asks_next=body.waits, asks_service_id=body.service_id if body.waits else None))


def _services_assigned(hall: Hall, body: ev.ServicesAssigned, event: ev.Event) -> None:
    hall.put_row(replace(_counter(hall, body.counter_id), service_ids=body.service_ids, takes=body.takes))


def _alarm_raised(hall: Hall, body: ev.AlarmRaised, event: ev.Event) -> None:
    hall.put_row(replace(_counter(hall, body.counter_id), alarm_at=event.at))


def _alarm_answered(hall: Hall, body: ev.AlarmAnswered, event: ev.Event) -> None:
    hall.put_row(replace(_counter(hall, body.counter_id), alarm_at=None))


# ---- tickets ----


def _ticket_issued(hall: Hall, body: ev.TicketIssued, event: ev.Event) -> None:
    assert hall.day is not None, "a number is given only within a service day"
    hall.put(issued(body, event.at))
    block = hall.blocks.get(body.block_id or 0)
    if block is not None:
        hall.put_row(block.handed_in(body.count, body.ticket_id))
    if body.service_day == hall.day.service_day:
        hall.put_row(_counted(hall.day, body))
    if body.claim_id in hall.appointments:
        hall.put_row(replace(hall.appointments[body.claim_id], ticket_id=body.ticket_id))
    elif body.claim_id in hall.come_backs:
        hall.put_row(replace(hall.come_backs[body.claim_id], used_by=body.ticket_id))


def _counted(day: Day, body: ev.TicketIssued) -> Day:
    given = {**day.given, **{key: day.given.get(key, 0) + 1 for key in body.counts_for}}
    day = replace(day, given=given)
    if body.block_id is not None:
        return day
    passed = day.passed.get(body.queue_id, [])
    if body.count in passed:
        return replace(day, passed={**day.passed, body.queue_id: [count for count in passed if count != body.count]})
    return replace(day, last_numbers={**day.last_numbers, body.queue_id: body.count})


def _ticket_called(hall: Hall, body: ev.TicketCalled, event: ev.Event) -> None:
    assert hall.day is not None, "whoever is called took a number on a service day"
    called = hall.ticket(body.ticket_id).call(body.counter_id, body.operator_id, body.reason, event.at)
    _put(hall, called, event)
    _hold(hall, body.counter_id, body.ticket_id, event.at)
    run = hall.day.priority_run + 1 if body.priority else 0
    if run != hall.day.priority_run:
        hall.put_row(replace(hall.day, priority_run=run))


def _hold(hall: Hall, counter_id: str, ticket_id: int, at: dt.datetime) -> None:
    hall.put_row(
        replace(_counter(hall, counter_id), ticket_id=ticket_id, asks_next=False, asks_service_id=None, since=at)
    )


def _ticket_recalled(hall: Hall, body: ev.TicketRecalled, event: ev.Event) -> None:
    _put(hall, hall.ticket(body.ticket_id).recall(event.at), event)


def _serving_started(hall: Hall, body: ev.ServingStarted, event: ev.Event) -> None:
    ticket = hall.ticket(body.ticket_id)
    if not body.directly:
        _put(hall, ticket.start(event.at), event)
        return
    _put(hall, ticket.start_directly(body.counter_id, body.operator_id, event.at), event)
    _hold(hall, body.counter_id, body.ticket_id, event.at)


def _ticket_finished(hall: Hall, body: ev.TicketFinished, event: ev.Event) -> None:
    _put(hall, hall.ticket(body.ticket_id).finish(event.at), event)
    hall.free_counter(body.counter_id, event.at)
    hall.put_row(replace(_counter(hall, body.counter_id), last_finished_id=body.ticket_id))
    _count_finished(hall, hall.ticket(body.ticket_id), 1)


def _count_finished(hall: Hall, ticket: Ticket, more: int) -> None:
    """Count who could be rated: items without a citizen can't."""
    if hall.day is not None and ticket.origin is not Origin.BACK_OFFICE:
        hall.put_row(replace(hall.day, finished=hall.day.finished + more))


def _no_show_marked(hall: Hall, body: ev.NoShowMarked, event: ev.Event) -> None:
    _put(hall, hall.ticket(body.ticket_id).mark_no_show(event.at), event)
    hall.free_counter(body.counter_id, event.at)


def _ticket_cancelled(hall: Hall, body: ev.TicketCancelled, event: ev.Event) -> None:
    ticket = hall.ticket(body.ticket_id)
    if ticket.state is TicketState.CANCELLED and body.by == "kiosk":
        _put(hall, replace(ticket, withdrawn=True), event)
    else:
        _put(hall, ticket.cancel(event.at, withdrawn=body.by == "kiosk"), event)
    if body.state_before is not TicketState.WAITING:
        hall.free_counter(body.counter_id, event.at)
    if body.by == "kiosk":
        _free_claim(hall, hall.ticket(body.ticket_id))
    if body.frees and hall.day is not None:
        given = {key: count - (key in body.frees) for key, count in hall.day.given.items()}
        hall.put_row(replace(hall.day, given=given))


def _free_claim(hall: Hall, ticket: Ticket) -> None:
    """Who never got a paper may check in again."""
    appointment, come_back = hall.appointments.get(ticket.claim_id or 0), hall.come_backs.get(ticket.claim_id or 0)
    if appointment is not None and appointment.ticket_id == ticket.ticket_id:
        hall.put_row(replace(appointment, ticket_id=None))
    elif come_back is not None and come_back.used_by == ticket.ticket_id:
        hall.put_row(replace(come_back, used_by=None))


def _ticket_restored(hall: Hall, body: ev.TicketRestored, event: ev.Event) -> None:
    _put(hall, hall.ticket(body.ticket_id).restore(), event)


def _ticket_parked(hall: Hall, body: ev.TicketParked, event: ev.Event) -> None:
    _put(hall, hall.ticket(body.ticket_id).park(body.until, event.at), event)
    hall.free_counter(body.counter_id, event.at)


def _ticket_delayed(hall: Hall, body: ev.TicketDelayed, event: ev.Event) -> None:
    _put(hall, hall.ticket(body.ticket_id).delay(body.until), event)


def _ticket_returned(hall: Hall, body: ev.TicketReturned, event: ev.Event) -> None:
    _put(hall, hall.ticket(body.ticket_id).return_(), event)


def _ticket_transferred(hall: Hall, body: ev.TicketTransferred, event: ev.Event) -> None:
    ticket = hall.ticket(body.ticket_id)
    _put(hall, ticket.transfer(body, event.at), event)
    if ticket.counter_id is not None:
        hall.free_counter(ticket.counter_id, event.at)


# ---- what is said of a ticket ----


def _services_recorded(hall: Hall, body: ev.ServicesRecorded, event: ev.Event) -> None:
    hall.put(replace(hall.ticket(body.ticket_id), performed=body.performed))


def _note_added(hall: Hall, body: ev.NoteAdded, event: ev.Event) -> None:
    ticket = hall.ticket(body.ticket_id)
    hall.put(replace(ticket, notes=ticket.notes + 1))


def _times_flagged(hall: Hall, body: ev.TimesFlagged, event: ev.Event) -> None:
    hall.put(replace(hall.ticket(body.ticket_id), times_wrong=body.wrong))


def _claim_checked(hall: Hall, body: ev.ClaimChecked, event: ev.Event) -> None:
    ticket = replace(hall.ticket(body.ticket_id), claim_valid=body.valid)
    hall.put(ticket if body.valid else replace(ticket, class_id=body.class_after))


def _come_back_granted(hall: Hall, body: ev.ComeBackGranted, event: ev.Event) -> None:
    ticket = hall.ticket(body.ticket_id)
    hall.put(replace(ticket, come_back_until=body.until))
    since = ticket.counts_since or ticket.issued_at
    hall.put_row(ComeBack(ticket.ticket_id, ticket.service_id, ticket.class_id, since, body.until))


def _ticket_rated(hall: Hall, body: ev.TicketRated, event: ev.Event) -> None:
    hall.put(replace(hall.ticket(body.ticket_id), rated=True))


def _ticket_printed(hall: Hall, body: ev.TicketPrinted, event: ev.Event) -> None:
    hall.put(replace(hall.ticket(body.ticket_id), print_outcome="printed"))


def _print_failed(hall: Hall, body: ev.PrintFailed, event: ev.Event) -> None:
    hall.put(replace(hall.ticket(body.ticket_id), print_outcome=body.outcome))


# ---- taking back ----


def _action_undone(hall: Hall, body: ev.ActionUndone, event: ev.Event) -> None:
    """Set back what the counter's events from `first_seq` to `last_seq` changed; a ticket made by them is cancelled."""
    steps = hall.steps_of(body.counter_id, body.first_seq, body.last_seq)
    for ticket_id, ticket in tickets_before(steps).items():
        if body.first_seq <= ticket_id <= body.last_seq:
            _put(hall, hall.ticket(ticket_id).cancel(event.at), event)
        else:
            notes = sum(isinstance(s.body, ev.NoteAdded) and s.body.ticket_id == ticket_id for s in steps)
            _set_back(hall, ticket, notes, event)
    for step in reversed(steps):
        if isinstance(step.body, ev.TicketCalled):
            _set_run_back(hall, step)
        for key, row in step.rows.items():
            if isinstance(row, Counter):
                _set_counter_back(hall, row, event.at)
            elif row is None and key.startswith("come_back:"):
                hall.drop_row(hall.come_backs[int(key.partition(":")[2])])


def tickets_before(steps: list[Step]) -> dict[int, Ticket]:
    """The tickets as they were before the first of some steps."""
    found: dict[int, Ticket] = {}
    for step in steps:
        for ticket_id, ticket in step.tickets.items():
            found.setdefault(ticket_id, ticket)
    return found


def _set_run_back(hall: Hall, step: Step) -> None:
    """A call that is taken back neither makes nor breaks a run of priority calls."""
    before = step.rows.get("day")
    if isinstance(before, Day) and hall.day is not None:
        hall.put_row(replace(hall.day, priority_run=before.priority_run))


def _set_back(hall: Hall, before: Ticket, undone_notes: int, event: ev.Event) -> None:
    """Let a ticket be as before, but for its paper and for the notes of others."""
    now = hall.ticket(before.ticket_id)
    if (now.state, before.state) == (TicketState.FINISHED, TicketState.SERVING):
        _count_finished(hall, before, -1)
    _put(hall, replace(before, print_outcome=now.print_outcome, notes=now.notes - undone_notes), event)


def _set_counter_back(hall: Hall, before: Counter, at: dt.datetime) -> None:
    now = _counter(hall, before.counter_id)
    kept = {name: getattr(before, name) for name in KEPT_BY_UNDO}
    since = before.since if before.ticket_id else at
    hall.put_row(replace(now, **kept, since=since))


_HANDLERS: dict[type[Struct], Callable[[Hall, Any, ev.Event], None]] = {
    ev.EpochStarted: _epoch_started,
    ev.DayStarted: _day_started,
    ev.DeviceEnrolled: _device_enrolled,
    ev.DeviceRevoked: _device_revoked,
    ev.DeviceReported: _device_reported,
    ev.KioskSuspended: _kiosk_suspended,
    ev.KioskReopened: _kiosk_reopened,
    ev.ServiceSuspended: _service_suspended,
    ev.ServiceReopened: _service_reopened,
    ev.CounterCountSet: _counter_count_set,
    ev.AppointmentBooked: _appointment_booked,
    ev.MessageSent: _noted,
    ev.AnnouncementMade: _announcement_made,
    ev.AnnouncementEnded: _announcement_ended,
    ev.DataErased: _noted,
    ev.NumbersVoided: _numbers_voided,
    ev.ClockDoubted: _clock_doubted,
    ev.ClockConfirmed: _clock_confirmed,
    ev.CallShown: _noted,
    ev.CallSaid: _noted,
    ev.CallUnseen: _noted,
    ev.NumbersReserved: _numbers_reserved,
    ev.NumbersNeeded: _noted,
    ev.NumbersReturned: _numbers_returned,
    ev.HelperOpened: _noted,
    ev.CounterOpened: _counter_opened,
    ev.CounterClosed: _counter_closed,
    ev.CounterPaused: _counter_paused,
    ev.CounterContinued: _counter_continued,
    ev.NextAsked: _next_asked,
    ev.ServicesAssigned: _services_assigned,
    ev.AlarmRaised: _alarm_raised,
    ev.AlarmAnswered: _alarm_answered,
    ev.TicketIssued: _ticket_issued,
    ev.TicketCalled: _ticket_called,
    ev.TicketRecalled: _ticket_recalled,
    ev.ServingStarted: _serving_started,
    ev.TicketFinished: _ticket_finished,
    ev.NoShowMarked: _no_show_marked,
    ev.TicketCancelled: _ticket_cancelled,
    ev.TicketRestored: _ticket_restored,
    ev.TicketParked: _ticket_parked,
    ev.TicketReturned: _ticket_returned,
    ev.TicketDelayed: _ticket_delayed,
    ev.TicketTransferred: _ticket_transferred,
    ev.ServicesRecorded: _services_recorded,
    ev.NoteAdded: _note_added,
    ev.TimesFlagged: _times_flagged,
    ev.ClaimChecked: _claim_checked,
    ev.ComeBackGranted: _come_back_granted,
    ev.TicketRated: _ticket_rated,
    ev.TicketPrinted: _ticket_printed,
    ev.PrintFailed: _print_failed,
    ev.ActionUndone: _action_undone,
}
