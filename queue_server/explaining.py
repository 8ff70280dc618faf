"""Why him and not me: a call's recorded reason, and how another ticket stood in that moment."""

import datetime as dt
from typing import TYPE_CHECKING

from msgspec.structs import replace

from protocol import errors
from protocol import replies as re
from protocol.events import CallRule
from protocol.words import TicketState
from queue_server import views
from queue_server.desk_view import note_view
from queue_server.domain.calling import Head, weigh
from queue_server.domain.ticket import Ticket
from queue_server.domain.visit import Stay, stays

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
    call = _last_call(ticket)
    head = _stood(service, call, other)
    if not isinstance(head, Head):
        return re.WhyReply(view, ticket.reason, shown, verdict=head, notes=notes)
    points, over = round(head.points / 60, 2), round(head.over, 2)
    verdict = _verdict(ticket, points, over)
    if verdict == "rule_changed" and _may_have_been_away(other, call.called_at):
        verdict = "not_waiting"
    return re.WhyReply(view, ticket.reason, shown, points, over, verdict, notes)


def _last_call(ticket: Ticket) -> Stay:
    """The stay for which a ticket was called last; raises WrongState if it never was."""
    every = stays(ticket)
    if not every or ticket.reason is None:
        raise errors.WrongState(ticket_id=ticket.ticket_id, number=ticket.number, state=ticket.state.value)
    return every[-1]


def _stood(service: "QueueService", call: Stay, other: Ticket) -> Head | str:
    """How the other ticket weighed at a call, or a code why it could not be called then."""
    was = _as_it_waited(other, call.called_at)
    if was is None:
        return "not_waiting"
    reach = service.hall.reach(call.counter_id)
    if was.service_id not in reach.services and was.target not in reach.mine:
        return "not_served_there"
    if was.target and was.target not in reach.mine:
        return "meant_for_another"
    line = service.hall.line_of(was)
    if line.class_id not in service.rules.head_start:
        return "not_served_there"
    return weigh(service.rules, reach, line, service.hall.entry(was), call.called_at.timestamp())


def _as_it_waited(ticket: Ticket, at: dt.datetime) -> Ticket | None:
    """The ticket as it stood in its line at an instant, as far as it remembers; None: it did not wait then."""
    every = stays(ticket)
    before = [stay for stay in every if stay.called_at <= at]
    after = [stay for stay in every if stay.called_at > at]
    at_a_counter = any(stay.ended_at is None or at < stay.ended_at for stay in before)
    over = ticket.ended_at is not None and ticket.ended_at <= at
    set_aside = ticket.state is TicketState.PARKED and not after
    if ticket.issued_at > at or at_a_counter or over or set_aside:
        return None
    was = replace(ticket, returned=bool(before))
    return replace(was, service_id=after[0].service_id, to_counter_id=None, to_operator_id=None) if after else was


def _may_have_been_away(ticket: Ticket, at: dt.datetime) -> bool:
    """Whether a ticket's last stay before an instant ended so that only the log knows when it waited again."""
    before = [stay for stay in stays(ticket) if stay.called_at <= at]
    return bool(before) and before[-1].end is not TicketState.WAITING


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
