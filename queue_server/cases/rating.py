"""What citizens say back: one rating per served ticket, and requests to be called back."""

import datetime as dt
from typing import TYPE_CHECKING

import msgspec

from protocol import commands as cmd
from protocol import errors
from protocol import events as ev
from protocol import replies as re
from queue_server.cases import Cases
from queue_server.cases.finding import counter_of
from queue_server.domain.cleaning import cleaned
from queue_server.domain.roles import require_leader
from queue_server.domain.rows import Device
from queue_server.domain.ticket import Ticket
from queue_server.ratings import refuse_rating
from queue_server.storage.base import StoredCallback, StoredRating

if TYPE_CHECKING:
    from queue_server.service import QueueService

Rated = cmd.RateTicket | cmd.RateAtCounter


def rate_ticket(service: "QueueService", command: cmd.RateTicket, device: Device, now: dt.datetime) -> re.Reply:
    """Take the one rating of a served ticket, from its citizen's phone."""
    ticket = service.find(None, command.token)
    refuse_rating(service.rules, ticket, command.reasons, command.criteria, now)
    reply = _rate(service, ticket, command, device, now)
    service.marks.note(command.mark, now)
    return reply


def rate_at_counter(service: "QueueService", command: cmd.RateAtCounter, device: Device, now: dt.datetime) -> re.Reply:
    """Take the one rating of the ticket that a counter finished last, from its box or tablet."""
    counter = counter_of(service, command.counter_id)
    ticket = service.hall.ticket(command.ticket_id)
    if counter.last_finished_id != ticket.ticket_id:
        raise errors.NotAtThisCounter(number=ticket.number, counter_id=ticket.counter_id)
    refuse_rating(service.rules, ticket, command.reasons, command.criteria, now)
    return _rate(service, ticket, command, device, now)


def _rate(service: "QueueService", ticket: Ticket, command: Rated, device: Device, now: dt.datetime) -> re.DoneReply:
    """Record that a ticket was rated; the score is kept without it."""
    comment, contact = cleaned(command.comment), command.contact.strip()
    called_back = bool(contact) and service.rules.rating.callbacks
    service.ledger.record(ev.TicketRated(ticket.ticket_id), device.device_id, now)
    rating = StoredRating(
        service.random(16),
        ticket.service_day,
        ticket.service_id,
        ticket.counter_id or "",
        command.score,
        list(command.reasons),
        "" if called_back else comment,  # the same words in two places would join a contact to a score
        ticket.operator_id or "",
        dict(command.criteria),
    )
    service.ledger.rate(rating)
    if service.hall.day is not None and ticket.service_day == service.hall.day.service_day:
        told = service.ratings.add(rating)
        if told is not None:
            service.ledger.tell_tallies(told)
    if called_back:
        _want_callback(service, ticket.service_day, contact, comment)
    return re.DoneReply()


class _Callback(msgspec.Struct):
    """What is sealed."""

    contact: str
    comment: str


def _want_callback(service: "QueueService", service_day: dt.date, contact: str, comment: str) -> None:
    """Keep who wants to be called back and why, sealed and apart from the rating."""
    sealed = service.outside.sealer.seal(msgspec.json.encode(_Callback(contact, comment)))
    service.ledger.want_callback(StoredCallback(service.random(8).hex(), service_day, sealed))


def get_callbacks(service: "QueueService", query: cmd.GetCallbacks, _device: Device, _now: dt.datetime) -> re.Reply:
    """Who wants to be called back, for who leads the hall."""
    require_leader(service.rules, query.operator_id)
    return re.CallbacksReply([_callback(service, stored) for stored in service.ledger.callbacks()])


def _callback(service: "QueueService", stored: StoredCallback) -> re.CallbackInfo:
    """What was sealed; with another key than it was sealed with, nothing can be read."""
    opened = service.outside.sealer.unseal(stored.sealed)
    found = msgspec.json.decode(opened, type=_Callback) if opened else _Callback("", "")
    return re.CallbackInfo(stored.callback_id, stored.service_day, found.contact, found.comment)


def erase_callback(service: "QueueService", command: cmd.EraseCallback, device: Device, now: dt.datetime) -> re.Reply:
    """Erase a request to be called back; the log keeps that one was erased."""
    if command.callback_id not in {stored.callback_id for stored in service.ledger.callbacks()}:
        raise errors.UnknownCallback(callback_id=command.callback_id)
    erased = ev.DataErased("callbacks", 1, None, command.operator_id)
    service.ledger.record(erased, device.device_id, now)
    service.ledger.erase_callback(command.callback_id)
    return re.DoneReply()


def get_comments(service: "QueueService", query: cmd.GetComments, _device: Device, _now: dt.datetime) -> re.Reply:
    """What citizens wrote on a day that is over; the order of random ids tells nothing."""
    require_leader(service.rules, query.operator_id)
    day = service.hall.day
    if day is None or query.service_day >= day.service_day:
        return re.CommentsReply([])
    written = [rating for rating in service.ledger.storage.ratings(query.service_day) if rating.comment]
    written.sort(key=lambda rating: rating.rating_id)
    return re.CommentsReply([re.CommentInfo(rating.service_id, rating.comment) for rating in written])


CASES: Cases = {
    cmd.RateTicket: rate_ticket,
    cmd.RateAtCounter: rate_at_counter,
    cmd.EraseCallback: erase_callback,
}
