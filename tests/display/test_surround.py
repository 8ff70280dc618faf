"""What stands around every kind: names, clock, age of the data, bottom line, notices and emergencies."""

import datetime as dt

import pytest
from msgspec.structs import replace

from display.board import Board, Freshness
from display.surround import Surround, surround
from protocol import events as ev
from protocol.replies import AnnouncementInfo, DisplayInfo, HallReply, WallHabits
from protocol.words import AnnouncementKind, DisplayKind
from tests.display import halls
from tests.display.halls import AT, event

ME = "display-1"


def board(hall: HallReply | None = None, *announced: AnnouncementInfo) -> Board:
    found = Board(ME)
    found.describe(hall or halls.hall())
    found.take_snapshot(replace(halls.busy(2), announcements=list(announced)), 0.0)
    return found


def listed(kind: DisplayKind = "main", *service_ids: str, habits: WallHabits | None = None) -> HallReply:
    return replace(halls.hall(), displays=[DisplayInfo(ME, kind, list(service_ids))], wall=habits)


def info(
    number: int, kind: AnnouncementKind, text: str, *, until: dt.datetime | None = None, on: str = ""
) -> AnnouncementInfo:
    return AnnouncementInfo(number, kind, text, f"{text} (en)", AT, until, [on] if on else [], False)


def said(found: Board, now: float = 0.0) -> Surround:
    return surround(found, now)


def test_the_header_holds_hall_clock_and_date() -> None:
    around = said(board())
    assert around.hall[0] == "Trung tâm Phục vụ hành chính công tỉnh Cao Bằng"
    assert (around.clock, around.date) == ("08:12", "Thứ Hai, 12/01/2026")


@pytest.mark.parametrize(
    ("age", "mark", "words"),
    [(2.0, "", ""), (4.0, "Chậm 4 giây", ""), (16.0, "Chậm 16 giây", "16 giây"), (600.0, "Chậm 10 phút", "600 giây")],
)
def test_every_display_tells_the_age_of_its_data(age: float, mark: str, words: str) -> None:
    around = said(board(), age)
    assert around.age_mark == mark
    assert words in around.age_words[0]
    assert bool(words) == bool(around.age_words[0])


def test_data_older_than_a_minute_are_lost_and_nothing_heard_yet_is_connecting() -> None:
    assert said(board(), 61.0).freshness is Freshness.LOST
    assert not said(board(), 61.0).connecting
    assert said(Board(ME)).connecting


def test_a_display_of_some_services_names_them_and_one_of_all_does_not() -> None:
    assert said(board(listed("main", "ho-tich", "chung-thuc"))).zone == "Lĩnh vực: Hộ tịch · Chứng thực"
    assert said(board(listed("main"))).zone == ""


def test_the_bottom_line_tells_the_rule_then_what_the_hall_file_says() -> None:
    habits = WallHabits(8, False, False, ["Giữ trật tự", "Nghỉ trưa 11:30"], ["Please be quiet"])
    lines = said(board(listed(habits=habits))).lines
    assert lines[0][0].startswith("Ai đến trước được phục vụ trước.")
    assert lines[1:] == [("Giữ trật tự", "Please be quiet"), ("Nghỉ trưa 11:30", "")]


def test_a_display_that_calls_nobody_tells_no_rule() -> None:
    assert said(board(listed("satisfaction"))).lines == []


def test_each_announcement_stands_where_its_kind_belongs_the_newest_first() -> None:
    found = board(None, info(1, "announcement", "một"), info(2, "announcement", "hai"), info(3, "ticker", "ba"))
    around = said(found)
    assert around.notices == [("hai", "hai (en)"), ("một", "một (en)")]
    assert around.lines[0] == ("ba", "ba (en)")
    assert around.emergencies == []


def test_an_emergency_comes_by_event_and_goes_when_it_is_ended() -> None:
    found = board()
    found.take_event(event(101, ev.AnnouncementMade(101, "emergency", "Cháy!", "90")), 1.0)
    assert said(found, 1.0).emergencies == [("Cháy!", "")]
    found.take_event(event(102, ev.AnnouncementEnded(101, "90")), 2.0)
    assert said(found, 2.0).emergencies == []


def test_an_announcement_ends_by_itself_at_its_time_also_when_nothing_is_heard_any_more() -> None:
    found = board(None, info(1, "announcement", "một", until=AT + dt.timedelta(seconds=90)))
    assert said(found, 89.0).notices
    assert not said(found, 90.0).notices


def test_an_announcement_for_other_displays_is_not_shown() -> None:
    found = board(None, info(1, "announcement", "một", on="display-2"), info(2, "announcement", "hai", on=ME))
    assert [text for text, _ in said(found).notices] == ["hai"]


def test_a_display_that_is_not_listed_is_a_silent_main_board_of_all_services() -> None:
    found = Board("another")
    found.describe(replace(listed("summary", "ho-tich"), displays=[DisplayInfo(ME, "summary", ["ho-tich"])]))
    assert (found.info.kind, found.info.service_ids, found.info.speaks) == ("main", [], False)


def test_a_new_hall_file_may_make_a_display_another_one() -> None:
    found = board(listed("summary"))
    found.describe(listed("one_call", "ho-tich"))
    assert (found.info.kind, found.info.service_ids) == ("one_call", ["ho-tich"])


def test_a_display_of_a_zone_shows_only_its_services_and_calls() -> None:
    found = board(listed("main", "ho-tich"))
    found.take_event(event(101, halls.called(200, "H200", "1", "ho-tich")), 1.0)
    found.take_event(event(102, halls.called(201, "D201", "2", "dat-dai")), 1.0)
    assert [call.number for call in found.calls(1.0)] == ["H200"]
    assert {status.service_id for status in found.services()} == {"ho-tich"}
