"""What stands where: rows, pages, words and figures."""

import datetime as dt

import pytest
from msgspec import structs

from display import wording
from display.board import Board
from display.paging import PAGE_SECONDS, turn
from display.wall import Shape, compose
from protocol import replies as re
from tests.display import halls
from tests.display.halls import called, event, snapshot

LYING = Shape(rows=5, columns=2, services=5)
UPRIGHT = Shape(rows=4, columns=1, services=3)


def busy(calls: int = 14) -> Board:
    board = Board()
    board.describe(halls.hall())
    board.take_snapshot(halls.busy(calls), 0.0)
    return board


def numbers(board: Board, now: float, shape: Shape = LYING) -> list[str]:
    return [row.number for row in compose(board, now, shape).rows]


def test_calls_that_fit_are_all_shown_without_a_page_mark() -> None:
    wall = compose(busy(10), 1.0, LYING)
    assert len(wall.rows) == 10
    assert wall.calls_page == ""


def test_the_newest_calls_stay_while_the_older_turn_their_pages() -> None:
    first, second = numbers(busy(), 1.0), numbers(busy(), 1.0 + PAGE_SECONDS)
    assert first[:5] == second[:5]
    assert first[5:] != second[5:]
    assert len({*first, *second}) == 14


def test_every_call_comes_on_within_one_round_of_pages() -> None:
    board, seen = busy(), set()
    for page in range(5):
        seen |= set(numbers(board, page * PAGE_SECONDS, UPRIGHT))
    assert len(seen) == 14


def test_a_page_with_a_blinking_call_is_not_turned_away() -> None:
    board = busy()
    for place in range(8):
        board.take_event(event(101 + place, called(200 + place, f"Z{place:03}", "1")), PAGE_SECONDS)
    for now in (PAGE_SECONDS, PAGE_SECONDS + 1, PAGE_SECONDS + 2.9):
        assert numbers(board, now)[:5] == ["Z007", "Z006", "Z005", "Z004", "Z003"]
        assert {"Z000", "Z001", "Z002"} <= set(numbers(board, now))


def test_a_row_says_number_counter_service_and_what_is_asked_for() -> None:
    board = busy(0)
    board.take_event(event(101, called(200, "A015", "12")), 5.0)
    [row] = compose(board, 5.1, LYING).rows
    assert (row.number, row.counter, row.service, row.status) == ("A015", "12", "Hộ tịch", "Mời đến quầy")
    assert row.awaited
    assert row.lit


def test_a_call_of_a_priority_class_bears_its_sign_and_an_ordinary_one_none() -> None:
    board = busy(0)
    for at, (ticket_id, class_id) in enumerate([(200, "elderly"), (201, "ordinary"), (202, "")]):
        board.take_event(event(101 + at, structs.replace(called(ticket_id, "A015", "1"), class_id=class_id)), 5.0)
    assert [row.sign for row in compose(board, 5.1, LYING).rows] == ["", "", "CT"]


def test_what_the_room_had_too_little_time_to_see_stays_while_the_others_turn_their_pages() -> None:
    board = busy(14)
    board.take_event(event(101, called(200, "Z001", "1")), 1.0)
    board.take_event(event(102, called(201, "Z002", "1")), 1.0)
    for now in (1.0, 1.0 + PAGE_SECONDS, 8.9):
        assert numbers(board, now, UPRIGHT)[:2] == ["Z002", "Z001"]
    after = 9.0
    assert {tuple(numbers(board, after + page * PAGE_SECONDS, UPRIGHT)[:1]) for page in range(5)} == {("Z002",)}
    assert any("Z001" not in numbers(board, after + page * PAGE_SECONDS, UPRIGHT) for page in range(5))


def test_the_last_page_is_as_full_as_the_others() -> None:
    assert turn([1, 2, 3, 4, 5], 3, PAGE_SECONDS).items == [3, 4, 5]


def test_only_services_somebody_waits_for_are_listed_in_pages() -> None:
    board = busy()
    wall = compose(board, 0.0, LYING)
    assert [(row.service, row.count, row.span) for row in wall.waiting[:2]] == [
        ("Đất đai (đăng ký, biến động, cấp đổi)", "12", "5–10 phút"),
        ("Hộ tịch", "3", "10–15 phút"),
    ]
    assert wall.waiting_page == "1/2"
    board.take_snapshot(snapshot(services=[re.ServiceStatus("ho-tich", 0, 2, 0, 5)]), 1.0)
    assert compose(board, 1.0, LYING).waiting == []


@pytest.mark.parametrize(
    ("low", "high", "open_counters", "said"),
    [
        (10, 15, 2, "10–15 phút"),
        (None, 15, 2, "0–15 phút"),
        (15, 15, 1, "khoảng 15 phút"),
        (None, None, 1, ""),
        (5, 10, 0, "Chưa có quầy mở"),
    ],
)
def test_the_waiting_range_in_words(low: int | None, high: int | None, open_counters: int, said: str) -> None:
    assert wording.span(re.ServiceStatus("x", 1, open_counters, low, high)) == said


@pytest.mark.parametrize(
    ("satisfied", "ratings", "said"),
    [
        (0, 0, ("", "Chưa có đánh giá")),
        (3, 3, ("100%", "3 lượt đánh giá hôm nay")),
        (1999, 2000, ("99%", "2.000 lượt đánh giá hôm nay")),
        (1, 2, ("50%", "2 lượt đánh giá hôm nay")),
    ],
)
def test_satisfaction_in_words(satisfied: int, ratings: int, said: tuple[str, str]) -> None:
    assert wording.satisfaction(re.Satisfaction(ratings, satisfied, 9)) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [("Quầy 12", "12"), ("quầy số 3", "3"), ("Quầy Thuế", "Thuế"), ("Quầy", "Quầy"), ("Bàn 4", "Bàn 4")],
)
def test_a_counter_under_its_head_needs_no_word_for_counter(name: str, said: str) -> None:
    assert wording.counter(name) == said


def test_the_rule_tells_the_head_start_of_this_hall() -> None:
    some = [re.ClassInfo("ordinary", "", "", "", 0, None), re.ClassInfo("elderly", "", "", "", 15, None)]
    assert "sớm hơn 15 phút" in wording.rule(some)[0]
    assert "tối đa 20 phút" in wording.rule([*some, re.ClassInfo("merit", "", "", "", 20, None)])[0]
    assert wording.rule(some[:1]) == ("Ai đến trước được phục vụ trước.", "First come, first served.")


def test_a_page_is_never_empty() -> None:
    assert turn([], 5, 99.0).items == []
    assert turn([1, 2, 3], 0, 7.0).pages == 3
    assert wording.date(dt.date(2026, 11, 22)) == "Chủ nhật, 22/11/2026"


def test_a_picture_with_room_for_one_call_turns_through_all() -> None:
    board, one = busy(3), Shape(rows=1, columns=1, services=1)
    seen = [numbers(board, page * PAGE_SECONDS, one) for page in range(3)]
    assert len({*seen[0], *seen[1], *seen[2]}) == 3
