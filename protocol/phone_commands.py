"""What a citizen's phone may ask of the hall: every command proves by a token which ticket it is about."""

from typing import Annotated

from msgspec import Meta, Struct

from protocol.words import ArrivalCode, Comment, Contact, Criteria, Id, Mark, Reasons, Score, Token


class _Message(Struct, frozen=True, gc=False, tag_field="type", omit_defaults=False):
    """A message that travels with its own name in the field `type`."""


class RateTicket(_Message, frozen=True, tag="rate_ticket"):
    """Give a served ticket its one rating, 1 (worst) to 5 (best).

    `contact`: phone number or address of who wants to be called back, kept apart and sealed. `mark` is only counted.
    """

    token: Token
    score: Score
    reasons: Reasons = []
    comment: Comment = ""
    criteria: Criteria = {}
    contact: Contact = ""
    mark: Mark = ""

    def __repr__(self) -> str:
        """Without the score and what was written: they stand in no log."""
        return "RateTicket()"


class DelayTicket(_Message, frozen=True, tag="delay_ticket"):
    """Let others go first for ten minutes, once: the ticket keeps its place in the line by its original time."""

    token: Token


class BookFromHome(_Message, frozen=True, tag="book_from_home"):
    """Promise a place in today's line to who is not here yet, where the hall allows it; answered by `PlaceReply`."""

    service_id: Id
    class_id: Id = "ordinary"
    mark: Mark = ""


class ConfirmArrival(_Message, frozen=True, tag="confirm_arrival"):
    """Turn a place into a number by the code that a kiosk's screen shows now: who reads it is in the hall."""

    token: Token
    arrival_code: ArrivalCode
    language: Annotated[str, Meta(max_length=8)] = "vi"
