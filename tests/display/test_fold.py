"""Whatever a real hall does, a wall that listened shows what a wall that starts now would show."""

from hypothesis import given, settings

from display.board import Board
from display.calls import MINIMUM_SECONDS
from tests.display import halls
from tests.display.days import STEPS, Day

Steps = list[tuple[str, str, int, float]]


def shown(board: Board, now: float) -> dict[str, tuple[str, str, bool]]:
    """The calls on a wall, without those that only stay to be seen."""
    calls = [call for call in board.calls(now) if not call.ended]
    return {call.number: (call.counter_id, call.service_id, call.serving) for call in calls}


def waiting(board: Board) -> dict[str, int]:
    return {status.service_id: status.waiting for status in board.services()}


@settings(deadline=None, max_examples=80)
@given(steps=STEPS)
def test_a_wall_that_listened_shows_what_a_wall_that_starts_now_shows(steps: Steps) -> None:
    day, listening, now = Day(), Board(), 0.0
    listening.describe(halls.hall())
    listening.take_snapshot(day.snapshot(), now)
    for step in steps:
        now += 1.0
        for event in day.step(*step):
            listening.take_event(event, now)
        starting, told = Board(), day.snapshot()
        starting.take_snapshot(told, now)
        assert listening.seq == told.seq
        assert waiting(listening) == waiting(starting), step
        assert shown(listening, now) == shown(starting, now), step


@settings(deadline=None, max_examples=50)
@given(steps=STEPS)
def test_what_left_its_counter_is_gone_from_the_wall_soon(steps: Steps) -> None:
    day, board = Day(), Board()
    board.take_snapshot(day.snapshot(), 0.0)
    for step in steps:
        for event in day.step(*step):
            board.take_event(event, 0.0)
    held = {ticket.number for ticket in day.snapshot().calls}
    assert {call.number for call in board.calls(MINIMUM_SECONDS)} <= held
