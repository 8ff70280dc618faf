"""Numbers of a service day: each queue counts its own series, and a day's start sets all back.

From the end of each series kiosks hold blocks of numbers that they may give while the server is away.
"""

import datetime as dt
from collections.abc import Iterable
from functools import reduce
from zoneinfo import ZoneInfo

from config.settings import Queue
from protocol.errors import NumbersExhausted
from queue_server.domain.rows import Block


def service_day(now: dt.datetime, zone: ZoneInfo) -> dt.date:
    """The hall's calendar day of an aware instant."""
    return now.astimezone(zone).date()


def next_midnight(now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """When the service day of an aware instant ends, in UTC."""
    tomorrow = service_day(now, zone) + dt.timedelta(days=1)
    return dt.datetime.combine(tomorrow, dt.time(), zone).astimezone(dt.UTC)


def next_number(queue: Queue, last: int | None, blocks: Iterable[Block] = ()) -> int:
    """The next number that no kiosk keeps; raises NumbersExhausted at the end of the series.

    `last` is the number given last (None: none yet today), `blocks` are those of the queue for the day.
    """
    number = queue.first if last is None else last + 1
    kept = list(blocks)
    while (free := reduce(lambda found, block: block.after(found), kept, number)) != number:
        number = free
    if number > queue.last:
        raise NumbersExhausted(queue_id=queue.id, last=f"{queue.prefix}{queue.last}")
    return number


def free_numbers(queue: Queue, last: int | None, blocks: Iterable[Block]) -> tuple[int, int]:
    """The first and last of the numbers that are still free below all blocks; none left: the first is the greater."""
    first = queue.first if last is None else last + 1
    return first, min([queue.last, *(block.first - 1 for block in blocks if block.first <= block.last)])


def numbers_to_reserve(queue: Queue, last: int | None, blocks: Iterable[Block], size: int) -> tuple[int, int] | None:
    """A new block at the end of the free numbers, at most half of them; None if there are too few to part."""
    first, end = free_numbers(queue, last, blocks)
    size = min(size, (end - first + 1) // 2)
    return (end - size + 1, end) if size > 0 else None


def format_number(queue: Queue, number: int) -> str:
    """What people see: prefix and digits, as A001."""
    return f"{queue.prefix}{number:0{queue.digits}d}"
