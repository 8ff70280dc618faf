"""The queries: they look at the hall and change nothing."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from protocol import commands as cmd
from protocol import replies as re
from queue_server import views
from queue_server.domain.calling import ranked

if TYPE_CHECKING:
    from queue_server.service import QueueService


def get_hall(service: "QueueService", _query: cmd.GetHall, _now: dt.datetime) -> re.Reply:
    """What does not change within the day."""
    return service.description


def get_snapshot(service: "QueueService", _query: cmd.GetSnapshot, now: dt.datetime) -> re.Reply:
    """The state of the hall at its seq."""
    hall = service.hall
    return re.Snapshot(
        epoch=hall.epoch,
        seq=hall.seq,
        at=now,
        service_day=hall.day.service_day if hall.day else None,
        services=views.service_statuses(hall, service.forecast),
        counters=[views.counter_status(hall, hall.counters[c]) for c in service.rules.counters],
        calls=views.calls(hall),
        satisfaction=service.satisfaction,
    )


def get_ticket(service: "QueueService", query: cmd.GetTicket, now: dt.datetime) -> re.Reply:
    """One ticket with its place in the line."""
    hall, ticket = service.hall, service.find(query.ticket_id, query.token)
    view = views.ticket_view(hall, ticket, service.forecast, now.timestamp())
    return re.TicketReply(view, hall.seq, hall.counters_to_watch(ticket.service_id))


def get_waiting(service: "QueueService", query: cmd.GetWaiting, now: dt.datetime) -> re.Reply:
    """Whom a counter may call, the next one first."""
    hall, at = service.hall, now.timestamp()
    counter = service.rules.counters[service.counter(query.counter_id).counter_id]
    heads = ranked(service.rules, counter, hall.lines.first(counter.services, query.limit), at)
    tickets = [hall.tickets[head.entry.ticket_id] for head in heads[: query.limit]]
    shown = [views.ticket_view(hall, ticket, service.forecast, at) for ticket in tickets]
    return re.WaitingReply(shown, sum(map(hall.lines.waiting, counter.services)))


def get_devices(service: "QueueService", _query: cmd.GetDevices, _now: dt.datetime) -> re.Reply:
    """All devices ever enrolled."""
    found = service.hall.devices.values()
    return re.DevicesReply([re.DeviceInfo(d.device_id, d.role, d.public_key, d.counter_id, d.revoked) for d in found])


QUERIES: dict[type, Callable[["QueueService", Any, dt.datetime], re.Reply]] = {
    cmd.GetHall: get_hall,
    cmd.GetSnapshot: get_snapshot,
    cmd.GetTicket: get_ticket,
    cmd.GetWaiting: get_waiting,
    cmd.GetDevices: get_devices,
}
