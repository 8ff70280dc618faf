"""A vote from a tablet: what its form says, as a command of the hall."""

from starlette.datastructures import FormData

from protocol.commands import RateAtCounter
from web.rating.pairing import Tablet, Tablets

SCORES = {"1", "2", "3", "4", "5"}
REASONS_UP_TO = 3
"""Scores at which reasons are asked for."""
MOST_REASONS = 3
COMMENT_LETTERS = 1000


class NoVote(ValueError):
    """What the page sent is no vote that this tablet may give."""


def read_vote(form: FormData, tablet: Tablet, tablets: Tablets) -> RateAtCounter:
    """The rating that a form gives; raises NoVote."""
    ticket_id = tablets.ticket_of(str(form.get("ballot", "")), tablet)
    score = str(form.get("score", ""))
    if ticket_id is None or score not in SCORES:
        raise NoVote
    low = int(score) <= REASONS_UP_TO
    return RateAtCounter(
        counter_id=tablet.counter_id,
        ticket_id=ticket_id,
        score=int(score),
        reasons=chosen_reasons(form)[:MOST_REASONS] if low else [],
        comment=str(form.get("comment", "")).strip()[:COMMENT_LETTERS] if low else "",
    )


def chosen_reasons(form: FormData) -> list[str]:
    """The reasons that were ticked, each once."""
    found = dict.fromkeys(str(one)[:64] for one in form.getlist("reason"))
    return [one for one in found if one]
