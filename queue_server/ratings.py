"""When a ticket may be rated, and what a rating adds to the day's tally."""

import datetime as dt

from msgspec.structs import replace

from protocol import errors
from protocol.replies import Satisfaction
from protocol.words import TicketState
from queue_server.domain.rules import Rules
from queue_server.domain.ticket import Ticket

SATISFIED_FROM = 4
"""A rating of at least this counts as satisfied (4 and 5 stars)."""


def refuse_rating(rules: Rules, ticket: Ticket, reasons: list[str], now: dt.datetime) -> None:
    """Raise AlreadyRated, NotYetServed, RatingClosed or UnknownReason if the ticket can't be rated so."""
    if ticket.rated:
        raise errors.AlreadyRated(number=ticket.number)
    if ticket.state is not TicketState.FINISHED or ticket.ended_at is None:
        raise errors.NotYetServed(number=ticket.number, state=ticket.state.value)
    if (now - ticket.ended_at).total_seconds() > rules.rating_seconds:
        raise errors.RatingClosed(number=ticket.number)
    for reason in reasons:
        if reason not in rules.rating_reasons:
            raise errors.UnknownReason(reason=reason)


def counted(tally: Satisfaction, score: int) -> Satisfaction:
    """The tally with one more rating."""
    return replace(tally, ratings=tally.ratings + 1, satisfied=tally.satisfied + (score >= SATISFIED_FROM))
