"""What a wall display tells and asks: which calls the room saw and heard, and how satisfied it is."""

import datetime as dt

from msgspec import Struct

from protocol.words import TicketId


class _Message(Struct, frozen=True, gc=False, tag_field="type", omit_defaults=False):
    """A message that travels with its own name in the field `type`."""


class AcknowledgeCall(_Message, frozen=True, tag="acknowledge_call"):
    """Say that a call stood on the wall, or with `said` that it was spoken to its end.

    `announced_at` is the instant of the call or recall (`at` of its event, `announced_at` of the ticket): it tells
    which of a ticket's announcements is meant.
    """

    ticket_id: TicketId
    announced_at: dt.datetime
    said: bool = False


class GetSatisfaction(_Message, frozen=True, tag="get_satisfaction"):
    """Ask how satisfied citizens are, today and over the last days; no group of less than five ratings is told."""
