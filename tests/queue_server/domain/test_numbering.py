"""Numbers belong to a service day of the hall's zone."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import Queue
from protocol.errors import NumbersExhausted
from queue_server.domain.numbering import (
    format_number,
    free_numbers,
    free_runs,
    next_midnight,
    next_number,
    numbers_to_reserve,
    numbers_to_void,
    runs_of,
    service_day,
)
from queue_server.domain.rows import Block

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = dt.date(2026, 11, 23)
QUEUE = Queue(id="A", prefix="A", first=1, last=3)
LONG = Queue(id="A", prefix="A", first=1, last=20)


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


@pytest.mark.parametrize("number", [1, 3])
def test_the_first_and_the_last_number_come_again_if_they_were_given_back(number: int) -> None:
    assert next_number(QUEUE, 3, [], [number]) == number
    assert free_numbers(QUEUE, 3, [], [number]) == 1


def test_where_nothing_is_to_be_void_nothing_is() -> None:
    assert numbers_to_void(QUEUE, None, [], 0) == []


# ---- beside the blocks of kiosks ----


def block(first: int, last: int, *used: int, block_id: int = 9) -> Block:
    """A block of the queue for one day; the numbers that are used were handed in."""
    return Block(block_id, "kiosk-1", "A", DAY, first, last, "A", 3, dict.fromkeys(used, 77))


def test_the_series_walks_around_what_kiosks_keep_and_what_they_gave() -> None:
    blocks = [block(4, 6), block(10, 12, 7, 8, 10)]
    given, last = [], None
    while free_numbers(LONG, last, blocks):
        last = next_number(LONG, last, blocks)
        given.append(last)
    assert given == [1, 2, 3, 9, 13, 14, 15, 16, 17, 18, 19, 20]
    with pytest.raises(NumbersExhausted):
        next_number(LONG, last, blocks)


def test_a_block_is_cut_from_the_end_and_leaves_at_least_half() -> None:
    assert numbers_to_reserve(LONG, None, [], 5) == (16, 20)
    assert numbers_to_reserve(LONG, None, [], 200) == (11, 20)
    assert numbers_to_reserve(LONG, 12, [block(16, 20)], 200) == (15, 15)
    assert numbers_to_reserve(LONG, 14, [block(16, 20)], 200) is None
    assert numbers_to_reserve(LONG, None, [], 0) is None


def test_a_new_block_never_holds_a_number_that_another_one_gave() -> None:
    """The kiosk handed in 11 to 13 and gave back all the others: only those are free again."""
    gave_back = block(21, 20, 11, 12, 13)
    assert numbers_to_reserve(LONG, None, [gave_back], 10) == (3, 10)
    assert numbers_to_reserve(LONG, None, [gave_back], 5) == (16, 20)


def test_a_block_that_lies_outside_a_series_made_shorter_keeps_nothing_of_it() -> None:
    shorter = Queue(id="A", prefix="A", first=1, last=10)
    assert free_numbers(shorter, 8, [block(16, 20)]) == 2
    assert numbers_to_reserve(shorter, 2, [block(8, 20)], 4) == (6, 7)


def test_numbers_given_back_from_below_a_used_one_may_be_on_paper_and_stay_kept() -> None:
    gave_back = block(11, 20, 14).returned(18)
    assert [number for number in range(9, 21) if gave_back.after(number) == number] == [9, 10, 15, 16, 17]
    assert gave_back.holds(12)
    assert not gave_back.holds(15)
    assert gave_back.handed_in(12, 99).used[12] == 99


@given(
    spans=st.lists(st.tuples(st.integers(1, 60), st.integers(0, 9)), max_size=6),
    last=st.none() | st.integers(1, 60),
    size=st.integers(0, 30),
    data=st.data(),
)
def test_counting_walking_and_parting_agree(
    spans: list[tuple[int, int]], last: int | None, size: int, data: st.DataObject
) -> None:
    blocks, end = [], 0
    for gap, length in spans:  # blocks never overlap
        first = end + 1 + gap % 7
        end = first + length
        used = data.draw(st.sets(st.integers(first, end), max_size=4))
        blocks.append(block(first, end, *used).returned(data.draw(st.integers(first, end + 1))))
    queue = Queue(id="A", prefix="A", first=1, last=60)
    free, at = [], last
    while free_numbers(queue, at, blocks):
        at = next_number(queue, at, blocks)
        free.append(at)
    kept = {number for one in blocks for first, end in one.stretches for number in range(first, end + 1)}
    assert free == [number for number in range((last or 0) + 1, 61) if number not in kept]
    found = numbers_to_reserve(queue, last, blocks, size)
    parted = list(range(found[0], found[1] + 1)) if found else []
    assert set(parted) <= set(free)
    assert len(parted) <= min(size, len(free) // 2)
    assert parted or not size or len(free) < 2


def test_numbers_that_were_passed_come_when_the_series_is_at_its_end_and_no_other() -> None:
    assert next_number(QUEUE, 1, passed=[1]) == 2
    assert next_number(QUEUE, 3, passed=[2, 1]) == 1
    assert next_number(QUEUE, 3, [block(1, 3)], passed=[2]) == 2
    assert free_numbers(QUEUE, 2, [], passed=[1, 9]) == 2
    with pytest.raises(NumbersExhausted):
        next_number(QUEUE, 3, passed=[4])


def test_one_free_number_between_blocks_is_a_stretch() -> None:
    assert free_runs(QUEUE, None, [block(1, 1), block(3, 3)]) == [(2, 2)]
    assert free_runs(QUEUE, None, []) == [(1, 3)]
    assert free_runs(QUEUE, 3, []) == []


def test_where_no_number_is_free_none_is_reserved() -> None:
    assert numbers_to_reserve(QUEUE, 3, [], 5) is None


def test_of_stretches_that_have_enough_the_highest_is_parted_be_it_the_shorter() -> None:
    queue = Queue(id="A", prefix="A", first=1, last=16)
    assert numbers_to_reserve(queue, None, [block(8, 11)], 5) == (12, 16)
    assert numbers_to_reserve(queue, None, [block(8, 12)], 5) == (3, 7)


# ---- after a restore ----


@pytest.mark.parametrize(
    ("last", "blocks", "count", "given", "voided"),
    [
        (None, [], 5, 0, [(1, 5)]),
        (7, [], 5, 0, [(8, 12)]),
        (None, [], 500, 0, [(1, 10)]),
        (19, [], 5, 0, []),
        (20, [], 5, 0, []),
        (None, [], 0, 0, []),
        (None, [block(4, 6)], 5, 0, [(1, 3), (7, 8)]),
        (7, [], 2, 15, [(8, 15)]),
        (7, [], 2, 8, [(8, 9)]),
        (7, [], 500, 40, [(8, 20)]),
        (7, [block(10, 12)], 0, 14, [(8, 9), (13, 14)]),
        (7, [block(10, 12)], 2, 9, [(8, 9)]),
        (7, [block(10, 12)], 3, 8, [(8, 9), (13, 13)]),
        (7, [block(10, 12)], 1, 9, [(8, 9)]),
    ],
)
def test_the_next_free_numbers_are_voided_half_of_them_at_most_but_all_that_are_known_to_be_on_paper(
    last: int | None, blocks: list[Block], count: int, given: int, voided: list[tuple[int, int]]
) -> None:
    assert numbers_to_void(LONG, last, blocks, count, given) == voided


def test_numbers_are_told_as_stretches() -> None:
    assert runs_of([9, 3, 1, 2, 5]) == [(1, 3), (5, 5), (9, 9)]
    assert runs_of([]) == []


def test_a_service_day_ends_at_the_next_midnight_of_the_hall() -> None:
    now = dt.datetime(2026, 11, 23, 0, 30, tzinfo=dt.UTC)
    assert next_midnight(now, HANOI) == dt.datetime(2026, 11, 23, 17, tzinfo=dt.UTC)


def test_a_refusal_for_want_of_numbers_names_the_queue_and_its_last() -> None:
    with pytest.raises(NumbersExhausted) as refused:
        next_number(QUEUE, 3)
    assert refused.value.facts == {"queue_id": "A", "last": "A3"}
