"""The number that a kiosk gives by itself: the same answer that the hall would give, as far as a kiosk can know it."""

import datetime as dt

from kiosk.blocks import HeldBlock
from kiosk.hall_now import HallNow
from protocol.block_token import make_block_token
from protocol.commands import IssueTicket
from protocol.replies import TicketIssuedReply, TicketView
from protocol.words import TicketState


def own_reply(hall_now: HallNow, command: IssueTicket, block: HeldBlock, at: dt.datetime) -> TicketIssuedReply:
    """The next number of a block; its ticket has no id before it was handed in, and nobody knows how long it waits."""
    hall, queue = hall_now.hall, hall_now.queue(block.queue_id)
    assert hall is not None, "a block is given from only in a hall that is known"
    assert queue is not None, "as above"
    service = hall_now.service(command.service_id)
    token = make_block_token(bytes.fromhex(block.key), block.block_id, block.first)
    ticket = TicketView(
        ticket_id=0,
        number=f"{queue.prefix}{block.first:0{queue.digits}d}",
        service_day=block.service_day,
        service_id=command.service_id,
        class_id=command.class_id,
        state=TicketState.WAITING,
        issued_at=at,
        procedure_code=command.procedure_code,
    )
    counter_ids = service.counter_ids if service else []
    return TicketIssuedReply(ticket, token, f"{hall.public_url.rstrip('/')}/t/{token}", counter_ids)
