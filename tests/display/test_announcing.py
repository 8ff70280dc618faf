"""One announcement at a time, everybody once before anybody twice, and nobody who has come already."""

import datetime as dt

from msgspec.structs import replace

from display.announcing import USUAL, Announcing, Why

AT = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)


def said(line: Announcing, now: float) -> tuple[str, int]:
    """Let the next announcement be said: its number and whether it is a repetition."""
    turn = line.next(now)
    assert turn is not None
    assert line.next(now) is None
    line.ended(now)
    return turn.announcement.number, turn.announcement.repetition


def test_the_second_time_comes_after_the_first_of_all_others() -> None:
    line = Announcing(replace(USUAL, repeats=2))
    for ticket_id, number in enumerate(("A001", "A002", "B001")):
        line.call(ticket_id, number, "Quầy 1", AT, 0.0)
    first = [("A001", 0), ("A002", 0), ("B001", 0)]
    assert [said(line, float(at)) for at in range(6)] == [*first, ("A001", 1), ("A002", 1), ("B001", 1)]
    assert line.next(7.0) is None


def test_who_has_come_is_not_called() -> None:
    line = Announcing()
    line.call(1, "A001", "Quầy 1", AT, 0.0)
    line.answered(1)
    assert line.next(0.0) is None
    assert [dropped.why for dropped in line.dropped()] == [Why.ANSWERED]
