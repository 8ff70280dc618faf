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


def next_number(queue: Queue, last: int | None, blocks: Iterable[Block] = (), passed: Iterable[int] = ()) -> int:
    """The next number that no kiosk keeps; raises NumbersExhausted when none is left.

    `last` is the highest number given (None: none yet today), `blocks` are those of the queue for the day, and `passed`
    are numbers below `last` that were given back: they come at the end of the series.
    """
    number = queue.first if last is None else last + 1
    kept = list(blocks)
    while (free := reduce(lambda found, block: block.after(found), kept, number)) != number:
        number = free
    if number > queue.last:
        number = min(_within(queue, passed), default=0)
    if not number:
        raise NumbersExhausted(queue_id=queue.id, last=f"{queue.prefix}{queue.last}")
    return number


def _within(queue: Queue, numbers: Iterable[int]) -> list[int]:
    return [number for number in numbers if queue.first <= number <= queue.last]


def free_numbers(queue: Queue, last: int | None, blocks: Iterable[Block], passed: Iterable[int] = ()) -> int:
    """How many numbers `next_number` can still give, one after the other."""
    first = queue.first if last is None else last + 1
    kept = sum(block.kept_within(first, queue.last) for block in blocks)
    return max(0, queue.last - first + 1 - kept) + len(_within(queue, passed))


def free_runs(queue: Queue, last: int | None, blocks: Iterable[Block]) -> list[tuple[int, int]]:
    """The free numbers as stretches (first and last), the lowest before."""
    runs, first = list[tuple[int, int]](), queue.first if last is None else last + 1
    for start, end in sorted(stretch for block in blocks for stretch in block.stretches):
        if first < start:
            runs.append((first, min(start - 1, queue.last)))
        first = max(first, end + 1)
    return [run for run in [*runs, (first, queue.last)] if run[0] <= run[1]]


def numbers_to_reserve(queue: Queue, last: int | None, blocks: Iterable[Block], size: int) -> tuple[int, int] | None:
    """A new block at the end of a stretch of free numbers, of the highest that has enough.

    At most half of what is free is taken; None if there is too little to part.
    """
    runs = free_runs(queue, last, blocks)
    size = min(size, sum(end - first + 1 for first, end in runs) // 2)
    first, end = max(runs, key=lambda run: (min(size, run[1] - run[0] + 1), run), default=(1, 0))
    size = min(size, end - first + 1)
    return (end - size + 1, end) if size > 0 else None


def numbers_to_void(
    queue: Queue, last: int | None, blocks: Iterable[Block], count: int, given: int = 0
) -> list[tuple[int, int]]:
    """The next `count` free numbers as stretches: a log that was restored may have given them before.

    At most half of what is free, so that the day can go on; but all up to `given`, which is known to be on paper.
    """
    runs = free_runs(queue, last, blocks)
    left = min(count, sum(end - first + 1 for first, end in runs) // 2)
    found = []
    for first, run_end in runs:
        end = min(run_end, max(first + left - 1, given))
        if end >= first:
            found.append((first, end))
            left = max(0, left - (end - first + 1))
    return found


def runs_of(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers as stretches (first and last), the lowest before."""
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if runs and runs[-1][1] == number - 1:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    return runs


def format_number(series: Queue | Block, number: int) -> str:
    """What people see: prefix and digits, as A001."""
    return f"{series.prefix}{number:0{series.digits}d}"
