"""Which events of the log tell of a service day: its own, and those of later days about its numbers."""

import datetime as dt
import itertools
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from protocol import codec
from protocol import events as ev
from queue_server.storage.base import Storage


class _Ticket(Struct):
    ticket_id: int = 0


class _Body(_Ticket):
    type: str = ""
    service_day: str = ""
    tickets: list[_Ticket] = []


class _About(Struct):
    """What an event is about; to read no more of it is many times as quick."""

    seq: int
    body: _Body


_about = msgspec.json.Decoder(_About).decode


def service_days(storage: Storage, first: dt.date = dt.date.min, last: dt.date = dt.date.max) -> list[dt.date]:
    """The service days of the log in a stretch, oldest first.

    Among them those that the server slept through, while kiosks gave numbers that were handed in later.
    """
    known = storage.days()
    if not known:
        return []
    first, last = max(first, known[0]), min(last, known[-1])
    every = (first + dt.timedelta(days=place) for place in range((last - first).days + 1))
    held = set(known)
    return [day for day in every if day in held or storage.late_events(day)]


def events_of(storage: Storage, service_day: dt.date) -> Iterator[ev.Event]:
    """The events of a day, and those of later days that tell of its numbers."""
    span = storage.day_span(service_day)
    stored = [storage.events(*span)] if span else []
    later = sorted({*storage.late_events(service_day), *events_after(storage, service_day)})
    stored += [storage.events(seq, seq) for seq in later]
    return (codec.decode_event(event.body) for event in itertools.chain.from_iterable(stored))


def events_after(storage: Storage, service_day: dt.date) -> list[int]:
    """The events of later days about citizens whom the server knew on this one: still served when it ended, or flagged.

    The day after is read whole, later ones as far as the log says that one of them was moved.
    """
    span = storage.day_span(service_day)
    if span is None:
        return []
    day, tickets, last = service_day.isoformat(), set[int](), span[1]
    for about in _read(storage, *span):
        if about.body.type == "ticket_issued" and about.body.service_day == day:
            tickets.add(about.body.ticket_id)
    moved = (ticket.moved_seq for ticket in map(storage.ticket, tickets) if ticket is not None)
    until = max([last, _end_of_next_day(storage, service_day), *moved])
    told = (about for about in _read(storage, last + 1, until) if about.body.type != "ticket_rated")
    return [about.seq for about in told if _ids(about) & tickets]


def _end_of_next_day(storage: Storage, service_day: dt.date) -> int:
    later = [day for day in storage.days() if day > service_day]
    span = storage.day_span(later[0]) if later else None
    return span[1] if span else 0


def _read(storage: Storage, first: int, last: int) -> Iterator[_About]:
    return (_about(event.body) for event in storage.events(first, last)) if first <= last else iter(())


def _ids(about: _About) -> set[int]:
    return {about.body.ticket_id, *(ticket.ticket_id for ticket in about.body.tickets)}
