"""The other kinds of display as people see them: every size, busy, empty and closed; nothing clipped."""

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PIL import Image, ImageChops

from tests.screens.driver import LYING, UPRIGHT, Driver, clipped, labels, texts, walk

pytest.importorskip("kivy")
pytestmark = pytest.mark.window

from config import theme  # noqa: E402
from display.media.player import LEAST_SECONDS  # noqa: E402
from display.screens import counter_sign, look  # noqa: E402
from display.screens.media import MediaPanel  # noqa: E402
from display.screens.wall_app import Folders, WallApp  # noqa: E402
from protocol import events as ev  # noqa: E402
from protocol import replies as re  # noqa: E402
from protocol.words import DisplayKind, Issuing, Origin, TicketState  # noqa: E402
from tests.display import halls  # noqa: E402
from tests.display.halls import called, event  # noqa: E402
from tests.display.media_files import GREEN, RED, film, picture  # noqa: E402

SMALL = (1280, 800)
SIZES = [
    pytest.param(LYING, id="lying"),
    pytest.param(UPRIGHT, id="upright"),
    pytest.param(SMALL, id="small", marks=pytest.mark.long),
]
HABITS = re.WallHabits(8, officers=True, by_counter=True)
DAYS = [re.SatisfiedDay(halls.DAY - dt.timedelta(days=n), 120 + 7 * n, 108 + 6 * n) for n in range(1, 15)]


def hall_for(kind: DisplayKind, counter_id: str | None = None, **fields: Any) -> re.HallReply:
    """The hall with one display of this kind."""
    return replace(
        halls.hall(),
        displays=[re.DisplayInfo("wall", kind, counter_id=counter_id)],
        wall=HABITS,
        operators=[re.OperatorInfo("cb01", "Nông Thị Bích Phượng")],
        pause_reasons=[re.NamedInfo("break", "Nghỉ giải lao", "Break")],
        **fields,
    )


def satisfied(services: int = 8, counters: int = 20, days: int = 14) -> re.SatisfactionReply:
    """A hall whose citizens rate."""
    keys = list(halls.NAMES)[:services]
    return re.SatisfactionReply(
        today=re.Satisfied(1310, 1265, 1600) if services else None,
        services={key: re.Satisfied(40 + 10 * n, 35 + 9 * n, 80) for n, key in enumerate(keys)},
        counters={str(n): re.Satisfied(20 + n, 19, 60) for n in range(1, counters + 1)},
        days=DAYS[:days],
    )


class Shown:
    """A display of a kind at a moment that the test chooses."""

    def __init__(
        self,
        driver: Driver,
        size: tuple[int, int],
        hall: re.HallReply,
        snapshot: re.Snapshot,
        folders: Folders | None = None,
    ) -> None:
        self.now, self.driver, self.seq = 1000.0, driver, snapshot.seq
        self.app = WallApp("wall", folders, clock=lambda: self.now)
        driver.start(self.app, size)
        self.app.describe(hall)
        self.app.on_snapshot(snapshot)
        self.settle()

    def settle(self, later: float = 0.0) -> "Shown":
        self.now += later
        for _ in range(3):
            self.driver.frames(2)
            self.app.redraw()
        self.driver.frames(3)
        return self

    def happen(self, *bodies: ev.EventBody) -> "Shown":
        for body in bodies:
            self.seq += 1
            self.app.on_event(event(self.seq, body))
        return self.settle()

    @property
    def root(self) -> Any:
        return self.app.root

    def read(self) -> list[str]:
        return texts(self.app.root)

    def label(self, text: str) -> Any:
        return max((label for label in labels(self.root) if label.text == text), key=lambda label: label.font_size)


def status(counter_id: str, **fields: Any) -> re.CounterStatus:
    return re.CounterStatus(counter_id, open=True, operator_id="cb01", **fields)


def counters_told(snapshot: re.Snapshot, *counters: re.CounterStatus) -> re.Snapshot:
    return replace(snapshot, counters=list(counters))


def sign(driver: Driver, size: tuple[int, int], *counters: re.CounterStatus, counter_id: str | None = "3") -> Shown:
    """The sign of counter 3."""
    calls = [counter.ticket for counter in counters if counter.ticket]
    return Shown(driver, size, hall_for("counter", counter_id), counters_told(halls.snapshot(calls), *counters))


def other(driver: Driver, size: tuple[int, int], kind: DisplayKind, snapshot: re.Snapshot, **fields: Any) -> Shown:
    return Shown(driver, size, hall_for(kind, **fields), snapshot)


def ink_height(picture: Image.Image, label: Any) -> int:
    """How many rows of pixels the figures of a number cover."""
    left, bottom = label.to_window(label.x, label.y)
    box = picture.crop(
        (int(left), picture.height - int(bottom + label.height), int(left + label.width), picture.height - int(bottom))
    )
    ground = Image.new("RGB", box.size, box.getpixel((2, box.height // 2)))
    ink = ImageChops.difference(box, ground).convert("L").point(lambda value: 255 * (value > 100))
    rows = [row for row in range(ink.height) if ink.crop((0, row, ink.width, row + 1)).getbbox()]
    middle = ink.height // 2
    top = next(row for row in range(middle, -1, -1) if row - 1 not in rows)
    return next(row for row in range(middle, ink.height + 1) if row not in rows) - top


CALLED = halls.ticket(40, "3", number="A015")
LONG = halls.ticket(40, "3", number="KTM0001")
SERVING = replace(LONG, state=TicketState.SERVING)


# ---- a counter's sign ----


STATES = [
    (status("3", ticket=CALLED), "Mời số A015 đến Quầy 3"),
    (status("3", ticket=SERVING), "Đang phục vụ"),
    (status("3", ticket=replace(SERVING, origin=Origin.DIRECT)), "Quầy đang bận"),
    (status("3"), "Chờ gọi số tiếp theo"),
    (status("3", paused_reason_id="break"), "Tạm dừng phục vụ"),
    (status("4"), "Quầy chưa mở"),
]


@pytest.mark.parametrize("size", SIZES)
def test_a_sign_says_in_words_how_its_counter_stands(driver: Driver, size: tuple[int, int]) -> None:
    shown = sign(driver, size)
    for counter, words in STATES:
        calls = [counter.ticket] if counter.ticket else []
        shown.app.on_snapshot(counters_told(halls.snapshot(calls), counter))
        assert words in shown.settle().read()
        assert clipped(shown.root.kind) == []


def test_the_number_of_a_sign_is_a_quarter_of_the_picture_high(driver: Driver, tmp_path: Path) -> None:
    for size in (LYING, SMALL):
        shown = sign(driver, size, status("3", ticket=CALLED))
        picture = Image.open(driver.picture(tmp_path / "sign.png")).convert("RGB")
        assert ink_height(picture, shown.label("A015")) >= size[1] / 4
        driver.stop()


def test_a_call_blinks_on_the_sign_and_is_steady_when_served(driver: Driver) -> None:
    shown = sign(driver, SMALL, status("3")).happen(called(200, "A015", "3"))
    grounds = {tuple(shown.settle(0.5).root.kind.ground) for _ in range(4)}
    assert len(grounds) == 2
    shown.happen(ev.ServingStarted(200, "A015", "ho-tich", "3"))
    grounds = {tuple(shown.settle(0.5).root.kind.ground) for _ in range(4)}
    assert len(grounds) == 1


def test_a_sign_names_the_officer_only_where_the_hall_wants_it(driver: Driver) -> None:
    shown = sign(driver, SMALL, status("3"))
    assert "Cán bộ: Nông Thị Bích Phượng" in shown.read()
    shown.app.describe(replace(hall_for("counter", "3"), wall=replace(HABITS, officers=False)))
    assert not any("Nông Thị" in text for text in shown.settle().read())


@pytest.mark.parametrize("found", [counter_sign.PAUSED, counter_sign.CLOSED])
def test_a_sign_can_be_read_in_every_state(found: look.Look) -> None:
    assert theme.contrast(found.number, found.ground) >= 7
    assert theme.contrast(found.words, found.ground) >= 7
    assert theme.contrast(found.counter, found.plate) >= 7


def test_a_sign_of_no_counter_tells_the_technician(driver: Driver) -> None:
    shown = sign(driver, UPRIGHT, counter_id=None)
    assert "Chưa chọn quầy cho màn hình này" in shown.read()
    assert clipped(shown.root.kind) == []


# ---- one call ----


@pytest.mark.parametrize("size", SIZES)
def test_the_one_call_board_shows_one_call_and_those_before(driver: Driver, size: tuple[int, int]) -> None:
    shown = other(driver, size, "one_call", halls.busy(0))
    for calls in (0, 1, 9):
        shown.app.on_snapshot(replace(halls.busy(calls), epoch=f"e{calls}"))
        read = shown.settle().read()
        assert ("Chưa có số được gọi" in read) == (calls == 0)
        assert ("A040" in read) == (calls > 0)
        assert ("Chưa có số nào trước đó" in read) == (calls < 2)
        assert clipped(shown.root.kind) == []


def test_the_large_number_is_a_quarter_of_the_picture_high_and_the_others_a_tenth(
    driver: Driver, tmp_path: Path
) -> None:
    for size in (LYING, SMALL):
        held = [
            halls.ticket(40 - at, str(at + 1), number=number) for at, number in enumerate(("A040", "KH028", "M038"))
        ]
        shown = other(driver, size, "one_call", halls.snapshot(held))
        picture = Image.open(driver.picture(tmp_path / "one.png")).convert("RGB")
        assert ink_height(picture, shown.label("A040")) >= size[1] / 4
        assert ink_height(picture, shown.label("KH028")) >= size[1] / 10
        assert ink_height(picture, shown.label("M038")) >= size[1] / 10
        driver.stop()


def test_what_the_room_can_see_is_told(driver: Driver) -> None:
    shown = other(driver, LYING, "one_call", halls.busy(9))
    seen = {call.number for call in shown.root.kind.called}
    assert seen == {text for text in shown.read() if text[1:].isdecimal() and len(text) == 4}


# ---- summary ----


def shut_services() -> list[re.ServiceStatus]:
    opens = halls.AT + dt.timedelta(hours=5)
    states = [Issuing.OPEN, Issuing.SUSPENDED, Issuing.QUOTA, Issuing.CUT_OFF, Issuing.CLOSED]
    return [
        re.ServiceStatus(key, 3 * n, 1, 10, 15, issuing, "Bảo trì", opens if issuing is Issuing.CLOSED else None)
        for n, (key, issuing) in enumerate(zip(halls.NAMES, states, strict=False))
    ]


@pytest.mark.parametrize("size", SIZES)
def test_the_summary_tells_of_each_service_who_is_served_who_waits_and_how_long(
    driver: Driver, size: tuple[int, int]
) -> None:
    shown = other(driver, size, "summary", halls.busy(14))
    read = set(shown.read())
    for _ in range(3):
        assert clipped(shown.root.kind) == []
        read |= set(shown.settle(4.0).read())
    assert {"A040", "1", "12", "5–10 phút", *halls.NAMES.values()} <= read


@pytest.mark.parametrize("size", SIZES)
def test_the_summary_says_which_services_give_no_numbers_and_why(driver: Driver, size: tuple[int, int]) -> None:
    shown = other(driver, size, "summary", halls.snapshot([LONG], shut_services()))
    read = set(shown.read()) | set(shown.settle(8.0).read())
    assert {"Tạm ngừng cấp số: Bảo trì", "Đã hết số", "Hết lượt hôm nay", "Cấp số từ 13:12", "Chưa gọi số"} <= read
    assert clipped(shown.root.kind) == []


@pytest.mark.parametrize("size", SIZES)
def test_a_summary_without_services_says_so(driver: Driver, size: tuple[int, int]) -> None:
    shown = other(driver, size, "summary", halls.snapshot())
    assert "Chưa có lĩnh vực nào được phục vụ" in shown.read()
    assert clipped(shown.root.kind) == []


# ---- satisfaction ----


@pytest.mark.parametrize("size", SIZES)
def test_the_satisfaction_board_tells_share_ratings_and_days(driver: Driver, size: tuple[int, int]) -> None:
    shown = other(driver, size, "satisfaction", halls.busy(3))
    for groups in (0, 2, 8):
        shown.app.board.take_satisfaction(satisfied(groups, 0, groups))
        read = set(shown.settle().read())
        assert clipped(shown.root.kind) == []
        assert ({"97%", "1.310 lượt đánh giá", "82% người được phục vụ đã đánh giá"} <= read) == (groups > 0)
        assert ("Chưa đủ 5 lượt" in read) == (groups == 0)
        assert ("Chưa có ngày nào đủ 5 lượt đánh giá" in read) == (groups == 0)


def test_before_anything_is_told_the_satisfaction_board_says_that_there_are_too_few_ratings(driver: Driver) -> None:
    assert "Chưa đủ 5 lượt" in other(driver, SMALL, "satisfaction", halls.snapshot()).read()


# ---- pictures and films ----


class Cinema(Shown):
    """A display with a playlist, whose own clock runs with the machine's."""

    def __init__(
        self, driver: Driver, size: tuple[int, int], folder: Path, *items: re.MediaInfo, kind: DisplayKind = "main"
    ) -> None:
        shown = re.DisplayInfo("wall", kind, playlist_id="films")
        hall = replace(halls.hall(), displays=[shown], playlists=[re.PlaylistInfo("films", list(items))])
        super().__init__(driver, size, hall, halls.busy(3), Folders(media=folder))

    @property
    def now(self) -> float:
        return self._told + time.monotonic() - self._told_at

    @now.setter
    def now(self, now: float) -> None:
        self._told, self._told_at = now, time.monotonic()

    @property
    def panel(self) -> Any:
        return next(widget for widget in walk(self.root) if isinstance(widget, MediaPanel))

    def until(self, condition: Callable[[Any], object]) -> "Cinema":
        self.driver.until(lambda: condition(self.panel))
        return self

    def colour_at(self, path: Path, across: float, up: float) -> tuple[int, ...]:
        """The colour of a place of the panel, both from 0 to 1, as it is seen."""
        seen = Image.open(self.driver.picture(path / "media.png")).convert("RGB")
        x, y = self.panel.to_window(self.panel.x, self.panel.y)
        place = int(x + self.panel.width * across), seen.height - 1 - int(y + self.panel.height * up)
        found = seen.getpixel(place)
        assert isinstance(found, tuple)
        return found


def seen(panel: Any) -> bool:
    return panel.texture is not None


@pytest.mark.parametrize("size", [LYING, UPRIGHT])
@pytest.mark.parametrize("kind", ["main", "one_call"])
def test_a_picture_stands_beside_the_calls_undistorted(
    driver: Driver, size: tuple[int, int], kind: DisplayKind, tmp_path: Path
) -> None:
    picture(tmp_path / "square.png", (777, 777), GREEN)
    cinema = Cinema(driver, size, tmp_path, re.MediaInfo("square.png", 60), kind=kind).until(seen)
    cinema.settle()
    cinema.until(lambda panel: panel.picture[2] > 100)
    width, height = cinema.panel.picture[2:]
    assert width == pytest.approx(height)
    assert width <= min(cinema.panel.size) + 0.5
    assert cinema.colour_at(tmp_path, 0.5, 0.5) == GREEN
    assert "A040" in cinema.read()
    assert clipped(cinema.root.kind) == []


def test_a_film_runs_beside_the_calls_to_its_end_and_the_next_item_follows(driver: Driver, tmp_path: Path) -> None:
    film(tmp_path / "film.mp4", 8, (160, 90))
    picture(tmp_path / "after.png", colour=GREEN)
    cinema = Cinema(driver, LYING, tmp_path, re.MediaInfo("film.mp4", 2), re.MediaInfo("after.png", 60))
    cinema.until(lambda panel: seen(panel) and tuple(panel.texture.size) == (160, 90))
    cinema.until(lambda panel: panel._player._film is None or panel._player._film.over)
    cinema.now += LEAST_SECONDS
    cinema.until(lambda panel: tuple(panel.texture.size) == (64, 48))
    assert cinema.colour_at(tmp_path, 0.5, 0.5) == GREEN
    assert cinema.app.troubles() == []


def test_broken_files_leave_the_halls_notice_and_are_reported(driver: Driver, tmp_path: Path) -> None:
    (tmp_path / "broken.mp4").write_bytes(b"no film" * 200)
    cinema = Cinema(driver, LYING, tmp_path, re.MediaInfo("broken.mp4", 5), re.MediaInfo("missing.png", 5))
    driver.until(lambda: cinema.app.troubles() == ["media"])
    assert not seen(cinema.panel)
    assert "Quý khách vui lòng theo dõi màn hình và nghe loa gọi số." in cinema.settle().read()
    assert clipped(cinema.root) == []


def test_an_emergency_stops_a_film_which_then_goes_on(driver: Driver, tmp_path: Path) -> None:
    film(tmp_path / "film.mp4", 200, (64, 48))
    cinema = Cinema(driver, LYING, tmp_path, re.MediaInfo("film.mp4", 2)).until(seen)
    panel, begun = cinema.panel, time.monotonic()
    cinema.happen(ev.AnnouncementMade(900, "emergency", "Mời rời khỏi tòa nhà", "90"))
    driver.frames(2)
    before = panel._seen
    driver.until(lambda: time.monotonic() - begun > 0.4)
    assert panel._seen is before
    cinema.happen(ev.AnnouncementEnded(900, "90"))
    cinema.until(lambda shown: shown is panel and shown._seen is not before)


def test_a_picture_with_odd_sides_is_not_skewed(driver: Driver, tmp_path: Path) -> None:
    halves = Image.new("RGB", (101, 77), RED)
    halves.paste(GREEN, (50, 0, 101, 77))
    halves.save(tmp_path / "halves.png")
    cinema = Cinema(driver, LYING, tmp_path, re.MediaInfo("halves.png", 60)).until(seen)
    cinema.settle()
    cinema.until(lambda panel: panel.picture[2] > 100)
    for up in (0.3, 0.5, 0.7):
        assert cinema.colour_at(tmp_path, 0.4, up) == RED
        assert cinema.colour_at(tmp_path, 0.6, up) == GREEN
