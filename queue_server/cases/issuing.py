"""Giving numbers: at the kiosk, by appointment or come-back slip, and without a kiosk at a counter."""

import datetime as dt
import hmac
from typing import TYPE_CHECKING

from msgspec.structs import replace

from protocol import commands as cmd
from protocol import errors
from protocol import events as ev
from protocol import replies as re
from protocol.words import Issuing, Origin
from queue_server import views
from queue_server.cases import Cases
from queue_server.cases.blocks import ask_for_numbers
from queue_server.cases.finding import known_class, known_service
from queue_server.cases.remarks import write_note
from queue_server.cases.tokens import token_and_url
from queue_server.domain import numbering
from queue_server.domain.issuing import Door, counts_for, door, local_text
from queue_server.domain.line import Entry, Kind
from queue_server.domain.roles import require_server
from queue_server.domain.rows import Appointment, ComeBack, Device
from queue_server.storage.base import Guard

if TYPE_CHECKING:
    from queue_server.service import QueueService

BOOKED_AHEAD = dt.timedelta(days=400)
"""Nobody books farther ahead."""
BACK_OFFICE_SERIES = "back-office"
"""Items without a citizen have a series of their own: they must not leave holes in what citizens see called."""


def issue_ticket(service: "QueueService", command: cmd.IssueTicket, device: Device, now: dt.datetime) -> re.Reply:
    """Give the next number of the service's queue, if its door is open."""
    known_service(service, command.service_id)
    known_class(service, command.class_id)
    _refuse_kiosk(service, device)
    refuse_closed(service, command.service_id, command.class_id, now)
    if command.operator_id is not None:
        require_server(service.rules, command.operator_id)
    person = _guarded(service, command)
    body = draft(service, command.service_id, command.class_id, now)
    body = replace(
        body,
        language=command.language,
        procedure_code=command.procedure_code,
        by=command.operator_id or "",
    )
    give(service, body, device, now)
    if person is not None:
        service.ledger.guard(Guard(person, command.service_id, body.ticket_id))
    write_note(service, body.ticket_id, command.note, None, command.operator_id or "", device, now)
    return issued_reply(service, body)


def _refuse_kiosk(service: "QueueService", device: Device) -> None:
    """Look at the device as it is now: the key's own record may be older."""
    known = service.hall.devices.get(device.device_id)
    if known is not None and known.suspended:
        raise errors.KioskSuspended(reason=known.reason)


def refuse_closed(service: "QueueService", service_id: str, class_id: str, now: dt.datetime) -> None:
    """Raise what says why no number is given, if none is."""
    found = door(service.hall, service.forecast, service_id, class_id, now)
    if found.issuing not in (Issuing.OPEN, Issuing.UNCERTAIN):
        raise _why_closed(service, found, service_id, now)


def _why_closed(service: "QueueService", found: Door, service_id: str, now: dt.datetime) -> errors.Refusal:
    if found.issuing is Issuing.SUSPENDED:
        return errors.ServiceSuspended(service_id=service_id, reason=found.reason)
    opens_at = found.opens_at.isoformat() if found.opens_at else None
    opens = local_text(service.hall, found.opens_at, now)
    kinds = {Issuing.CLOSED: errors.HallClosed, Issuing.QUOTA: errors.QuotaReached}
    return kinds.get(found.issuing, errors.CutOff)(service_id=service_id, opens_at=opens_at, opens=opens)


def _guarded(service: "QueueService", command: cmd.IssueTicket) -> bytes | None:
    """The keyed hash of who asks, where the service wants one number per person; raises AlreadyWaiting."""
    day = service.hall.day
    if day is None or not service.rules.services[command.service_id].asks_person:
        return None
    # the same person, however the number was typed or read
    known_as = "".join((command.person or "").split()).casefold()
    if not known_as:
        raise errors.PersonNeeded(service_id=command.service_id)
    key = service.ledger.storage.guard_key(day.service_day)
    person = hmac.digest(key, known_as.encode(), "sha256")
    for guard in service.ledger.guards():
        held = service.hall.tickets.get(guard.ticket_id)
        if held and guard.service_id == command.service_id and hmac.compare_digest(guard.person, person):
            raise errors.AlreadyWaiting(number=held.number)
    return person


def draft(service: "QueueService", service_id: str, class_id: str, now: dt.datetime) -> ev.TicketIssued:
    """The event that gives the next number of a service's queue; raises NumbersExhausted."""
    rules, hall = service.rules, service.hall
    assert hall.day is not None, "a number is given only within a service day"
    queue = rules.queues[rules.queue_of[service_id]]
    kept = hall.blocks_of(queue.id, hall.day.service_day)
    last, passed = hall.day.last_numbers.get(queue.id), hall.day.passed.get(queue.id, [])
    count = numbering.next_number(queue, last, kept, passed)
    ticket_id, since = hall.seq + 1, now.timestamp()
    entry = Entry(since - rules.advantage(service_id, class_id), ticket_id, since)
    low, high = views.clock_range(hall, service.forecast, service_id, class_id, now) or (None, None)
    return ev.TicketIssued(
        ticket_id=ticket_id,
        number=numbering.format_number(queue, count),
        count=count,
        service_day=hall.day.service_day,
        queue_id=queue.id,
        service_id=service_id,
        class_id=class_id,
        language="vi",
        people_ahead=hall.lines.ahead(hall.rivals(service_id), entry),
        wait_low_minutes=low,
        wait_high_minutes=high,
        counts_for=counts_for(hall, service_id, now),
    )


def give(service: "QueueService", body: ev.TicketIssued, device: Device, now: dt.datetime) -> None:
    """Record that a number was given, and see to it that there are more."""
    service.ledger.record(body, device.device_id, now)
    ask_for_numbers(service, body.queue_id, device, now)


def draft_item(service: "QueueService", service_id: str, now: dt.datetime) -> ev.TicketIssued:
    """The event that gives a back-office item its label."""
    day = service.hall.day
    assert day is not None, "a number is given only within a service day"
    count = day.last_numbers.get(BACK_OFFICE_SERIES, 0) + 1
    return ev.TicketIssued(
        ticket_id=service.hall.seq + 1,
        number=f"HS-{count:03}",
        count=count,
        service_day=day.service_day,
        queue_id=BACK_OFFICE_SERIES,
        service_id=service_id,
        class_id="ordinary",
        language="vi",
        people_ahead=0,
        origin=Origin.BACK_OFFICE,
    )


def issued_reply(service: "QueueService", body: ev.TicketIssued) -> re.TicketIssuedReply:
    """The reply that tells of a number just given."""
    view = replace(
        views.ticket_view(service.hall, service.hall.ticket(body.ticket_id)),
        people_ahead=body.people_ahead,
        wait_low_minutes=body.wait_low_minutes,
        wait_high_minutes=body.wait_high_minutes,
    )
    token, url = token_and_url(service, body.ticket_id)
    return re.TicketIssuedReply(view, token, url, service.hall.counters_to_watch(body.service_id))


# ---- appointments, first places, come-back slips ----


def book_place(service: "QueueService", command: cmd.BookPlace, device: Device, now: dt.datetime) -> re.Reply:
    """Promise one of the first places of the next day of work, to who came too late today."""
    known_service(service, command.service_id)
    known_class(service, command.class_id)
    _refuse_kiosk(service, device)
    found = door(service.hall, service.forecast, command.service_id, command.class_id, now)
    slot_at = service.rules.hours.next_opening_day(now)
    if slot_at is None or not _over_for_today(service, found, now):
        raise errors.NoPlaceLeft(service_id=command.service_id)
    taken = [a for a in service.hall.appointments.values() if a.first_place and a.slot_at == slot_at]
    places = sum(a.service_id == command.service_id for a in taken)
    if places >= service.rules.hours.hours.places_tomorrow:
        raise errors.NoPlaceLeft(service_id=command.service_id)
    return _book(service, command.service_id, command.class_id, slot_at, device, now)


def _over_for_today(service: "QueueService", found: Door, now: dt.datetime) -> bool:
    """Whether a door stays shut for the rest of the day: who can take a number after the break needs no place."""
    if found.issuing not in (Issuing.CUT_OFF, Issuing.QUOTA, Issuing.CLOSED):
        return False
    zone = service.rules.zone
    return found.opens_at is None or found.opens_at.astimezone(zone).date() > now.astimezone(zone).date()


def book_appointment(
    service: "QueueService", command: cmd.BookAppointment, device: Device, now: dt.datetime
) -> re.Reply:
    """Promise a place in the line at a time when the hall is open."""
    known_service(service, command.service_id)
    known_class(service, command.class_id)
    slot_at = command.slot_at
    if slot_at.tzinfo is None or not now < slot_at < now + BOOKED_AHEAD:
        raise errors.InvalidSlot(slot_at=slot_at.isoformat())
    if not any(start <= slot_at < end for start, end in service.rules.hours.today(slot_at)):
        raise errors.InvalidSlot(slot_at=slot_at.isoformat())
    slot_at = slot_at.astimezone(dt.UTC)
    return _book(service, command.service_id, command.class_id, slot_at, device, now, command.operator_id)


def _book(
    service: "QueueService",
    service_id: str,
    class_id: str,
    slot_at: dt.datetime,
    device: Device,
    now: dt.datetime,
    by: str = "",
) -> re.PlaceReply:
    appointment_id = service.hall.seq + 1
    body = ev.AppointmentBooked(appointment_id, service_id, class_id, slot_at, first_place=not by, by=by)
    service.ledger.record(body, device.device_id, now)
    token, url = token_and_url(service, appointment_id)
    return re.PlaceReply(appointment_id, service_id, slot_at, token, url)


def check_in(service: "QueueService", command: cmd.CheckIn, device: Device, now: dt.datetime) -> re.Reply:
    """Turn a promise into a number, now that its citizen is here."""
    claim_id = service.claim_of(command.token)
    _refuse_kiosk(service, device)
    claim = service.hall.appointments.get(claim_id) or service.hall.come_backs.get(claim_id)
    if claim is None:
        raise errors.InvalidToken
    known_service(service, claim.service_id)
    known_class(service, claim.class_id)
    body = _kept(service, claim, now) if isinstance(claim, Appointment) else _returning(service, claim, now)
    hours = service.rules.hours
    if not hours.gives_numbers(now):
        raise _why_closed(service, Door(Issuing.CLOSED, "", hours.gives_numbers_next(now)), claim.service_id, now)
    give(service, replace(body, language=command.language), device, now)
    return issued_reply(service, body)


def _kept(service: "QueueService", claim: Appointment, now: dt.datetime) -> ev.TicketIssued:
    """The ticket of an appointment: on time it counts from before its slot, late it is a walk-in's."""
    if claim.ticket_id is not None:
        raise errors.AlreadyCheckedIn(number=service.hall.ticket(claim.ticket_id).number)
    calling, zone = service.rules.calling, service.rules.zone
    opens_at = claim.slot_at - dt.timedelta(minutes=calling.appointment_early_minutes)
    if now < opens_at:
        shown = local_text(service.hall, opens_at, now)
        raise errors.TooEarly(**{"from": shown, "from_at": opens_at.isoformat()})
    if now.astimezone(zone).date() > claim.slot_at.astimezone(zone).date():
        raise errors.TooLate(slot_at=claim.slot_at.isoformat())
    on_time = now <= claim.slot_at + dt.timedelta(minutes=calling.appointment_late_minutes)
    body = draft(service, claim.service_id, claim.class_id, now)
    body = replace(body, origin=Origin.APPOINTMENT, slot_at=claim.slot_at, claim_id=claim.appointment_id)
    if not on_time:
        return body
    if claim.booked_at is not None:  # a number from home stands where it would stand had it been taken at the kiosk
        return _placed(service, replace(body, on_time=True, counts_since=claim.booked_at))
    since = min(now, claim.slot_at - dt.timedelta(minutes=calling.appointment_minutes))
    if claim.first_place:  # the first of the day go before all who take numbers since the doors opened
        since = min(since, service.rules.hours.numbers_begin(claim.slot_at) or since)
    return _placed(service, replace(body, on_time=True, counts_since=since))


def _returning(service: "QueueService", claim: ComeBack, now: dt.datetime) -> ev.TicketIssued:
    """The ticket of a come-back slip: it counts from the time of the first ticket."""
    if claim.used_by is not None:
        raise errors.AlreadyCheckedIn(number=service.hall.ticket(claim.used_by).number)
    if now > claim.until:
        raise errors.TooLate(until=claim.until.isoformat())
    body = draft(service, claim.service_id, claim.class_id, now)
    body = replace(body, origin=Origin.COME_BACK, counts_since=claim.counts_since, claim_id=claim.ticket_id)
    return _placed(service, body)


def _placed(service: "QueueService", body: ev.TicketIssued) -> ev.TicketIssued:
    """The event with the number of people ahead of where its ticket will stand; the range would be a walk-in's."""
    rules = service.rules
    kind: Kind = "returned" if body.origin is Origin.COME_BACK else "appointment"
    assert body.counts_since is not None
    advantage = rules.advantage(body.service_id, body.class_id, kind)
    entry = Entry(body.counts_since.timestamp() - advantage, body.ticket_id, 0.0)
    ahead = service.hall.lines.ahead(service.hall.rivals(body.service_id), entry)
    return replace(body, people_ahead=ahead, wait_low_minutes=None, wait_high_minutes=None)


# ---- what devices say of themselves and of paper ----


def report_print(service: "QueueService", command: cmd.ReportPrint, device: Device, now: dt.datetime) -> re.Reply:
    """Record what became of a ticket's paper."""
    service.hall.ticket(command.ticket_id)
    if command.outcome == "printed":
        service.ledger.record(ev.TicketPrinted(command.ticket_id, command.reprint), device.device_id, now)
    else:
        failed = ev.PrintFailed(command.ticket_id, command.outcome, command.detail, command.reprint)
        service.ledger.record(failed, device.device_id, now)
    return re.DoneReply()


def report_device(service: "QueueService", command: cmd.ReportDevice, device: Device, now: dt.datetime) -> re.Reply:
    """Record what is wrong with a device, when that changed; being heard is noted anyway."""
    known = service.hall.devices.get(device.device_id)
    if known is not None and known.troubles != command.troubles:
        service.ledger.record(ev.DeviceReported(device.device_id, command.troubles), device.device_id, now)
    return re.DoneReply()


CASES: Cases = {
    cmd.IssueTicket: issue_ticket,
    cmd.BookPlace: book_place,
    cmd.BookAppointment: book_appointment,
    cmd.CheckIn: check_in,
    cmd.ReportPrint: report_print,
    cmd.ReportDevice: report_device,
}
