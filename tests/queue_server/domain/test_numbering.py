"""Numbers belong to a service day of the hall's zone."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from config.settings import Queue
from protocol.errors import NumbersExhausted
from queue_server.domain.numbering import format_number, next_number, service_day

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
QUEUE = Queue(id="A", prefix="A", first=1, last=3)


def test_a_series_begins_with_its_first_number_and_counts_on() -> None:
    assert [next_number(QUEUE, last) for last in (None, 1, 2)] == [1, 2, 3]
    assert format_number(QUEUE, 7) == "A007"


def test_a_series_that_is_used_up_is_refused() -> None:
    with pytest.raises(NumbersExhausted):
        next_number(QUEUE, 3)


@pytest.mark.parametrize(
    ("utc", "day"),
    [("2026-11-22T16:59:59", "2026-11-22"), ("2026-11-22T17:00:00", "2026-11-23"), ("2026-12-31T17:00", "2027-01-01")],
)
def test_the_service_day_turns_at_midnight_of_the_halls_zone(utc: str, day: str) -> None:
    now = dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)
    assert service_day(now, HANOI).isoformat() == day
