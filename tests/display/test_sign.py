"""What a counter's sign says as its counter's day goes on."""

from typing import Any

import pytest
from msgspec.structs import replace

from display.board import Board
from display.sign import Sign, SignState, compose_sign
from protocol import events as ev
from protocol import replies as re
from protocol.words import DisplayKind
from tests.display import halls
from tests.display.halls import called, event

OPENED = ev.CounterOpened("3", "cb01")
KIND: DisplayKind = "counter"


def hall(officers: bool = False, counter_id: str | None = "3") -> re.HallReply:
    return replace(
        halls.hall(),
        displays=[re.DisplayInfo("sign", KIND, counter_id=counter_id)],
        wall=re.WallHabits(8, officers, by_counter=False),
        operators=[re.OperatorInfo("cb01", "Nông Thị Bích Phượng")],
        pause_reasons=[re.NamedInfo("break", "Nghỉ giải lao", "Break")],
    )


def told(*bodies: ev.EventBody, of: re.HallReply | None = None) -> Board:
    board = Board("sign")
    board.describe(of or hall())
    board.take_snapshot(halls.snapshot(), 0.0)
    for place, body in enumerate(bodies):
        board.take_event(event(101 + place, body), 0.0)
    return board


def sign(*bodies: ev.EventBody, now: float = 0.0, **fields: Any) -> Sign:
    board = told(*bodies, of=hall(**fields))
    return compose_sign(board, board.counters, now)


def test_a_call_asks_the_citizen_to_come_in_both_languages() -> None:
    shown = sign(OPENED, called(7, "A015", "3"))
    assert (shown.state, shown.number, shown.counter) == (SignState.CALLED, "A015", "Quầy 3")
    assert shown.more == ("Mời số A015 đến Quầy 3", "Number A015, please come to counter 3")
    assert shown.blinks


def test_a_call_for_another_counter_is_not_on_this_sign() -> None:
    assert sign(OPENED, called(7, "A015", "4")).state is SignState.FREE


@pytest.mark.parametrize(
    ("bodies", "state", "number"),
    [
        ([], SignState.CLOSED, ""),
        ([OPENED], SignState.FREE, ""),
        ([OPENED, ev.CounterPaused("3", "cb01", "break")], SignState.PAUSED, ""),
        ([OPENED, called(7, "A015", "3"), ev.ServingStarted(7, "A015", "ho-tich", "3")], SignState.SERVING, "A015"),
        ([OPENED, ev.ServingStarted(7, "HS-001", "ho-tich", "3", directly=True)], SignState.BUSY, ""),
        ([OPENED, called(7, "A015", "3"), ev.TicketFinished(7, "A015", "ho-tich", "3")], SignState.FREE, ""),
        ([OPENED, ev.CounterClosed("3", "cb01")], SignState.CLOSED, ""),
    ],
)
def test_the_sign_follows_its_counter(bodies: list[ev.EventBody], state: SignState, number: str) -> None:
    shown = sign(*bodies)
    assert (shown.state, shown.number) == (state, number)


def test_a_pause_says_why_and_what_to_do() -> None:
    more = sign(OPENED, ev.CounterPaused("3", "cb01", "break")).more
    assert more[0] == "Nghỉ giải lao. Quý khách vui lòng chờ, hoặc đến quầy hướng dẫn."
    assert more[1].startswith("Break. ")


def test_a_pause_for_a_reason_that_the_hall_does_not_name_says_what_to_do() -> None:
    assert sign(OPENED, ev.CounterPaused("3", "cb01", "?")).more[0].startswith("Quý khách vui lòng chờ")


def test_the_officer_is_named_only_where_the_hall_wants_it() -> None:
    assert sign(OPENED, officers=True).officer == "Cán bộ: Nông Thị Bích Phượng"
    assert sign(OPENED, officers=False).officer == ""
    assert sign(ev.CounterOpened("3", "cb99"), officers=True).officer == ""
    assert sign(officers=True).officer == ""


def test_the_services_of_the_counter_take_turns() -> None:
    named = {sign(OPENED, now=second).services for second in (0.0, 5.0, 10.0, 15.0)}
    assert len(named) == 4
    assert all(name in " · ".join(named) for name in halls.NAMES.values())


def test_services_assigned_for_today_stand_on_the_sign_and_whom_it_takes() -> None:
    assigned = ev.ServicesAssigned("3", ["ket-qua"], "priority", "90")
    assert sign(OPENED, assigned).services == "Chỉ nhận đối tượng ưu tiên · Nhận kết quả"
    assert sign(OPENED, ev.ServicesAssigned("3", ["ket-qua"], "all", "90")).services == "Nhận kết quả"


def test_a_sign_of_no_counter_says_so() -> None:
    assert sign(counter_id=None).state is SignState.NOBODY


def test_a_counter_without_number_in_its_name_keeps_its_name_in_english() -> None:
    named = replace(hall(), counters=[re.CounterInfo("3", "Bàn hướng dẫn", [])])
    board = told(OPENED, called(7, "A015", "3"), of=named)
    assert compose_sign(board, board.counters, 0.0).more == (
        "Mời số A015 đến Bàn hướng dẫn",
        "Number A015, please come to Bàn hướng dẫn",
    )
