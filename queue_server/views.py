"""What devices get to see of the hall: its state turned into replies."""

from config.settings import HallFile
from protocol import replies as re
from protocol.words import TicketState
from queue_server.domain.forecast import Forecast
from queue_server.domain.hall import Counter, Hall
from queue_server.domain.rules import ORDINARY
from queue_server.domain.ticket import Ticket


def hall_reply(file: HallFile) -> re.HallReply:
    """The hall as its file describes it."""
    counters_of = {service.id: [c.id for c in file.counters if service.id in c.services] for service in file.services}
    return re.HallReply(
        hall_id=file.hall.id,
        name=file.hall.name,
        name_en=file.hall.name_en,
        address=file.hall.address,
        zone=file.hall.zone,
        public_url=file.network.public_url,
        hours={day: list(getattr(file.hours, day)) for day in file.hours.__struct_fields__},
        agencies=[re.NamedInfo(a.id, a.name, a.name_en) for a in file.agencies],
        services=[re.ServiceInfo(s.id, s.name, s.name_en, s.agency, s.queue, counters_of[s.id]) for s in file.services],
        counters=[re.CounterInfo(c.id, c.name, list(c.services)) for c in file.counters],
        classes=[
            re.ClassInfo(c.id, c.name, c.name_en, c.sign, c.head_start_minutes, c.limit_minutes) for c in file.classes
        ],
        rating_reasons=[re.NamedInfo(r.id, r.name, r.name_en) for r in file.rating.reasons],
        operator_ids=[operator.id for operator in file.operators],
    )


def ticket_view(hall: Hall, ticket: Ticket, forecast: Forecast | None = None, now: float = 0.0) -> re.TicketView:
    """A ticket as devices see it; with a forecast, its place and waiting range while it waits."""
    waiting = forecast is not None and ticket.state is TicketState.WAITING
    span = forecast.range_of(ticket.ticket_id, now) if forecast and waiting else None
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
    )


def counter_status(hall: Hall, counter: Counter) -> re.CounterStatus:
    """A counter as devices see it."""
    ticket = ticket_view(hall, hall.ticket(counter.ticket_id)) if counter.ticket_id else None
    return re.CounterStatus(counter.counter_id, counter.operator_id is not None, counter.operator_id, ticket)


def service_statuses(hall: Hall, forecast: Forecast) -> list[re.ServiceStatus]:
    """Every service with its waiting people and the ordinary waiting range."""
    return [_service_status(hall, forecast, service_id) for service_id in hall.rules.queue_of]


def _service_status(hall: Hall, forecast: Forecast, service_id: str) -> re.ServiceStatus:
    low, high = forecast.range_for(service_id, ORDINARY) or (None, None)
    open_counters = sum(hall.counters[c].operator_id is not None for c in hall.rules.counters_of[service_id])
    return re.ServiceStatus(service_id, hall.lines.waiting(service_id), open_counters, low, high)


def calls(hall: Hall) -> list[re.TicketView]:
    """The tickets that counters hold, latest call first."""
    held = [hall.ticket(c.ticket_id) for c in hall.counters.values() if c.ticket_id]
    held.sort(key=lambda ticket: (ticket.called_at, ticket.ticket_id), reverse=True)
    return [ticket_view(hall, ticket) for ticket in held]
