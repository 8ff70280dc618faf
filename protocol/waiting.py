"""Who waits where, as the log tells it: for every screen that counts between the server's own counts."""

from protocol import events as ev
from protocol.words import Origin, TicketState

_UNSEEN = (Origin.DIRECT, Origin.BACK_OFFICE)
"""Tickets that begin at a counter never waited, although their issue is in the log."""


def waiting_changes(body: ev.EventBody) -> list[tuple[str, int]]:
    """The services in which more or fewer people wait after an event, and how many."""
    match body:
        case ev.TicketIssued(service_id=service_id, origin=origin):
            return [] if origin in _UNSEEN else [(service_id, 1)]
        case ev.TicketCalled(service_id=service_id):
            return [] if body.reason.rule is ev.CallRule.RESUMED else [(service_id, -1)]
        case ev.TicketCancelled(service_id=service_id, state_before=TicketState.WAITING):
            return [(service_id, -1)]
        case ev.TicketDelayed(service_id=service_id):
            return [(service_id, -1)]
        case ev.TicketRestored(service_id=service_id) | ev.TicketReturned(service_id=service_id):
            return [(service_id, 1)]
        case ev.TicketTransferred():
            return _moved(body.service_id, body.state_before, body.to_service_id, body.state)
        case ev.ActionUndone(tickets=tickets):
            return [change for undone in tickets for change in _taken_back(undone)]
    return []


def _taken_back(undone: ev.UndoneTicket) -> list[tuple[str, int]]:
    before = undone.service_id_before or undone.service_id
    return _moved(before, undone.state_before, undone.service_id, undone.state)


def _moved(service_id: str, before: TicketState, to_service_id: str, after: TicketState) -> list[tuple[str, int]]:
    left = [(service_id, -1)] if before is TicketState.WAITING else []
    came = [(to_service_id, 1)] if after is TicketState.WAITING else []
    return left + came
