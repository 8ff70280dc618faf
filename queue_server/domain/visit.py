"""What a ticket says of its citizen's visit: the stays at counters, and how long each part took."""

import datetime as dt

from msgspec import Struct

from protocol.words import Origin, TicketState
from queue_server.domain.ticket import Ticket


class Stay(Struct, frozen=True, gc=False):
    """One stay at a counter: called, perhaps served, ended in some way (`end` None: not yet)."""

    service_id: str
    counter_id: str
    operator_id: str
    called_at: dt.datetime
    serving_at: dt.datetime | None
    ended_at: dt.datetime | None
    end: TicketState | None


def is_visit(ticket: Ticket) -> bool:
    """Whether a ticket stands for a citizen, and not for an item without one or a number that nobody ever held."""
    return ticket.origin is not Origin.BACK_OFFICE and not ticket.withdrawn


def is_served(ticket: Ticket) -> bool:
    """Whether a citizen was served to the end: only then somebody may say how it was."""
    return ticket.state is TicketState.FINISHED and is_visit(ticket)


def stays(ticket: Ticket) -> list[Stay]:
    """A visit's stays in order, the last one perhaps still going on."""
    found = [
        Stay(leg.service_id, leg.counter_id, leg.operator_id, leg.called_at, leg.serving_at, leg.ended_at, leg.end)
        for leg in ticket.legs
    ]
    if ticket.called_at is not None and ticket.counter_id is not None:
        end = None if ticket.live else ticket.state
        last = ticket.called_at, ticket.serving_at, ticket.ended_at, end
        found.append(Stay(ticket.service_id, ticket.counter_id, ticket.operator_id or "", *last))
    return found


def first_wait(ticket: Ticket) -> float | None:
    """Minutes from issue to the first call (from the slot of a kept appointment, if that is later).

    None: nobody was called, nobody had to wait, or the times are known to be wrong.
    """
    if ticket.origin in (Origin.DIRECT, Origin.BACK_OFFICE) or ticket.times_wrong:
        return None
    called_at = ticket.legs[0].called_at if ticket.legs else ticket.called_at
    if called_at is None:
        return None
    since = max(ticket.issued_at, ticket.slot_at) if ticket.on_time and ticket.slot_at else ticket.issued_at
    return max(0.0, (called_at - since).total_seconds() / 60)
