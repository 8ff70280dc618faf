"""One call of a day, real or rehearsed, and what it cost those who had waited longer."""

from collections.abc import Mapping

from msgspec import Struct

from queue_server.domain.calling import heads_for, lines_for
from queue_server.domain.line import Entry, LineKey, Lines
from queue_server.domain.rules import Reach, Rules
from queue_server.domain.ticket import Ticket

APPOINTMENT, RETURNED = "appointment", "returned"
"""The groups of those who kept an appointment and of those who came back into the line."""


class Called(Struct, frozen=True, gc=False):
    """A ticket's call at `at` (Unix seconds), and by how many seconds others were overtaken, per group."""

    ticket_id: int
    number: str
    counter_id: str
    at: float
    group: str
    wait: float
    """Seconds since it came into the line, or since its appointment."""
    target: float
    own: bool
    """Whether it was of the counter's own field."""
    overtaken: Mapping[str, float]


def call_of(
    rules: Rules, reach: Reach, lines: Lines, ticket: Ticket, key: LineKey, entry: Entry, times: "Times"
) -> Called:
    """The record of a call, with the lines as they are once its ticket has left them."""
    since = max(times.entered, entry.waited_since) if key.kind == APPOINTMENT else times.entered
    return Called(
        ticket.ticket_id,
        ticket.number,
        reach.counter_id,
        times.called,
        group_of(key),
        max(0.0, times.called - since),
        rules.target.get(key.service_id, 0.0),
        key.service_id in reach.own,
        _overtaken(rules, reach, lines, entry),
    )


class Times(Struct, frozen=True, gc=False):
    """When a ticket came into its line and when it was called; Unix seconds."""

    entered: float
    called: float


def can_call(rules: Rules, reach: Reach, lines: Lines) -> bool:
    """Whether anybody waits for a counter."""
    return next(iter(lines_for(rules, reach, lines)), None) is not None


def known(rules: Rules, ticket: Ticket) -> bool:
    """Whether the hall file knows a ticket's service and class."""
    return ticket.service_id in rules.queue_of and ticket.class_id in rules.head_start


def group_of(key: LineKey) -> str:
    """The group in which a ticket's wait is counted: its class, or how it came into the line."""
    return key.class_id if key.kind == "walk_in" else key.kind


def _overtaken(rules: Rules, reach: Reach, lines: Lines, called: Entry) -> dict[str, float]:
    """By how much the called ticket went before those who had waited longer for the same counter."""
    most: dict[str, float] = {}
    for key, entry in heads_for(rules, reach, lines):
        seconds = called.waited_since - entry.waited_since
        if seconds > 0:
            most[group_of(key)] = max(seconds, most.get(group_of(key), 0.0))
    return most
