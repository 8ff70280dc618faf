"""Why him and not me: a call's recorded reason, and how another ticket stood in that moment."""

import datetime as dt
from typing import TYPE_CHECKING

from protocol import errors
from protocol import replies as re
from protocol.events import CallRule
from protocol.words import TicketState
from queue_server import views
from queue_server.desk_view import note_view
from queue_server.domain.calling import Head, weigh
from queue_server.domain.ticket import Ticket

if TYPE_CHECKING:
    from queue_server.service import QueueService

DECIDED_OTHERWISE = {
    CallRule.CHOSEN: "chosen",
    CallRule.RESUMED: "resumed",
    CallRule.FAIR_SHARE: "fair_share",
}
"""Calls that the points did not decide."""


def why(service: "QueueService", ticket_id: int, other_id: int | None) -> re.WhyReply:
    """The reason of a ticket's last call, compared with another ticket if one is named; raises UnknownTicket.

    The comparison reckons with the counter's services as they are now.
    """
    ticket = service.hall.ticket(ticket_id)
    view = views.ticket_view(service.hall, ticket)
    notes = [note_view(note) for note in service.ledger.notes(ticket_id)]
    if other_id is None:
        return re.WhyReply(view, ticket.reason, notes=notes)
    other = service.hall.ticket(other_id)
    shown = views.ticket_view(service.hall, other)
    head = _stood(service, ticket, other)
    if not isinstance(head, Head):
        return re.WhyReply(view, ticket.reason, shown, verdict=head, notes=notes)
    points, over = round(head.points / 60, 2), round(head.over, 2)
    return re.WhyReply(view, ticket.reason, shown, points, over, _verdict(ticket, points, over), notes)


def _stood(service: "QueueService", ticket: Ticket, other: Ticket) -> Head | str:
    """How the other ticket weighed when this one was called, or a code why it could not be called then."""
    if ticket.called_at is None or ticket.counter_id is None or ticket.reason is None:
        raise errors.WrongState(ticket_id=ticket.ticket_id, number=ticket.number, state=ticket.state.value)
    if not _was_waiting(other, ticket.called_at):
        return "not_waiting"
    reach = service.hall.reach(ticket.counter_id)
    if other.service_id not in reach.services and other.target not in reach.mine:
        return "not_served_there"
    if other.target and other.target not in reach.mine:
        return "meant_for_another"
    line = service.hall.line_of(other)
    if line.class_id not in service.rules.head_start:
        return "not_served_there"
    return weigh(service.rules, reach, line, service.hall.entry(other), ticket.called_at.timestamp())


def _was_waiting(other: Ticket, at: dt.datetime) -> bool:
    """Whether a ticket stood in its line at an instant, as far as the ticket itself remembers."""
    if other.issued_at > at:
        return False
    for leg in other.legs:
        if leg.called_at <= at < leg.ended_at:
            return False
    if other.called_at is not None and other.called_at <= at:
        return False
    ended = other.ended_at is not None and other.ended_at <= at
    return not ended and other.state is not TicketState.PARKED


def _verdict(ticket: Ticket, points: float, over: float) -> str:
    reason = ticket.reason
    assert reason is not None
    if reason.rule in DECIDED_OTHERWISE:
        return DECIDED_OTHERWISE[reason.rule]
    if reason.over_limit >= 1.0 and reason.over_limit > over:
        return "over_limit"
    if reason.points > points:
        return "more_points"
    return "earlier_number" if reason.points == points else "rule_changed"
