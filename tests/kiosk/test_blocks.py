"""Which numbers of its own a kiosk may give, and which it can spare."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kiosk.blocks import HeldBlock, block_of, settle
from protocol.replies import NumberBlock

DAY = dt.date(2026, 1, 12)
TOMORROW = dt.date(2026, 1, 13)
HELD = HeldBlock(50, "a", DAY, 800, 999, "aa")
TOLD = NumberBlock(50, "a", DAY, 800, 999, "aa")


def test_a_number_is_given_once_and_in_order() -> None:
    block, given_numbers = replace(HELD, last=803), []
    while block.left:
        given_numbers.append(block.first)
        block = block.without_next()
    assert given_numbers == [800, 801, 802, 803]


def test_a_block_that_was_reserved_for_this_journal_may_be_given() -> None:
    settled = settle([], [TOLD], since_seq=49, today=DAY)
    assert settled.held == [HELD]
    assert settled.skipped == []


def test_of_a_block_from_before_this_journal_nothing_is_given_that_day() -> None:
    settled = settle([], [TOLD], since_seq=50, today=DAY)
    assert [block.block_id for block in settled.skipped] == [50]
    assert block_of(settled.held, "a", DAY) is None
    again = settle(settled.held, [TOLD], since_seq=50, today=DAY)
    assert again.skipped == [], "it is said once"
    assert block_of(again.held, "a", DAY) is None


def test_a_block_for_a_later_day_was_never_given_from() -> None:
    settled = settle([], [replace(TOLD, service_day=TOMORROW)], since_seq=50, today=DAY)
    assert settled.skipped == []
    assert block_of(settled.held, "a", TOMORROW) is not None


def test_both_the_journal_and_the_hall_know_of_numbers_that_are_gone() -> None:
    mine = replace(HELD, first=820)
    assert settle([mine], [TOLD], 49, DAY).held == [mine]
    assert settle([mine], [replace(TOLD, first=830)], 49, DAY).held == [replace(mine, first=830)]


def test_a_block_that_the_hall_holds_no_more_is_given_no_more() -> None:
    assert settle([HELD], [], 49, DAY).held == []


def test_a_block_with_the_id_of_another_life_of_the_hall_is_another_block() -> None:
    """After the hall was restored from a copy, its log counts on from there: another key, another block."""
    settled = settle([replace(HELD, first=900)], [replace(TOLD, key="bb")], since_seq=60, today=DAY)
    assert [block.key for block in settled.skipped] == ["bb"]
    assert block_of(settled.held, "a", DAY) is None


def test_numbers_that_are_gone_stay_gone_when_a_restored_hall_reserves_them_anew() -> None:
    anew = replace(TOLD, block_id=70, key="bb")
    assert settle([replace(HELD, first=820)], [anew], since_seq=60, today=DAY).held[0].first == 820
    assert settle([HELD.nothing_left()], [anew], since_seq=60, today=DAY).held[0].left == 0
    assert settle([replace(HELD, first=820, last=899)], [replace(anew, first=900)], 60, DAY).held[0].first == 900
    assert settle([replace(HELD, first=820)], [replace(anew, queue_id="b")], 60, DAY).held[0].first == 800


@given(left=st.integers(0, 300))
def test_what_is_spared_is_the_lower_half_and_at_last_everything(left: int) -> None:
    block = replace(HELD, first=1000 - left)
    half = block.upper_half()
    assert half.last == block.last
    assert half.left == left // 2


def test_a_block_without_numbers_is_no_block() -> None:
    assert block_of([HELD.nothing_left()], "a", DAY) is None
    assert block_of([HELD], "a", TOMORROW) is None
    assert block_of([HELD], "b", DAY) is None
    assert block_of([HELD], "a", None) is None
