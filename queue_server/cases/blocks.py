"""Blocks of numbers that kiosks hold for when the server is away: reserved, and given back when they are short."""

import datetime as dt
import itertools
from typing import TYPE_CHECKING

from config.settings import Queue
from protocol import commands as cmd
from protocol import errors
from protocol import events as ev
from protocol import replies as re
from queue_server.cases import Cases
from queue_server.domain import numbering
from queue_server.domain.rows import Block, Device
from queue_server.domain.token import block_key

if TYPE_CHECKING:
    from queue_server.service import QueueService

FREE_LEFT = (30, 20, 10)
"""With so many free numbers left of a queue, kiosks are asked to give some of theirs back."""
FEW = 5
"""With so few or fewer they are asked each time: whatever else takes numbers, none is refused unasked."""


def reserve_numbers(
    service: "QueueService", _command: cmd.ReserveNumbers, device: Device, now: dt.datetime
) -> re.Reply:
    """Give the kiosk a block of every queue for today and the next day of work, unless it holds one.

    Who was away when numbers were needed is told of it now.
    """
    days = _days(service, now)
    for day, queue in itertools.product(days, service.rules.queues.values()):
        held = service.hall.blocks_of(queue.id, day)
        mine = [block for block in held if block.kiosk_id == device.device_id and _looks_right(service, block)]
        if not any(block.numbers_left for block in mine):
            _reserve(service, queue, day, held, device, now, again=bool(mine))
        if _free(service, queue.id, day) <= FEW:
            _need(service, queue.id, day, device, now)
    found = [block for block in service.hall.blocks.values() if block.kiosk_id == device.device_id]
    to_give = [block for block in found if block.service_day in days and block.numbers_left]
    return re.BlocksReply([_view(service, block) for block in to_give if _looks_right(service, block)])


def _looks_right(service: "QueueService", block: Block) -> bool:
    """Whether a block's numbers look as those of its queue do: only then may a kiosk go on giving them."""
    queue = service.rules.queues.get(block.queue_id)
    return queue is not None and (queue.prefix, queue.digits) == (block.prefix, block.digits)


def _days(service: "QueueService", now: dt.datetime) -> list[dt.date]:
    """Today and the next day of work, also while the clock is put back behind today."""
    assert service.hall.day is not None, "numbers are reserved only within a service day"
    today, hours = service.hall.day.service_day, service.rules.hours
    opening = hours.next_opening_day(max(now, hours.at(today, "00:00")))
    return [today, *([hours.local_day(opening)] if opening else [])]


def _reserve(
    service: "QueueService",
    queue: Queue,
    day: dt.date,
    held: list[Block],
    device: Device,
    now: dt.datetime,
    *,
    again: bool,
) -> None:
    """Reserve a block; who used or gave back his gets another one only where numbers abound."""
    size = service.kiosk.block_size
    numbers = numbering.numbers_to_reserve(queue, _last(service, queue, day), held, size)
    if numbers is not None and not (again and numbers[1] - numbers[0] + 1 < size):
        block_id = service.hall.seq + 1
        body = ev.NumbersReserved(block_id, device.device_id, queue.id, day, *numbers, queue.prefix, queue.digits)
        service.ledger.record(body, device.device_id, now)


def _last(service: "QueueService", queue: Queue, day: dt.date) -> int | None:
    today = service.hall.day
    return today.last_numbers.get(queue.id) if today and today.service_day == day else None


def _view(service: "QueueService", block: Block) -> re.NumberBlock:
    """A block as its kiosk sees it: from the first number on that is surely not on paper yet."""
    key = block_key(service.ledger.storage.token_key, service.hall.epoch_of(block.block_id), block.block_id).hex()
    return re.NumberBlock(block.block_id, block.queue_id, block.service_day, block.next, block.last, key)


def ask_for_numbers(service: "QueueService", queue_id: str, device: Device, now: dt.datetime) -> None:
    """Tell the kiosks, shortly before a queue's free numbers end, that some of theirs are needed."""
    day = service.hall.day
    assert day is not None, "numbers are given only within a service day"
    free = _free(service, queue_id, day.service_day)
    if free in FREE_LEFT or free <= FEW:
        _need(service, queue_id, day.service_day, device, now)


def _free(service: "QueueService", queue_id: str, day: dt.date) -> int:
    queue, today = service.rules.queues[queue_id], service.hall.day
    passed = today.passed.get(queue_id, []) if today and today.service_day == day else []
    return numbering.free_numbers(queue, _last(service, queue, day), service.hall.blocks_of(queue_id, day), passed)


def _need(service: "QueueService", queue_id: str, day: dt.date, device: Device, now: dt.datetime) -> None:
    if any(block.numbers_left for block in service.hall.blocks_of(queue_id, day)):
        service.ledger.record(ev.NumbersNeeded(queue_id, day), device.device_id, now)


def return_numbers(service: "QueueService", command: cmd.ReturnNumbers, device: Device, now: dt.datetime) -> re.Reply:
    """Let the kiosk hold only what begins at `first`; what it held so already is nothing to do."""
    block = own_block(service, command.block_id, device)
    if command.first > block.last + 1:
        raise errors.NotInBlock(block_id=block.block_id, count=command.first)
    if command.first > block.first:
        service.ledger.record(ev.NumbersReturned(block.block_id, command.first), device.device_id, now)
    return re.DoneReply()


def own_block(service: "QueueService", block_id: int, device: Device) -> Block:
    """A block that the device holds; raises UnknownBlock."""
    block = service.hall.blocks.get(block_id)
    if block is None or block.kiosk_id != device.device_id:
        raise errors.UnknownBlock(block_id=block_id)
    return block


CASES: Cases = {cmd.ReserveNumbers: reserve_numbers, cmd.ReturnNumbers: return_numbers}
