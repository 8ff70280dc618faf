"""What citizens do with their phones: let others go first, take a place from home, tell that they are here."""

import datetime as dt
import math
from typing import TYPE_CHECKING

from protocol import commands as cmd
from protocol import errors
from protocol import events as ev
from protocol import replies as re
from queue_server import views
from queue_server.cases import Cases
from queue_server.cases.finding import known_class, known_service
from queue_server.cases.issuing import check_in, refuse_closed
from queue_server.cases.tokens import token_and_url
from queue_server.domain.arrival import arrival_code, is_arrival_code
from queue_server.domain.rows import Appointment, Device

if TYPE_CHECKING:
    from queue_server.service import QueueService

DELAY = dt.timedelta(minutes=10)


def delay_ticket(service: "QueueService", command: cmd.DelayTicket, device: Device, now: dt.datetime) -> re.Reply:
    """Let others go first for ten minutes, once."""
    ticket = service.find(None, command.token).check("delay")
    if ticket.delayed:
        raise errors.AlreadyDelayed(number=ticket.number)
    body = ev.TicketDelayed(ticket.ticket_id, ticket.number, ticket.service_id, now + DELAY)
    service.ledger.record(body, device.device_id, now)
    hall = service.hall
    return re.TicketReply(service.view(ticket.ticket_id), hall.seq, hall.counters_to_watch(ticket.service_id))


def book_from_home(service: "QueueService", command: cmd.BookFromHome, device: Device, now: dt.datetime) -> re.Reply:
    """Promise a place in today's line: it counts from now, if its citizen is here when it would be called."""
    known_service(service, command.service_id)
    known_class(service, command.class_id)
    rules = service.rules
    if command.service_id not in rules.from_home.services or rules.services[command.service_id].asks_person:
        raise errors.NotFromHome(service_id=command.service_id)  # who must show who he is can't do so from there
    refuse_closed(service, command.service_id, command.class_id, now)
    _refuse_too_many(service, command, now)
    low, _high = views.clock_range(service.hall, service.forecast, command.service_id, command.class_id, now) or (0, 0)
    appointment_id, slot_at = service.hall.seq + 1, now + dt.timedelta(minutes=low)
    body = ev.AppointmentBooked(appointment_id, command.service_id, command.class_id, slot_at, from_home=True)
    service.ledger.record(body, device.device_id, now)
    service.from_home[appointment_id] = command.mark
    token, url = token_and_url(service, appointment_id)
    return re.PlaceReply(appointment_id, command.service_id, slot_at, token, url, from_home=True)


def _refuse_too_many(service: "QueueService", command: cmd.BookFromHome, now: dt.datetime) -> None:
    """Raise TooManyFromHome if the phone or the service has its share of today."""
    rules, zone = service.rules.from_home, service.rules.zone
    today = now.astimezone(zone).date()
    taken = [
        a for a in service.hall.appointments.values() if a.booked_at and a.booked_at.astimezone(zone).date() == today
    ]
    if sum(place.service_id == command.service_id for place in taken) >= rules.per_service:
        raise errors.TooManyFromHome(service_id=command.service_id, limit=rules.per_service)
    booked = service.hall.appointments
    service.from_home = {place: mark for place, mark in service.from_home.items() if place in booked}
    by_phone = [a for a in taken if command.mark and service.from_home.get(a.appointment_id) == command.mark]
    if len(by_phone) >= rules.per_phone:
        raise errors.TooManyFromHome(service_id=command.service_id, limit=rules.per_phone)


def confirm_arrival(service: "QueueService", command: cmd.ConfirmArrival, device: Device, now: dt.datetime) -> re.Reply:
    """Turn a place from home into a number, by the code that a kiosk's screen shows."""
    claim_id = service.claim_of(command.token)
    claim = service.hall.appointments.get(claim_id)
    if not isinstance(claim, Appointment) or claim.booked_at is None:
        raise errors.InvalidToken
    wait = service.lock_out.wait_seconds(f"arrival:{claim_id}", now.timestamp())
    if wait > 0:
        raise errors.LockedOut(seconds=math.ceil(wait))
    if not _is_shown(service, command.arrival_code, now):
        service.lock_out.note_wrong(f"arrival:{claim_id}", now.timestamp())
        raise errors.WrongArrivalCode
    return check_in(service, cmd.CheckIn(command.token, command.language), device, now)


def _is_shown(service: "QueueService", code: str, now: dt.datetime) -> bool:
    key, hall = service.ledger.storage.token_key, service.hall
    kiosks = [d.device_id for d in hall.devices.values() if d.role == "kiosk" and not d.revoked and not d.suspended]
    return any(is_arrival_code(key, hall.epoch, kiosk_id, code, now) for kiosk_id in kiosks)


def get_arrival_code(service: "QueueService", _query: cmd.GetArrivalCode, device: Device, now: dt.datetime) -> re.Reply:
    """The code for the sending kiosk's screen."""
    key, epoch = service.ledger.storage.token_key, service.hall.epoch
    code, expires_at = arrival_code(key, epoch, device.device_id, now)
    return re.ArrivalCodeReply(code, f"{service.network.public_url}/here/{code}", expires_at)


CASES: Cases = {
    cmd.DelayTicket: delay_ticket,
    cmd.BookFromHome: book_from_home,
    cmd.ConfirmArrival: confirm_arrival,
}
