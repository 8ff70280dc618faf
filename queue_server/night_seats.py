"""Counters that serve past midnight: who sits there and whom they serve when a service day begins.

All others are closed when a day ends, so that a day's rows need nothing else of the days before.
"""

import datetime as dt
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from protocol import codec
from protocol import events as ev
from protocol.words import TicketState
from queue_server.domain.rows import Counter
from queue_server.domain.ticket import Ticket
from queue_server.domain.visit import stays
from queue_server.storage.base import Storage

_TICKETS_LOOKED_AT = 3000
"""The latest before the day: who is served past midnight took a number then, or is served for days on end."""

_OF_COUNTER, _UNDONE = b'"type":"counter_', b'"type":"action_undone"'


class Seat(Struct, frozen=True):
    """A counter as a service day finds it, and the ticket that it serves."""

    counter: Counter
    ticket: Ticket


def seats_before(storage: Storage, service_day: dt.date) -> list[Seat]:
    """The counters that serve while the day begins."""
    span = storage.day_span(service_day)
    if span is None:
        return []
    (first,) = storage.events(span[0], span[0])
    began = codec.decode_event(first.body).at
    tickets = storage.recent_tickets(_TICKETS_LOOKED_AT, before=span[0])
    served = {one.counter_id or "": one for ticket in tickets for one in _as_served_at(ticket, began)}
    return list(_seats(storage, service_day, served)) if served else []


def _as_served_at(ticket: Ticket, began: dt.datetime) -> Iterator[Ticket]:
    """The ticket as it was in service when the day began, if it was."""
    for stay in stays(ticket):
        if stay.serving_at and stay.serving_at < began and (stay.ended_at is None or stay.ended_at >= began):
            where = {"counter_id": stay.counter_id, "operator_id": stay.operator_id, "called_at": stay.called_at}
            when = {"serving_at": stay.serving_at, "ended_at": None}
            yield replace(ticket, state=TicketState.SERVING, **where, **when)


def _seats(storage: Storage, service_day: dt.date, served: dict[str, Ticket]) -> Iterator[Seat]:
    """With whom sits there, as the last events of each counter before the day tell."""
    told: dict[str, Counter] = {}
    for day in reversed([day for day in storage.days() if day < service_day]):
        if served.keys() <= told.keys():
            break
        for counter_id, counter in _staffed(storage, day).items():
            told.setdefault(counter_id, counter)
    for counter_id, ticket in served.items():
        counter = told.get(counter_id, Counter(counter_id, ticket.operator_id))
        yield Seat(replace(counter, ticket_id=ticket.ticket_id), ticket)


def _staffed(storage: Storage, day: dt.date) -> dict[str, Counter]:
    """Of the counters that were opened on a day: who opened them last, and whether they paused since."""
    found: dict[str, Counter] = {}
    for body in _of_seats(storage, day):
        match body:
            case ev.CounterOpened():
                found[body.counter_id] = Counter(body.counter_id, body.operator_id)
            case ev.CounterPaused() if body.counter_id in found:
                found[body.counter_id] = replace(found[body.counter_id], paused_reason_id=body.reason_id)
            case ev.CounterContinued() if body.counter_id in found:
                found[body.counter_id] = replace(found[body.counter_id], paused_reason_id=None)
    return found


def _of_seats(storage: Storage, day: dt.date) -> list[ev.EventBody]:
    """What was done to the counters of a day, but for what was undone."""
    found: dict[int, ev.EventBody] = {}
    span = storage.day_span(day)
    for stored in storage.events(*span) if span else ():
        if _OF_COUNTER not in stored.body and _UNDONE not in stored.body:
            continue
        body = codec.decode_event(stored.body).body
        if isinstance(body, ev.ActionUndone):
            undone = range(body.first_seq, body.last_seq + 1)
            found = {seq: one for seq, one in found.items() if seq not in undone or _counter(one) != body.counter_id}
        else:
            found[stored.seq] = body
    return list(found.values())


def _counter(body: ev.EventBody) -> str | None:
    return getattr(body, "counter_id", None)
