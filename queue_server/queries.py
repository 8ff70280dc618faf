"""The queries: they look at the hall and change nothing."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from protocol import codec, errors
from protocol import commands as cmd
from protocol import replies as re
from queue_server import views
from queue_server.cases.calls import in_calling_order
from queue_server.cases.dossiers import look_up_dossier
from queue_server.cases.finding import counter_of, staffed
from queue_server.cases.phones import get_arrival_code
from queue_server.cases.rating import get_callbacks, get_comments
from queue_server.cases.room import announcements, get_satisfaction
from queue_server.cases.tokens import token_and_url
from queue_server.desk_view import desk_of
from queue_server.domain.calling import lines_for
from queue_server.domain.rows import Device
from queue_server.explaining import why
from queue_server.overview import overview_of

STAFF_DEVICES = frozenset({"desk", "admin", "counter", "auditor"})
"""The devices that get to know who works here."""

if TYPE_CHECKING:
    from queue_server.service import QueueService


def get_hall(service: "QueueService", _query: cmd.GetHall, device: Device, _now: dt.datetime) -> re.Reply:
    """What does not change within the day; who works here is for the devices of staff only."""
    if device.role == "display":
        described = service.description_for_displays
    else:
        described = service.description_for_staff if device.role in STAFF_DEVICES else service.description
    return replace(described, epochs=[one.epoch for one in service.hall.epochs])


def get_snapshot(service: "QueueService", _query: cmd.GetSnapshot, _device: Device, now: dt.datetime) -> re.Reply:
    """The state of the hall at its seq."""
    hall = service.hall
    return re.Snapshot(
        epoch=hall.epoch,
        seq=hall.seq,
        at=now,
        service_day=hall.day.service_day if hall.day else None,
        services=views.service_statuses(hall, service.forecast, now),
        counters=[service.counter_status(hall.counters[c], now) for c in service.rules.counters],
        calls=views.calls(hall),
        satisfaction=service.satisfaction,
        announcements=announcements(hall, now),
        suspended_kiosks={d.device_id: d.reason for d in hall.devices.values() if d.suspended and not d.revoked},
    )


def get_catalogue(service: "QueueService", query: cmd.GetCatalogue, _device: Device, _now: dt.datetime) -> re.Reply:
    """A page of the procedures, as many as fit into a message."""
    return service.catalogue.page(query.after)


def get_ticket(service: "QueueService", query: cmd.GetTicket, _device: Device, now: dt.datetime) -> re.Reply:
    """One ticket with its place in the line."""
    hall, ticket = service.hall, service.find(query.ticket_id, query.token)
    view = views.ticket_view(hall, ticket, service.forecast, now)
    return re.TicketReply(view, hall.seq, hall.counters_to_watch(ticket.service_id))


def get_waiting(service: "QueueService", query: cmd.GetWaiting, _device: Device, now: dt.datetime) -> re.Reply:
    """Whom a counter may call, the next one first."""
    hall, counter = service.hall, counter_of(service, query.counter_id)
    tickets = in_calling_order(service, counter.counter_id, query.limit, now)
    shown = [views.ticket_view(hall, ticket, service.forecast, now) for ticket in tickets]
    lines = lines_for(service.rules, hall.reach(counter.counter_id), hall.lines)
    return re.WaitingReply(shown, sum(len(line.by_points) for line in lines))


def get_desk(service: "QueueService", query: cmd.GetDesk, _device: Device, now: dt.datetime) -> re.Reply:
    """All that a counter's desk shows."""
    return desk_of(service, counter_of(service, query.counter_id), query.limit, now)


def get_overview(service: "QueueService", _query: cmd.GetOverview, _device: Device, now: dt.datetime) -> re.Reply:
    """The whole hall as its head sees it."""
    return overview_of(service, now)


def get_why(service: "QueueService", query: cmd.GetWhy, _device: Device, _now: dt.datetime) -> re.Reply:
    """Why a ticket was called, and not another."""
    return why(service, query.ticket_id, query.other_ticket_id)


def get_place(service: "QueueService", query: cmd.GetPlace, _device: Device, _now: dt.datetime) -> re.Reply:
    """An appointment or first place by its token."""
    appointment_id = service.claim_of(query.token)
    found = service.hall.appointments.get(appointment_id)
    if found is None:
        raise errors.InvalidToken
    token, url = token_and_url(service, appointment_id)
    what = appointment_id, found.service_id, found.slot_at, token, url, found.ticket_id
    return re.PlaceReply(*what, from_home=found.booked_at is not None)


def get_events(service: "QueueService", query: cmd.GetEvents, _device: Device, _now: dt.datetime) -> re.Reply:
    """Events as they are stored."""
    stored = service.ledger.storage.events(query.after_seq + 1, query.after_seq + query.limit)
    return re.EventsReply([codec.decode_event(event.body) for event in stored], service.hall.seq)


def keep_counter(service: "QueueService", query: cmd.KeepCounter, _device: Device, now: dt.datetime) -> re.Reply:
    """Renew a counter's lease; a page that lost its counter learns so."""
    staffed(service, query.counter_id, query.operator_id)
    service.renew_lease(query.counter_id, now)
    return re.DoneReply()


def get_devices(service: "QueueService", _query: cmd.GetDevices, _device: Device, _now: dt.datetime) -> re.Reply:
    """All devices ever enrolled."""
    found = service.hall.devices.values()
    return re.DevicesReply([re.DeviceInfo(d.device_id, d.role, d.public_key, d.counter_id, d.revoked) for d in found])


def get_health(service: "QueueService", _query: cmd.GetHealth, _device: Device, now: dt.datetime) -> re.Reply:
    """How the server itself is."""
    health, hall = service.health, service.hall
    counts, gauges = dict(health.counts), dict(health.gauges)
    return re.HealthReply(now, service.began, hall.epoch, hall.seq, health.troubles, counts, gauges)


QUERIES: dict[type, Callable[["QueueService", Any, Device, dt.datetime], re.Reply]] = {
    cmd.GetHall: get_hall,
    cmd.GetArrivalCode: get_arrival_code,
    cmd.GetSatisfaction: get_satisfaction,
    cmd.GetComments: get_comments,
    cmd.GetCallbacks: get_callbacks,
    cmd.GetSnapshot: get_snapshot,
    cmd.GetCatalogue: get_catalogue,
    cmd.GetTicket: get_ticket,
    cmd.GetWaiting: get_waiting,
    cmd.GetDesk: get_desk,
    cmd.GetOverview: get_overview,
    cmd.GetWhy: get_why,
    cmd.GetPlace: get_place,
    cmd.GetEvents: get_events,
    cmd.KeepCounter: keep_counter,
    cmd.GetDevices: get_devices,
    cmd.GetHealth: get_health,
    cmd.LookUpDossier: look_up_dossier,
}
