"""What a case looks up first: counters, held tickets, persons; each raises the refusal that says what is wrong."""

from typing import TYPE_CHECKING

from protocol import errors
from queue_server.domain.rows import Counter
from queue_server.domain.ticket import IN_HAND, Ticket

if TYPE_CHECKING:
    from queue_server.service import QueueService


def counter_of(service: "QueueService", counter_id: str) -> Counter:
    """A counter of the hall; raises UnknownCounter."""
    if counter_id not in service.rules.counters:
        raise errors.UnknownCounter(counter_id=counter_id)
    return service.hall.counters[counter_id]


def staffed(service: "QueueService", counter_id: str, operator_id: str | None) -> Counter:
    """A counter with somebody at it, and with `operator_id` if one is named; raises CounterNotOpen or LeaseTaken."""
    counter = counter_of(service, counter_id)
    if counter.operator_id is None:
        raise errors.CounterNotOpen(counter_id=counter_id)
    if operator_id not in (None, counter.operator_id):
        raise errors.LeaseTaken(counter_id=counter_id, operator_id=counter.operator_id)
    return counter


def who_at(service: "QueueService", counter_id: str) -> str:
    """Who sits at a counter now: he does what is done there, whoever called its ticket."""
    return counter_of(service, counter_id).operator_id or ""


def idle(service: "QueueService", counter_id: str, operator_id: str | None) -> Counter:
    """A staffed counter that holds no ticket; raises CounterBusy."""
    counter = staffed(service, counter_id, operator_id)
    if counter.ticket_id is not None:
        held = service.hall.ticket(counter.ticket_id)
        raise errors.CounterBusy(counter_id=counter_id, number=held.number, state=held.state.value)
    return counter


def ready(service: "QueueService", counter_id: str, operator_id: str | None) -> Counter:
    """An idle counter that is not paused; raises CounterPaused."""
    counter = idle(service, counter_id, operator_id)
    if counter.paused_reason_id is not None:
        raise errors.CounterPaused(counter_id=counter_id)
    return counter


def held(service: "QueueService", counter_id: str, ticket_id: int, operator_id: str | None = None) -> Ticket:
    """The ticket that a counter believes to hold; raises WrongState or NotAtThisCounter."""
    counter = counter_of(service, counter_id)
    if operator_id is not None:
        staffed(service, counter_id, operator_id)
    ticket = service.hall.ticket(ticket_id)
    if ticket.state not in IN_HAND:
        raise errors.WrongState(ticket_id=ticket_id, number=ticket.number, state=ticket.state.value)
    if counter.ticket_id != ticket_id:
        raise errors.NotAtThisCounter(number=ticket.number, counter_id=ticket.counter_id)
    return ticket


def known_service(service: "QueueService", service_id: str) -> str:
    """A service of the hall; raises UnknownService."""
    if service_id not in service.rules.queue_of:
        raise errors.UnknownService(service_id=service_id)
    return service_id


def known_class(service: "QueueService", class_id: str) -> str:
    """A class of the hall; raises UnknownClass."""
    if class_id not in service.rules.head_start:
        raise errors.UnknownClass(class_id=class_id)
    return class_id
