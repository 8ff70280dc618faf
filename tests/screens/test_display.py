"""The wall as people see it: both orientations, busy, empty, stale; nothing clipped, numbers a tenth of the height."""

import gc
import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PIL import Image, ImageChops

from tests.screens.driver import LYING, UPRIGHT, Driver, labels

pytest.importorskip("kivy")
pytestmark = pytest.mark.window

from kivy.graphics import Fbo  # noqa: E402

from config import theme  # noqa: E402
from display.screens import look  # noqa: E402
from display.screens.kinds import kind_class  # noqa: E402
from display.screens.pictures import Pictures  # noqa: E402
from protocol import events as ev  # noqa: E402
from protocol import replies as re_  # noqa: E402
from protocol.commands import AcknowledgeCall  # noqa: E402
from protocol.replies import DisplayInfo  # noqa: E402
from protocol.words import DisplayKind, Issuing  # noqa: E402
from tests.display import halls  # noqa: E402
from tests.display.halls import called, event  # noqa: E402
from tests.screens.wall import ME, Wall  # noqa: E402

NUMBER = re.compile("[A-Z][0-9]{3}")
SIZES = [pytest.param(LYING, id="lying"), pytest.param(UPRIGHT, id="upright")]


def ink_height(picture: Image.Image, label: Any) -> int:
    """How many rows of pixels the figures of a called number cover within its row."""
    row = label.parent
    box = picture.crop((int(label.x), picture.height - int(row.top), int(label.right), picture.height - int(row.y)))
    ground = Image.new("RGB", box.size, box.getpixel((1, box.height // 2)))
    ink = ImageChops.difference(box, ground).convert("L").point(lambda value: 255 * (value > 100)).getbbox()
    assert ink is not None
    return ink[3] - ink[1]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("calls", [0, pytest.param(1, marks=pytest.mark.long), 5, 14, 20])
def test_every_text_stays_in_its_box_whatever_the_age_of_the_data(
    driver: Driver, size: tuple[int, int], calls: int
) -> None:
    wall = Wall(driver, size, halls.busy(calls))
    for later in (0.0, 4.0, 12.0, 45.0):
        assert wall.settle(later).faults() == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("numbers", [("A015",), ("NN105", "BH228", "KH031")])
@pytest.mark.parametrize("calls", [pytest.param(3, marks=pytest.mark.long), 14])
def test_a_called_number_is_a_tenth_of_the_picture_high(
    driver: Driver, size: tuple[int, int], numbers: tuple[str, ...], calls: int, tmp_path: Path
) -> None:
    held = [halls.ticket(50 - n, str(n + 1), number=numbers[n % len(numbers)]) for n in range(calls)]
    wall = Wall(driver, size, halls.snapshot(held))
    picture = wall.picture(tmp_path)
    found = [label for label in labels(wall.root) if label.text in numbers]
    assert found
    assert min(ink_height(picture, label) for label in found) >= size[1] / 10


@pytest.mark.parametrize("size", SIZES)
def test_heads_are_in_vietnamese_and_english(driver: Driver, size: tuple[int, int]) -> None:
    assert {"SỐ", "Number", "QUẦY", "Counter", "ĐANG CHỜ", "Waiting"} <= set(Wall(driver, size, halls.busy()).read())


@pytest.mark.parametrize("size", SIZES)
def test_an_event_is_on_top_in_the_next_frame_and_blinks(driver: Driver, size: tuple[int, int]) -> None:
    wall = Wall(driver, size, halls.busy(3))
    wall.app.on_event(event(101, called(200, "A015", "17")))
    driver.frames(2)
    found = [label for label in labels(wall.root) if label.bold and NUMBER.fullmatch(label.text)]
    top = max(found, key=lambda label: label.y)
    assert top.text == "A015"
    assert tuple(top.color) == look.LIT.number
    wall.settle(0.6)
    assert tuple(top.color) == look.UNLIT.number
    wall.settle(4.0)
    assert tuple(top.color) == look.AWAITED.number


@pytest.mark.parametrize("size", SIZES)
def test_the_sign_of_a_priority_class_stands_beside_its_number(driver: Driver, size: tuple[int, int]) -> None:
    wall = Wall(driver, size, halls.busy(2))
    wall.app.on_event(event(101, replace(called(200, "A015", "7"), class_id="elderly")))
    [sign] = [label for label in labels(wall.settle().root) if label.text == "CT"]
    number = next(label for label in labels(wall.root) if label.text == "A015")
    assert sign.parent is number.parent
    assert sign.x >= number.right
    assert wall.faults() == []


def test_a_landscape_wall_shows_ten_calls_in_two_columns_and_turns_the_rest(driver: Driver) -> None:
    wall = Wall(driver, LYING, halls.busy(14))
    shown = set(filter(NUMBER.fullmatch, wall.read()))
    assert len(shown) == 10
    assert wall.read().count("QUẦY") == 2
    wall.settle(5.0)
    assert len(shown | set(filter(NUMBER.fullmatch, wall.read()))) == 14


def test_numbers_too_wide_for_two_columns_turn_their_pages_in_one(driver: Driver) -> None:
    held = [halls.ticket(50 - n, str(n + 1), number=f"KTM{n:04}") for n in range(9)]
    wall = Wall(driver, LYING, halls.snapshot(held))
    assert wall.read().count("QUẦY") == 1
    assert wall.faults() == []


@pytest.mark.parametrize("size", SIZES)
def test_an_empty_wall_says_so(driver: Driver, size: tuple[int, int]) -> None:
    read = Wall(driver, size, halls.snapshot()).read()
    assert {"Chưa có số được gọi", "Không có số đang chờ", "Chưa có đánh giá"} <= set(read)


@pytest.mark.parametrize("size", SIZES)
def test_before_the_hall_answers_the_wall_says_that_it_connects(driver: Driver, size: tuple[int, int]) -> None:
    wall = Wall(driver, size, None)
    assert "Màn hình đang kết nối" in wall.read()
    assert wall.faults() == []


@pytest.mark.parametrize("size", SIZES)
def test_stale_data_are_marked_then_said_then_taken_away(driver: Driver, size: tuple[int, int]) -> None:
    wall = Wall(driver, size, halls.busy(2))
    assert not any("Chậm" in text for text in wall.read())
    assert "Chậm 4 giây" in wall.settle(4.0).read()
    assert any("16 giây" in text for text in wall.settle(12.0).read())
    gone = wall.settle(45.0).read()
    assert "Màn hình tạm mất kết nối" in gone
    assert not any(text.startswith(("L040", "A040")) for text in gone)
    assert "96%" not in gone


def test_a_snapshot_after_a_gap_redraws_the_wall(driver: Driver) -> None:
    wall = Wall(driver, LYING, halls.busy(2)).settle(70.0)
    wall.app.on_snapshot(halls.snapshot([halls.ticket(77, "9", number="X077")], seq=180))
    read = wall.settle().read()
    assert "X077" in read
    assert "Màn hình tạm mất kết nối" not in read
    assert not any("Chậm" in text for text in read)


def test_a_served_number_is_steady_and_a_finished_one_goes(driver: Driver) -> None:
    wall = Wall(driver, LYING, halls.busy(0))
    wall.app.on_event(event(101, called(200, "A015", "7")))
    wall.app.on_event(event(102, ev.ServingStarted(200, "A015", "ho-tich", "7")))
    assert "Đang phục vụ" in wall.settle().read()
    wall.app.on_event(event(103, ev.TicketFinished(200, "A015", "ho-tich", "7")))
    assert "A015" in wall.settle(1.0).read()
    assert "A015" not in wall.settle(8.0).read()


def test_the_hall_is_told_once_of_a_call_when_it_was_drawn(driver: Driver) -> None:
    wall = Wall(driver, LYING, halls.busy(0))
    told: list[AcknowledgeCall] = []
    wall.app.acknowledge = told.append
    wall.app.on_event(event(101, called(200, "A015", "7")))
    assert told == []
    driver.frames(2)
    wall.settle(1.0)
    assert told == [AcknowledgeCall(200, halls.AT)]


def test_a_call_behind_an_emergency_was_not_shown(driver: Driver) -> None:
    wall = Wall(driver, LYING, halls.busy(0))
    told: list[AcknowledgeCall] = []
    wall.app.acknowledge = told.append
    wall.app.on_event(event(101, ev.AnnouncementMade(101, "emergency", "Cháy", "90")))
    wall.app.on_event(event(102, called(200, "A015", "7")))
    wall.settle()
    assert told == []
    wall.app.on_event(event(103, ev.AnnouncementEnded(101, "90")))
    wall.settle()
    assert told == [AcknowledgeCall(200, halls.AT)]


# ---- what the supervisor says -------------------------------------------------


FIRE = "Có cháy ở tầng 2. Mời quý khách bình tĩnh ra cửa chính theo hướng dẫn của cán bộ."
FIRE_EN = "Fire on the second floor. Please stay calm and leave by the main door."


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("words", [("Cháy!", ""), (FIRE, FIRE_EN), ((FIRE + " ") * 3, (FIRE_EN + " ") * 4)])
def test_an_emergency_stands_over_everything(driver: Driver, size: tuple[int, int], words: tuple[str, str]) -> None:
    wall = Wall(driver, size, halls.busy(5))
    wall.app.on_event(event(101, ev.AnnouncementMade(101, "emergency", words[0], "90", words[1])))
    read = wall.settle().read()
    assert {"KHẨN CẤP", "Emergency", words[0]} <= set(read)
    assert not any(NUMBER.fullmatch(text) for text in read)
    assert wall.faults() == []
    wall.app.on_event(event(102, ev.AnnouncementEnded(101, "90")))
    assert any(NUMBER.fullmatch(text) for text in wall.settle().read())


def test_an_emergency_stays_also_when_the_hall_is_not_heard_any_more(driver: Driver) -> None:
    wall = Wall(driver, LYING, halls.busy(1))
    wall.app.on_event(event(101, ev.AnnouncementMade(101, "emergency", FIRE, "90")))
    assert FIRE in wall.settle(100.0).read()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("times", [1, 3])
def test_an_announcement_stands_beside_the_numbers(driver: Driver, size: tuple[int, int], times: int) -> None:
    wall = Wall(driver, size, halls.busy(14))
    before = {text for text in wall.read() if NUMBER.fullmatch(text)}
    said = FIRE * times
    wall.app.on_event(event(101, ev.AnnouncementMade(101, "announcement", said, "90", FIRE_EN * times)))
    read = wall.settle().read()
    assert said in read
    assert {text for text in read if NUMBER.fullmatch(text)} == before
    assert wall.faults() == []
    wall.app.on_event(event(102, ev.AnnouncementEnded(101, "90")))
    read = wall.settle().read()
    assert said not in read
    assert "ĐANG CHỜ" in read


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", ["summary", "counter", "satisfaction"])
def test_a_kind_without_a_place_for_notices_has_them_in_its_bottom_line(
    driver: Driver, size: tuple[int, int], kind: DisplayKind
) -> None:
    wall = Wall(driver, size, halls.busy(6))
    wall.app.describe(replace(halls.hall(), displays=[DisplayInfo(ME, kind, counter_id="1")]))
    wall.app.on_event(event(101, ev.AnnouncementMade(101, "announcement", FIRE, "90", FIRE_EN)))
    assert {f"THÔNG BÁO: {FIRE}", f"Notice: {FIRE_EN}"} <= set(wall.settle().read())
    strip = wall.root.footer.line.strips[0]
    assert strip.label.texture_size[0] <= strip.label.width + 1
    assert wall.faults() == []


@pytest.mark.parametrize("size", SIZES)
def test_several_announcements_take_turns_and_stay_when_the_numbers_are_lost(
    driver: Driver, size: tuple[int, int]
) -> None:
    wall = Wall(driver, size, halls.busy(1))
    for number, text in ((101, "Một"), (102, "Hai")):
        wall.app.on_event(event(number, ev.AnnouncementMade(number, "announcement", text, "90")))
    assert {"Hai", "1/2"} <= set(wall.settle().read()), "the newest first"
    assert {"Một", "2/2"} <= set(wall.settle(10.0).read())
    lost = wall.settle(60.0).read()
    assert "Màn hình tạm mất kết nối" in lost
    assert {"Một", "Hai"} & set(lost)
    assert wall.faults() == []


@pytest.mark.parametrize("size", SIZES)
def test_a_line_too_long_runs_until_its_end_is_seen(driver: Driver, size: tuple[int, int]) -> None:
    wall = Wall(driver, size, halls.busy(1))
    wall.app.on_event(event(101, ev.AnnouncementMade(101, "ticker", FIRE * 3, "90", FIRE_EN)))
    strip = wall.settle().root.footer.line.strips[0]
    seen = []
    for _ in range(80):
        wall.now += 0.8
        wall.app.redraw()
        if strip.label.text == FIRE * 3:
            seen.append((strip.label.x, strip.label.right))
    assert max(left for left, _ in seen) == strip.x
    assert min(right for _, right in seen) == pytest.approx(strip.right, abs=1)


# ---- what the hall file makes of it ---------------------------------------------


def test_a_display_of_some_services_names_them_and_shows_no_other(driver: Driver) -> None:
    wall = Wall(driver, LYING, halls.busy(14))
    wall.app.describe(replace(halls.hall(), displays=[DisplayInfo(ME, "main", ["ho-tich", "chung-thuc"])]))
    read = wall.settle().read()
    assert "Lĩnh vực: Hộ tịch · Chứng thực" in read
    assert not {"Đất đai (đăng ký, biến động, cấp đổi)", "Nhận kết quả"} & set(read)
    assert wall.faults() == []


def with_media(*kinds: DisplayKind) -> list[re_.HallReply]:
    """The hall whose display has a playlist, as a display of each of these kinds."""
    playlist = re_.PlaylistInfo("sang", [re_.MediaInfo("red.png", 600)])
    infos = [DisplayInfo(ME, kind, playlist_id="sang") for kind in kinds]
    return [replace(halls.hall(), displays=[info], playlists=[playlist]) for info in infos]


def reds(picture: Image.Image) -> int:
    """How many pixels are of the picture that the playlist names."""
    found = picture.getcolors(picture.width * picture.height) or []
    return sum(count for count, colour in found if colour == (255, 0, 0))


@pytest.mark.parametrize("size", SIZES)
def test_media_stand_beside_the_calls_and_make_way_for_a_notice(
    driver: Driver, size: tuple[int, int], tmp_path: Path
) -> None:
    Image.new("RGB", (640, 360), "red").save(tmp_path / "red.png")
    wall = Wall(driver, size, halls.busy(14), tmp_path)
    before = {text for text in wall.read() if NUMBER.fullmatch(text)}
    wall.app.describe(*with_media("main"))
    driver.until(lambda: wall.settle(0.1).plays())
    assert reds(wall.picture(tmp_path)) > 100_000
    assert {text for text in wall.read() if NUMBER.fullmatch(text)} == before
    assert ("ĐANG CHỜ" in wall.read()) == (size == LYING)
    assert wall.faults() == []
    wall.app.on_event(event(101, ev.AnnouncementMade(101, "announcement", FIRE, "90")))
    assert FIRE in wall.settle().read()
    assert not wall.plays()
    wall.app.on_event(event(102, ev.AnnouncementEnded(101, "90")))
    driver.until(lambda: wall.settle().plays())
    assert wall.app.troubles() == []
    assert not wall.settle(100.0).plays()


def test_a_display_becomes_another_kind_at_once_when_the_hall_file_says_so(driver: Driver, tmp_path: Path) -> None:
    wall = Wall(driver, LYING, halls.busy(6), tmp_path)
    for hall in [*with_media("one_call", "main", "summary", "counter", "satisfaction", "main"), halls.hall()]:
        wall.app.describe(hall)
        wall.settle()
        kind = hall.displays[0].kind if hall.displays else "main"
        assert type(wall.root.kind) is kind_class(kind)
        assert wall.faults() == []
    assert "ĐANG CHỜ" in wall.read()


@pytest.mark.parametrize("kind", ["main", "one_call", "summary", "counter", "satisfaction"])
def test_no_kind_shows_numbers_of_a_minute_ago_but_an_emergency_all_do(driver: Driver, kind: DisplayKind) -> None:
    wall = Wall(driver, LYING, halls.busy(6))
    wall.app.describe(replace(halls.hall(), displays=[DisplayInfo(ME, kind, counter_id="1")]))
    assert "Màn hình tạm mất kết nối" not in wall.settle(4.0).read()
    assert "Chậm 4 giây" in wall.read()
    lost = wall.settle(60.0).read()
    assert {"Màn hình tạm mất kết nối", "This screen has lost its connection"} <= set(lost)
    assert not any(NUMBER.fullmatch(text) for text in lost)
    wall.app.on_event(event(101, ev.AnnouncementMade(101, "emergency", FIRE, "90")))
    assert FIRE in wall.settle().read()
    assert wall.faults() == []


def test_a_file_that_is_missing_is_a_trouble(driver: Driver, tmp_path: Path) -> None:
    wall = Wall(driver, LYING, halls.busy(6), tmp_path)
    wall.app.describe(*with_media("main"))
    driver.until(lambda: wall.settle(0.1).app.troubles() == ["media"])


def test_a_window_that_does_not_draw_is_a_trouble(driver: Driver) -> None:
    wall = Wall(driver, LYING, halls.busy(1))
    assert wall.app.troubles() == []
    wall.now += 11.0
    assert wall.app.troubles() == ["window_stuck"]
    wall.settle()
    assert wall.app.troubles() == []


def test_a_service_that_gives_no_numbers_says_so_instead_of_a_wait(driver: Driver) -> None:
    shut = re_.ServiceStatus("ho-tich", 7, 2, 10, 15, Issuing.CUT_OFF)
    wall = Wall(driver, LYING, halls.snapshot(services=[shut]))
    assert "ngừng cấp số mới" in wall.read()
    assert wall.faults() == []


def test_what_looks_like_markup_is_shown_as_it_is(driver: Driver) -> None:
    wall = Wall(driver, LYING, halls.busy(1))
    wall.app.describe(halls.hall(name="[b]Xã[/b] [color=ff0000]A[/color]"))
    assert "[b]Xã[/b] [color=ff0000]A[/color]" in wall.settle().read()
    assert not any(label.markup for label in labels(wall.root))


@pytest.mark.parametrize(
    "size",
    [
        (1280, 720),
        (3840, 2160),
        (768, 1366),
        *(pytest.param(size, marks=pytest.mark.long) for size in [(1366, 768), (1024, 768), (1920, 1200)]),
    ],
)
def test_other_screens_are_filled_without_clipping(driver: Driver, size: tuple[int, int]) -> None:
    wall = Wall(driver, size, halls.busy(14))
    assert wall.faults() == []
    assert wall.settle(16.0).faults() == []


def test_a_screen_that_is_turned_shows_everything_again(driver: Driver) -> None:
    wall = Wall(driver, LYING, halls.busy(14))
    driver.resize(UPRIGHT)
    assert wall.settle().faults() == []
    assert wall.read().count("QUẦY") == 1


def test_very_long_names_are_cut_with_dots_and_never_spill(driver: Driver) -> None:
    wall = Wall(driver, LYING, halls.busy(2))
    wall.app.describe(halls.hall(name="Trung tâm Phục vụ hành chính công " * 6))
    header = max(labels(wall.settle().root), key=lambda label: len(label.text))
    assert header.texture_size[0] <= header.width + 1
    assert header.texture_size[1] <= header.height + 1


def test_pictures_that_can_not_be_written_end_no_wall(driver: Driver, tmp_path: Path) -> None:
    wall = Wall(driver, LYING, halls.busy(1))
    (tmp_path / "full").write_text("a file, no folder")
    wall.app.keep_pictures(tmp_path / "full", 1.0)
    wall.app._tick(0.1)
    driver.until(lambda: wall.app._pictures._packed and wall.app._pictures._packed.done())
    wall.app.on_stop()


def test_blank_words_take_their_place_and_end_no_wall(driver: Driver) -> None:
    wall = Wall(driver, UPRIGHT, halls.busy(6))
    blank = halls.hall(name=" ")
    blank = replace(blank, counters=[replace(counter, name=" ") for counter in blank.counters])
    wall.app.describe(replace(blank, wall=re_.WallHabits(8, officers=False, by_counter=False, ticker=[" ", "  "])))
    assert wall.settle(8.0).settle(8.0).faults() == []


NAMED = ("Quầy hướng dẫn", "Tiếp nhận và trả kết quả", "Một cửa liên thông Ẳ Ỗ ượ", "Quầy ưu tiên người khuyết tật")


@pytest.mark.parametrize("size", SIZES)
def test_counters_with_names_and_the_longest_numbers_are_read_whole(driver: Driver, size: tuple[int, int]) -> None:
    wall = Wall(driver, size, halls.snapshot([halls.ticket(9 - n, str(n + 1)) for n in range(4)]))
    hall = halls.hall()
    wall.app.describe(
        replace(hall, counters=[replace(one, name=NAMED[at % 4]) for at, one in enumerate(hall.counters)])
    )
    assert wall.settle().faults() == []
    wall.app.on_event(event(101, called(90, "ABC123456789", "1")))
    assert wall.settle(4.0).faults() == []


@pytest.mark.parametrize(("text", "ground"), look.READABLE)
def test_every_text_of_the_wall_stands_out_seven_to_one(text: theme.Colour, ground: theme.Colour) -> None:
    assert theme.contrast(text, ground) >= 7


@pytest.mark.parametrize("row", look.LOOKS)
def test_a_call_can_be_read_in_every_phase(row: look.Look) -> None:
    assert theme.contrast(row.number, row.ground) >= 7
    assert theme.contrast(row.words, row.ground) >= 7
    assert theme.contrast(row.counter, row.plate) >= 7


def test_pictures_of_the_wall_leave_no_buffers_behind(driver: Driver, tmp_path: Path) -> None:
    wall = Wall(driver, LYING, halls.busy(3))
    pictures = Pictures(tmp_path, 0.0)
    gc.collect()
    for _ in range(3):
        pictures.end(wall.root)
        pictures = Pictures(tmp_path, 0.0)
    assert (tmp_path / "wall.png").is_file()
    assert not [it for it in gc.get_objects() if type(it) is Fbo]  # others may be proxies of what is gone
