"""The command `verify`: the log's chain is unbroken, and the log adds up to the state that is stored."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from msgspec import Struct

from protocol import codec
from protocol.errors import MotcuaError
from protocol.events import DayStarted, EpochStarted, Event, EventBody
from queue_server.domain.chain import START, link
from queue_server.domain.folding import apply
from queue_server.domain.hall import Hall
from queue_server.domain.rules import Rules
from queue_server.domain.ticket import Ticket
from queue_server.storage.base import Storage, StoredEvent

_UNREADABLE = (*codec.UNREADABLE, KeyError, ValueError, TypeError)
"""What reading raises where a flipped bit lies in a value, a name or a type."""


class Broken(MotcuaError):
    """The log or the state is not what it must be; the message says where."""


def verify(storage: Storage) -> int:
    """The number of events of a sound log; raises Broken at the first fault."""
    tickets: dict[int, Ticket] = {}
    rows: dict[str, Struct] = {}
    days: dict[dt.date, int] = {}
    hall = Hall(Rules(), tickets.get)  # adding up a log needs no rule: what was decided is written in it
    for event in _chained(storage):
        body = _apply(hall, event)
        if isinstance(body, DayStarted):
            days.setdefault(body.service_day, event.seq)
        tickets.update(hall.changes.tickets)
        for key, row in hall.changes.rows.items():
            rows.pop(key, None)
            if row is not None:
                rows[key] = row
        hall.settle()
    if hall.seq and hall.epoch != storage.epoch:
        raise Broken(f"epoch {storage.epoch}: the log goes on with epoch {hall.epoch}")
    _compare("ticket", tickets, _stored_tickets(storage))
    _compare("row", rows, _stored_rows(storage))
    _compare("ticket", *(dict.fromkeys(ids, "live") for ids in (hall.tickets, _live(storage))))
    _compare("day", days, _stored_days(storage))
    rated = Counter(ticket.service_day for ticket in tickets.values() if ticket.rated)
    _compare("ratings of", {day: rated[day] for day in days}, {day: _count_ratings(storage, day) for day in days})
    return hall.seq


def check_chain(storage: Storage, first_seq: int = 1) -> int:
    """The last seq of a log whose chain holds from `first_seq` on; raises Broken at the first fault."""
    checked = first_seq - 1
    for event in _chained(storage, first_seq):
        checked = event.seq
    return checked


def _stored_tickets(storage: Storage) -> dict[int, Ticket]:
    found: dict[int, Ticket] = {}
    try:
        found.update((ticket.ticket_id, ticket) for ticket in storage.tickets())
    except _UNREADABLE as fault:
        raise Broken(f"ticket after {max(found, default=0)}: its row can't be read: {fault}") from fault
    return found


def _stored_days(storage: Storage) -> dict[dt.date, int]:
    try:
        return {day: (storage.day_span(day) or (0, 0))[0] for day in storage.days()}
    except _UNREADABLE as fault:
        raise Broken(f"day: one can't be read: {fault}") from fault


def _count_ratings(storage: Storage, day: dt.date) -> int:
    try:
        return len(storage.ratings(day))
    except _UNREADABLE as fault:
        raise Broken(f"ratings of {day}: one can't be read: {fault}") from fault


def _live(storage: Storage) -> list[int]:
    return [ticket.ticket_id for ticket in storage.load().tickets]


def _stored_rows(storage: Storage) -> dict[str, Struct]:
    try:
        return storage.rows()
    except _UNREADABLE as fault:
        raise Broken(f"row: one can't be read: {fault}") from fault


def _chained(storage: Storage, first_seq: int = 1) -> Iterator[StoredEvent]:
    """The events from a seq on, each checked to follow the one before."""
    before = next(iter(storage.events(first_seq - 1, first_seq - 1)), None) if first_seq > 1 else None
    expected_seq, previous = first_seq, before.hash if before else START
    for event in storage.events(first_seq):
        if event.seq != expected_seq:
            raise Broken(f"event {expected_seq} is missing: the log goes on with {event.seq}")
        if not isinstance(event.body, bytes):
            raise Broken(f"event {event.seq}: its body is no bytes any more")
        previous = link(previous, event.body)
        if previous != event.hash:
            raise Broken(f"event {event.seq}: its hash does not fit; it or its hash was changed")
        expected_seq += 1
        yield event


def _apply(hall: Hall, stored: StoredEvent) -> EventBody:
    try:
        event = codec.decode_event(stored.body)
        if event.seq != stored.seq or not _is_of_its_epoch(hall, event):
            raise Broken(f"event {stored.seq}: it says of itself that it is {event.seq} of epoch {event.epoch}")
        apply(hall, event)
    except (*_UNREADABLE, MotcuaError, AssertionError) as fault:
        if isinstance(fault, Broken):
            raise
        raise Broken(f"event {stored.seq}: it can't have happened: {fault!r}") from fault
    return event.body


def _is_of_its_epoch(hall: Hall, event: Event) -> bool:
    """Whether an event goes on with the epoch, or begins one that the log did not have and knows the one before."""
    if not isinstance(event.body, EpochStarted):
        return event.epoch == hall.epoch
    return event.body.previous == (hall.epoch or None) and event.epoch not in {one.epoch for one in hall.epochs}


def _compare(kind: str, added_up: dict, stored: dict) -> None:  # type: ignore[type-arg]
    for key in sorted(added_up.keys() | stored.keys(), key=str):
        if added_up.get(key) != stored.get(key):
            raise Broken(f"{kind} {key}: {_difference(added_up.get(key), stored.get(key))}")


def _difference(added_up: object, stored: object) -> str:
    """What differs; of two rows of a kind only the fields that do."""
    if not (isinstance(added_up, Struct) and type(added_up) is type(stored)):
        return f"the log adds up to {added_up}, stored is {stored}"
    names = [name for name in added_up.__struct_fields__ if getattr(added_up, name) != getattr(stored, name)]
    return ", ".join(
        f"the log adds up to {name} {getattr(added_up, name)!r}, stored is {getattr(stored, name)!r}" for name in names
    )
