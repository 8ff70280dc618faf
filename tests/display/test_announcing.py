"""One announcement at a time, everybody once before anybody twice, and nobody who has come already."""

import datetime as dt

import pytest
from msgspec.structs import replace

from display.announcing import EMERGENCY_SECONDS, HURRY_CALLS, USUAL, Announcing, Turn, Why
from protocol.views import VoiceLevel

AT = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)
LATER = AT + dt.timedelta(seconds=30)
HABITS = replace(USUAL, repeats=2, deadline_seconds=60, recall_gap_seconds=5)


@pytest.fixture
def line() -> Announcing:
    return Announcing(HABITS)


def call(line: Announcing, *numbers: str, now: float = 0.0) -> None:
    """Call numbers; a ticket's id is its place in the alphabet of numbers."""
    for number in numbers:
        line.call(ticket(number), number, "Quầy 1", AT, now)


def recall(line: Announcing, number: str, now: float) -> None:
    line.recall(ticket(number), number, "Quầy 2", LATER, now)


def ticket(number: str) -> int:
    return ord(number[0]) * 1000 + int(number[1:])


def begun(line: Announcing, now: float, local: dt.time | None = None) -> Turn:
    """What begins to be said now."""
    turn = line.next(now, local)
    assert turn is not None
    assert line.next(now, local) is None
    return turn


def said(line: Announcing, now: float) -> str:
    """Let the next be said to its end; its number or words, and a `+` for each time before."""
    announcement = begun(line, now).announcement
    assert line.ended(now) == announcement
    return (announcement.number or announcement.texts["vi"]) + "+" * announcement.repetition


def whys(line: Announcing) -> list[tuple[str, Why]]:
    return [(dropped.announcement.number, dropped.why) for dropped in line.dropped()]


# ---- order ----


def test_the_second_time_comes_after_the_first_of_all_others(line: Announcing) -> None:
    call(line, "A001", "A002", "B001")
    assert [said(line, float(at)) for at in range(6)] == ["A001", "A002", "B001", "A001+", "A002+", "B001+"]
    assert line.next(7.0) is None
    assert whys(line) == []


def test_who_is_called_meanwhile_comes_before_the_second_time_of_others(line: Announcing) -> None:
    call(line, "A001")
    assert said(line, 0.0) == "A001"
    call(line, "A002", now=1.0)
    assert [said(line, 2.0) for _ in range(3)] == ["A002", "A001+", "A002+"]


def test_the_supervisor_speaks_before_all_calls_and_once(line: Announcing) -> None:
    call(line, "A001")
    line.speak(7, {"vi": "Xin chú ý"}, 0.0)
    assert [said(line, 0.0) for _ in range(3)] == ["Xin chú ý", "A001", "A001+"]
    assert line.next(1.0) is None


def test_what_the_supervisor_took_back_is_not_said(line: Announcing) -> None:
    line.speak(7, {"vi": "Xin chú ý"}, 0.0)
    line.end(7)
    assert line.next(0.0) is None
    assert whys(line) == [("", Why.ENDED)]


def test_when_many_wait_it_is_said_shorter(line: Announcing) -> None:
    call(line, *(f"A{number:03}" for number in range(HURRY_CALLS + 1)))
    assert [begun_and_ended(line).hurried for _ in range(3)] == [True, False, False]


def begun_and_ended(line: Announcing) -> Turn:
    turn = begun(line, 0.0)
    line.ended(0.0)
    return turn


# ---- emergencies ----


def test_an_emergency_does_not_wait_until_a_call_ends_and_the_call_keeps_its_place(line: Announcing) -> None:
    call(line, "A001", "A002")
    begun(line, 0.0)
    line.emergency(9, {"vi": "Xin ra ngoài"})
    assert line.urgent
    line.interrupted()
    assert said(line, 1.0) == "Xin ra ngoài"
    line.end(9)
    assert [said(line, 2.0) for _ in range(2)] == ["A001", "A002"]


def test_an_emergency_is_said_again_and_no_number_is_called_until_it_is_ended(line: Announcing) -> None:
    call(line, "A001")
    line.emergency(9, {"vi": "Xin ra ngoài"})
    assert said(line, 0.0) == "Xin ra ngoài"
    assert not line.urgent
    assert line.next(EMERGENCY_SECONDS - 1) is None
    assert said(line, EMERGENCY_SECONDS) == "Xin ra ngoài"
    line.end(9)
    assert said(line, EMERGENCY_SECONDS) == "A001"


def test_a_call_that_was_answered_while_an_emergency_cut_it_off_is_not_said_again(line: Announcing) -> None:
    call(line, "A001")
    begun(line, 0.0)
    line.answered(ticket("A001"))
    line.emergency(9, {"vi": "Xin ra ngoài"})
    line.interrupted()
    line.end(9)
    assert line.next(1.0) is None
    assert whys(line) == [("A001", Why.ANSWERED)]


# ---- who needs no voice any more ----


def test_who_has_come_is_not_called(line: Announcing) -> None:
    call(line, "A001", "A002")
    line.answered(ticket("A001"))
    assert said(line, 0.0) == "A002"
    assert whys(line) == [("A001", Why.ANSWERED)]


def test_who_comes_while_his_call_is_said_hears_it_to_its_end_and_not_again(line: Announcing) -> None:
    call(line, "A001")
    begun(line, 0.0)
    line.answered(ticket("A001"))
    assert line.saying is not None
    line.ended(3.0)
    assert line.next(3.0) is None


def test_what_could_not_be_said_before_its_deadline_is_not_said(line: Announcing) -> None:
    call(line, "A001", now=0.0)
    call(line, "A002", now=30.0)
    assert said(line, 60.0) == "A002"
    assert whys(line) == [("A001", Why.LATE)]


# ---- recalls ----


def test_a_recall_just_after_its_announcement_is_dropped_and_the_second_time_still_comes(line: Announcing) -> None:
    call(line, "A001")
    assert said(line, 3.0) == "A001"
    recall(line, "A001", 7.9)
    assert whys(line) == [("A001", Why.TOO_SOON)]
    assert said(line, 8.0) == "A001+"


def test_a_recall_while_its_call_is_being_said_is_dropped(line: Announcing) -> None:
    call(line, "A001")
    begun(line, 0.0)
    recall(line, "A001", 1.0)
    assert whys(line) == [("A001", Why.TOO_SOON)]


def test_a_recall_later_is_said_like_a_call_and_instead_of_the_second_time(line: Announcing) -> None:
    call(line, "A001", "A002")
    assert said(line, 3.0) == "A001"
    recall(line, "A001", 8.0)
    assert [said(line, 9.0) for _ in range(4)] == ["A002", "A001", "A002+", "A001+"]
    assert whys(line) == [("A001", Why.REPLACED)]


def test_a_recall_of_what_was_not_said_yet_is_said_once_in_its_old_place(line: Announcing) -> None:
    call(line, "A001", "A002")
    recall(line, "A001", 50.0)
    turn = begun(line, 50.0)
    assert (turn.announcement.number, turn.announcement.announced_at, turn.announcement.counter_name) == (
        "A001",
        LATER,
        "Quầy 2",
    )
    assert whys(line) == [("A001", Why.REPLACED)]


# ---- loudness ----


def test_the_level_goes_by_the_time_of_day() -> None:
    levels = [VoiceLevel("07:00-11:30", 80), VoiceLevel("20:00-24:00", 0)]
    line = Announcing(replace(HABITS, levels=levels, repeats=1))
    for hour, percent in ((7, 80), (12, 100)):
        call(line, "A001")
        assert begun(line, 0.0, dt.time(hour)).percent == percent
        line.ended(0.0)
    call(line, "A001")
    assert line.next(0.0, dt.time(23, 59)) is None
    assert whys(line) == [("A001", Why.SILENT)]


def test_an_emergency_is_as_loud_as_it_goes() -> None:
    line = Announcing(replace(HABITS, levels=[VoiceLevel("00:00-24:00", 0)]))
    line.emergency(9, {"vi": "Xin ra ngoài"})
    assert begun(line, 0.0, dt.time(3)).percent == 100


@pytest.mark.parametrize("kind", ["spoken", "emergency"])
def test_what_the_supervisor_takes_back_is_broken_off(line: Announcing, kind: str) -> None:
    if kind == "emergency":
        line.emergency(7, {"vi": "Cháy"})
    else:
        line.speak(7, {"vi": "Đóng cửa"}, 0.0)
    call(line, "A001")
    begun(line, 1.0)
    line.end(8)
    assert not line.urgent
    line.end(7)
    assert line.urgent
    line.interrupted()
    assert not line.urgent
    assert said(line, 2.0) == "A001"


def test_a_call_whose_citizen_came_is_said_to_its_end(line: Announcing) -> None:
    call(line, "A001")
    begun(line, 0.0)
    line.answered(ticket("A001"))
    assert not line.urgent
