"""Numbers of a service day: each queue counts its own series, and a day's start sets all back."""

import datetime as dt
from zoneinfo import ZoneInfo

from config.settings import Queue
from protocol.errors import NumbersExhausted


def service_day(now: dt.datetime, zone: ZoneInfo) -> dt.date:
    """The hall's calendar day of an aware instant."""
    return now.astimezone(zone).date()


def next_midnight(now: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """When the service day of an aware instant ends, in UTC."""
    tomorrow = service_day(now, zone) + dt.timedelta(days=1)
    return dt.datetime.combine(tomorrow, dt.time(), zone).astimezone(dt.UTC)


def next_number(queue: Queue, last: int | None) -> int:
    """The number after `last` (None: none yet today); raises NumbersExhausted at the end of the series."""
    number = queue.first if last is None else last + 1
    if number > queue.last:
        raise NumbersExhausted(queue_id=queue.id, last=f"{queue.prefix}{queue.last}")
    return number


def format_number(queue: Queue, number: int) -> str:
    """What people see: prefix and digits, as A001."""
    return f"{queue.prefix}{number:0{queue.digits}d}"
