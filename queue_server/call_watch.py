"""Whether the room saw each call: what walls acknowledged, and which calls nobody saw in time; in memory only."""

import datetime as dt
from collections.abc import Iterable, Iterator

from protocol.events import CallSaid, CallShown, CallUnseen, EventBody
from queue_server.domain.hall import Hall
from queue_server.domain.rules import Rules
from queue_server.domain.ticket import Ticket

SEEN_WITHIN = dt.timedelta(seconds=2)
"""A call that no wall showed for so long is told to its counter."""
LOOKED_AFTER = dt.timedelta(minutes=2)
"""An older call is not worth telling any more."""
SHOWING = frozenset({"main", "one_call"})
"""The kinds of displays on which a call must be seen."""

Announcement = tuple[int, dt.datetime]
"""A ticket and the instant of its call or recall."""


class CallWatch:
    """What became of the latest announcement of each ticket in hand; a hall in fast motion needs longer."""

    def __init__(self, seen_within: dt.timedelta = SEEN_WITHIN) -> None:
        self._seen_within = seen_within
        self._shown: dict[int, dt.datetime] = {}
        self._said: dict[int, dt.datetime] = {}
        self._unseen: dict[int, dt.datetime] = {}

    def acknowledge(self, ticket: Ticket, announced_at: dt.datetime, *, said: bool) -> bool:
        """Note that a wall showed (or said) this announcement; whether it is the latest and the first to tell so."""
        kept = self._said if said else self._shown
        if ticket.announced_at != announced_at or kept.get(ticket.ticket_id) == announced_at:
            return False
        kept[ticket.ticket_id] = announced_at
        return True

    def go_back(self, bodies: Iterable[EventBody]) -> None:
        """Know only what these latest events tell: what was noted beside them was not stored."""
        for kept in (self._shown, self._said, self._unseen):
            kept.clear()
        for body in bodies:
            if isinstance(body, CallShown):
                self._shown[body.ticket_id] = body.announced_at
            elif isinstance(body, CallSaid):
                self._said[body.ticket_id] = body.announced_at
            elif isinstance(body, CallUnseen):
                self._unseen[body.ticket_id] = body.announced_at

    def is_unseen(self, ticket: Ticket) -> bool:
        """Whether nobody saw its latest announcement in time, nor since."""
        at = ticket.announced_at
        return at is not None and self._unseen.get(ticket.ticket_id) == at and self._shown.get(ticket.ticket_id) != at

    def missed(self, hall: Hall, began: dt.datetime, now: dt.datetime) -> list[Ticket]:
        """The calls since the server began that no wall showed in time; each is given once."""
        found = [ticket for ticket in _called(hall) if self._is_missed(ticket, hall, began, now)]
        for ticket in found:
            assert ticket.announced_at is not None
            self._unseen[ticket.ticket_id] = ticket.announced_at
        self._forget(hall)
        return found

    def _is_missed(self, ticket: Ticket, hall: Hall, began: dt.datetime, now: dt.datetime) -> bool:
        at = ticket.announced_at
        if at is None or at < began or not self._seen_within <= now - at <= max(LOOKED_AFTER, 2 * self._seen_within):
            return False
        known = (self._shown.get(ticket.ticket_id), self._unseen.get(ticket.ticket_id))
        return at not in known and is_shown_somewhere(hall, ticket.service_id)

    def _forget(self, hall: Hall) -> None:
        for kept in (self._shown, self._said, self._unseen):
            for ticket_id in [ticket_id for ticket_id in kept if ticket_id not in hall.tickets]:
                del kept[ticket_id]


def _called(hall: Hall) -> Iterator[Ticket]:
    for counter in hall.counters.values():
        if counter.ticket_id is not None:
            yield hall.ticket(counter.ticket_id)


def is_shown_somewhere(hall: Hall, service_id: str) -> bool:
    """Whether a display of the hall should show the calls of a service; a hall without walls calls aloud anyway."""
    walls = (device.device_id for device in hall.devices.values() if device.role == "display" and not device.revoked)
    return any(shows(hall.rules, display_id, service_id) for display_id in walls)


def shows(rules: Rules, display_id: str, service_id: str) -> bool:
    """Whether a display shows the calls of a service; one that the hall file does not name shows all."""
    display = rules.displays.get(display_id)
    if display is None:
        return True
    return display.kind in SHOWING and _covers(display.services, service_id)


def _covers(zone: Iterable[str], service_id: str) -> bool:
    services = list(zone)
    return not services or service_id in services
