"""What the browser asks, as a command of the hall; the counter always comes from the session."""

from typing import Annotated, Literal

import msgspec

from protocol.commands import CallNext, CancelTicket, Command, FinishTicket, MarkNoShow, RecallTicket, StartServing
from protocol.words import RequestId

Deed = Literal["call_next", "recall_ticket", "start_serving", "finish_ticket", "mark_no_show", "cancel_ticket"]


class NotAnOrderError(ValueError):
    """What the browser sent is no order."""


class Order(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A press of a button: `request_id` is made with it and kept when it is sent again."""

    request_id: RequestId
    do: Deed
    ticket_id: Annotated[int, msgspec.Meta(ge=1)] | None = None


_decoder = msgspec.json.Decoder(Order)


def read_order(body: bytes) -> Order:
    """Read an order; raises NotAnOrderError, also when the ticket is missing."""
    try:
        order = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise NotAnOrderError(str(fault)) from fault
    if order.do != "call_next" and order.ticket_id is None:
        raise NotAnOrderError("ticket_id is missing")
    return order


def command_of(order: Order, counter_id: str) -> Command:
    """The command of an order at the session's counter."""
    ticket_id = order.ticket_id or 0
    match order.do:
        case "call_next":
            return CallNext(counter_id)
        case "recall_ticket":
            return RecallTicket(counter_id, ticket_id)
        case "start_serving":
            return StartServing(counter_id, ticket_id)
        case "finish_ticket":
            return FinishTicket(counter_id, ticket_id)
        case "mark_no_show":
            return MarkNoShow(counter_id, ticket_id)
        case "cancel_ticket":
            return CancelTicket(ticket_id=ticket_id)
