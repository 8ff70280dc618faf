"""What devices get to see of the hall: its state turned into replies."""

import datetime as dt

from protocol import replies as re
from protocol.words import TicketState
from queue_server.domain.forecast import Forecast
from queue_server.domain.hall import Hall
from queue_server.domain.issuing import door
from queue_server.domain.rows import Counter
from queue_server.domain.rules import ORDINARY
from queue_server.domain.ticket import Ticket
from queue_server.domain.visit import is_served


def clock_range(
    hall: Hall, forecast: Forecast, service_id: str, class_id: str, now: dt.datetime
) -> tuple[int, int] | None:
    """The waiting range in minutes of who takes a number now, breaks included; None if nobody can say."""
    span = forecast.range_for(service_id, class_id)
    return _with_breaks(hall, span, now) if span else None


def _with_breaks(hall: Hall, span: tuple[int, int], now: dt.datetime) -> tuple[int, int]:
    """A range of minutes of work as minutes by the clock."""
    low, high = (hall.rules.hours.after_working(now, minutes * 60) - now for minutes in span)
    return int(low.total_seconds() // 60), -int(-high.total_seconds() // 60)


def ticket_view(
    hall: Hall, ticket: Ticket, forecast: Forecast | None = None, now: dt.datetime | None = None
) -> re.TicketView:
    """A ticket as devices see it; with a forecast, its place and waiting range while it waits."""
    waiting = forecast is not None and ticket.state is TicketState.WAITING
    span = forecast.range_of(ticket.ticket_id, now.timestamp()) if forecast and waiting and now else None
    span = _with_breaks(hall, span, now) if span and now else None
    return re.TicketView(
        ticket_id=ticket.ticket_id,
        number=ticket.number,
        service_day=ticket.service_day,
        service_id=ticket.service_id,
        class_id=ticket.class_id,
        state=ticket.state,
        issued_at=ticket.issued_at,
        people_ahead=hall.people_ahead(ticket) if waiting else None,
        wait_low_minutes=span[0] if span else None,
        wait_high_minutes=span[1] if span else None,
        counter_id=ticket.counter_id,
        called_at=ticket.called_at,
        serving_at=ticket.serving_at,
        finished_at=ticket.ended_at,
        recalls=ticket.recalls,
        rated=ticket.rated,
        procedure_code=ticket.procedure_code,
        origin=ticket.origin,
        operator_id=ticket.operator_id,
        announced_at=ticket.announced_at,
        slot_at=ticket.slot_at,
        returned=ticket.returned,
        parked_until=ticket.parked_until,
        to_counter_id=ticket.to_counter_id,
        to_operator_id=ticket.to_operator_id,
        return_to_counter_id=ticket.return_to_counter_id,
        performed=ticket.performed,
        times_wrong=ticket.times_wrong,
        claim_valid=ticket.claim_valid,
        come_back_until=ticket.come_back_until,
        notes=ticket.notes,
        rule=ticket.reason.rule if ticket.reason else None,
        delayed=ticket.delayed,
    )


def counter_status(hall: Hall, counter: Counter, connected: bool = True) -> re.CounterStatus:
    """A counter as devices see it."""
    return re.CounterStatus(
        counter_id=counter.counter_id,
        open=counter.operator_id is not None,
        operator_id=counter.operator_id,
        ticket=ticket_view(hall, hall.ticket(counter.ticket_id)) if counter.ticket_id else None,
        since=counter.since,
        paused_reason_id=counter.paused_reason_id,
        connected=connected,
        asks_next=counter.asks_next,
        service_ids=counter.service_ids or [],
        takes=counter.takes,
        alarm_at=counter.alarm_at,
        rateable_id=_rateable(hall, counter),
    )


def _rateable(hall: Hall, counter: Counter) -> int | None:
    last = hall.ended.get(counter.last_finished_id or 0)
    return last.ticket_id if last is not None and is_served(last) and not last.rated else None


def service_statuses(hall: Hall, forecast: Forecast, now: dt.datetime) -> list[re.ServiceStatus]:
    """Every service with its waiting people, the ordinary waiting range and its door."""
    return [service_status(hall, forecast, service_id, now) for service_id in hall.rules.queue_of]


def service_status(hall: Hall, forecast: Forecast, service_id: str, now: dt.datetime) -> re.ServiceStatus:
    """A service as devices see it."""
    low, high = clock_range(hall, forecast, service_id, ORDINARY, now) or (None, None)
    counters = [hall.counters[counter_id] for counter_id in hall.counters_of(service_id)]
    open_counters = sum(counter.operator_id is not None for counter in counters)
    found = door(hall, forecast, service_id, ORDINARY, now)
    waiting = hall.lines.waiting(service_id)
    return re.ServiceStatus(service_id, waiting, open_counters, low, high, found.issuing, found.reason, found.opens_at)


def calls(hall: Hall) -> list[re.TicketView]:
    """The tickets that counters hold, latest call first."""
    held = [hall.ticket(c.ticket_id) for c in hall.counters.values() if c.ticket_id]
    held.sort(key=lambda ticket: (ticket.called_at, ticket.ticket_id), reverse=True)
    return [ticket_view(hall, ticket) for ticket in held]
