"""The hall as its head sees it: counters, services, alerts, devices, the day by hour."""

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from protocol import replies as re
from protocol.words import Origin, TicketState
from queue_server import views
from queue_server.alerts import alerts_of, rating_alerts, urgent_first
from queue_server.desk_view import newest_first, waits
from queue_server.domain.forecast import Forecast
from queue_server.domain.numbering import service_day
from queue_server.domain.quantile import quantile
from queue_server.domain.ticket import Ticket
from queue_server.domain.visit import first_wait, is_visit

if TYPE_CHECKING:
    from queue_server.service import QueueService

TICKETS_SHOWN = 300
K = TypeVar("K", int, str)


def overview_of(service: "QueueService", now: dt.datetime) -> re.OverviewReply:
    """The whole hall at one seq."""
    hall = service.hall
    live = sorted(hall.tickets.values(), key=lambda ticket: ticket.ticket_id)
    today = hall.day.service_day if hall.day else None
    # who was still being served at midnight belongs to the day before
    every = [ticket for ticket in (*live, *hall.ended.values()) if ticket.service_day == today]
    missed = newest_first([t for t in hall.ended.values() if t.state is TicketState.NO_SHOW])
    of_service = _by(every, lambda ticket: ticket.service_id)
    services = [_service(service, name, of_service.get(name, []), now) for name in service.rules.queue_of]
    counters = [service.counter_status(counter, now) for counter in hall.counters.values()]
    devices = _devices(service)
    alerts = alerts_of(service.rules, counters, services, devices, now, hall, service.began or now)
    alerts += service.health.troubles
    alerts += rating_alerts(service.ratings, service.marks, service.rules, hall, now)
    return re.OverviewReply(
        epoch=hall.epoch,
        seq=hall.seq,
        at=now,
        closes_at=service.rules.hours.closes_at(now),
        counters=counters,
        services=services,
        alerts=urgent_first(alerts),
        devices=devices,
        hours=_hours(service, every),
        today=_tally(service, every),
        satisfaction=service.satisfaction,
        tickets=[views.ticket_view(hall, ticket) for ticket in live[:TICKETS_SHOWN]],
        missed=[views.ticket_view(hall, ticket) for ticket in missed[:TICKETS_SHOWN]],
        counter_count=hall.day.counter_count if hall.day else None,
    )


def _by(tickets: list[Ticket], group: Callable[[Ticket], K]) -> dict[K, list[Ticket]]:
    found: dict[K, list[Ticket]] = {}
    for ticket in tickets:
        found.setdefault(group(ticket), []).append(ticket)
    return found


def _service(service: "QueueService", service_id: str, mine: list[Ticket], now: dt.datetime) -> re.ServiceOverview:
    target = service.rules.target[service_id] / 60
    called = [wait for ticket in mine if (wait := first_wait(ticket)) is not None]
    waited = waits(service, service_id, now)
    return re.ServiceOverview(
        status=views.service_status(service.hall, service.forecast, service_id, now),
        longest_minutes=max(waited, default=0.0),
        late=sum(minutes > target for minutes in waited),
        called=len(called),
        within_target=round(sum(wait <= target for wait in called) / len(called), 3) if called else None,
        finished=sum(ticket.state is TicketState.FINISHED and is_visit(ticket) for ticket in mine),
        no_shows=sum(ticket.state is TicketState.NO_SHOW for ticket in mine),
        last_called_at=_last_called(service, service.forecast, mine, now),
    )


def _last_called(
    service: "QueueService", forecast: Forecast, mine: list[Ticket], now: dt.datetime
) -> dt.datetime | None:
    """When the last who waits now would be called."""
    minutes = [forecast.tickets.get(ticket.ticket_id, 0.0) for ticket in mine if ticket.state is TicketState.WAITING]
    if not minutes or max(minutes) == 0.0:
        return None
    made_at = dt.datetime.fromtimestamp(forecast.made_at, dt.UTC)
    return service.rules.hours.after_working(min(made_at, now), max(minutes) * 60)


def _devices(service: "QueueService") -> list[re.DeviceHealth]:
    active = [device for device in service.hall.devices.values() if not device.revoked]
    return [
        re.DeviceHealth(
            device.device_id,
            device.role,
            service.heard.get(device.device_id),
            device.troubles,
            device.suspended,
            device.reason,
            device.counter_id,
        )
        for device in active
    ]


def _hours(service: "QueueService", every: list[Ticket]) -> list[re.HourWaits]:
    """Each hour in which numbers were issued: how many, and how long those of that hour waited."""
    zone = service.rules.zone
    by_hour = _by([*filter(is_visit, every)], lambda ticket: ticket.issued_at.astimezone(zone).hour)
    return [_hour(hour, by_hour.get(hour, [])) for hour in range(min(by_hour, default=0), max(by_hour, default=-1) + 1)]


def _hour(hour: int, tickets: list[Ticket]) -> re.HourWaits:
    waited = [wait for ticket in tickets if (wait := first_wait(ticket)) is not None]
    return re.HourWaits(hour, len(tickets), len(waited), quantile(waited, 0.5), quantile(waited, 0.9))


def _tally(service: "QueueService", every: list[Ticket]) -> re.DayTally:
    hall, visits = service.hall, [ticket for ticket in every if is_visit(ticket)]
    today = hall.day.service_day if hall.day else None
    called = [ticket for ticket in visits if ticket.reason is not None]
    appointments = {a.appointment_id: a for a in hall.appointments.values() if a.booked_at is None}  # not from home

    def count(state: TicketState) -> int:
        return sum(ticket.state is state for ticket in visits)

    return re.DayTally(
        issued=len(visits),
        waiting=count(TicketState.WAITING),
        parked=count(TicketState.PARKED),
        called=len(called),
        finished=count(TicketState.FINISHED),
        no_shows=count(TicketState.NO_SHOW),
        cancelled=count(TicketState.CANCELLED),
        transferred=sum(any(leg.end is TicketState.WAITING for leg in ticket.legs) for ticket in visits),
        priority_calls=sum(service.rules.is_priority(ticket.class_id) for ticket in called),
        claims_checked=sum(ticket.claim_valid is not None for ticket in visits),
        claims_false=sum(ticket.claim_valid is False for ticket in visits),
        come_backs_granted=sum(ticket.come_back_until is not None for ticket in visits),
        come_backs_used=sum(ticket.origin is Origin.COME_BACK for ticket in visits),
        appointments=sum(_day_of(service, claim.slot_at) == today for claim in appointments.values()),
        checked_in=sum(ticket.claim_id in appointments for ticket in visits),
    )


def _day_of(service: "QueueService", instant: dt.datetime) -> dt.date:
    return service_day(instant, service.rules.zone)
