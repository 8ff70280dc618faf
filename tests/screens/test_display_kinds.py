"""The other kinds of display as people see them: every size, busy, empty and closed; nothing clipped."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from PIL import Image, ImageChops

from tests.screens.driver import LYING, UPRIGHT, Driver, clipped, labels, texts

pytest.importorskip("kivy")
pytestmark = pytest.mark.window

from display.screens.wall_app import WallApp  # noqa: E402
from protocol import events as ev  # noqa: E402
from protocol import replies as re  # noqa: E402
from protocol.words import DisplayKind, Issuing, Origin, TicketState  # noqa: E402
from tests.display import halls  # noqa: E402
from tests.display.halls import called, event  # noqa: E402

SMALL = (1280, 800)
SIZES = [pytest.param(LYING, id="lying"), pytest.param(UPRIGHT, id="upright"), pytest.param(SMALL, id="small")]
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

    def __init__(self, driver: Driver, size: tuple[int, int], hall: re.HallReply, snapshot: re.Snapshot) -> None:
        self.now, self.driver, self.seq = 1000.0, driver, snapshot.seq
        self.app = WallApp("wall", clock=lambda: self.now)
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


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("counter", "words"),
    [
        (status("3", ticket=CALLED), "Mời số A015 đến Quầy 3"),
        (status("3", ticket=SERVING), "Đang phục vụ"),
        (status("3", ticket=replace(SERVING, origin=Origin.DIRECT)), "Quầy đang bận"),
        (status("3"), "Chờ gọi số tiếp theo"),
        (status("3", paused_reason_id="break"), "Tạm dừng phục vụ"),
        (status("4"), "Quầy chưa mở"),
    ],
)
def test_a_sign_says_in_words_how_its_counter_stands(
    driver: Driver, size: tuple[int, int], counter: re.CounterStatus, words: str
) -> None:
    shown = sign(driver, size, counter)
    assert words in shown.read()
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


def test_a_sign_of_no_counter_tells_the_technician(driver: Driver) -> None:
    shown = sign(driver, UPRIGHT, counter_id=None)
    assert "Chưa chọn quầy cho màn hình này" in shown.read()
    assert clipped(shown.root.kind) == []


# ---- one call ----


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("calls", [0, 1, 9])
def test_the_one_call_board_shows_one_call_and_those_before(driver: Driver, size: tuple[int, int], calls: int) -> None:
    shown = other(driver, size, "one_call", halls.busy(calls))
    read = shown.read()
    assert ("Chưa có số được gọi" in read) == (calls == 0)
    assert ("A040" in read) == (calls > 0)
    assert ("Chưa có số nào trước đó" in read) == (calls < 2)
    assert clipped(shown.root.kind) == []


def test_the_large_number_is_a_quarter_of_the_picture_high_and_the_others_a_tenth(
    driver: Driver, tmp_path: Path
) -> None:
    for size in (LYING, SMALL):
        shown = other(driver, size, "one_call", halls.busy(3))
        picture = Image.open(driver.picture(tmp_path / "one.png")).convert("RGB")
        assert ink_height(picture, shown.label("A040")) >= size[1] / 4
        assert ink_height(picture, shown.label("N039")) >= size[1] / 10
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
@pytest.mark.parametrize("groups", [0, 2, 8])
def test_the_satisfaction_board_tells_share_ratings_and_days(
    driver: Driver, size: tuple[int, int], groups: int
) -> None:
    shown = other(driver, size, "satisfaction", halls.busy(3))
    shown.app.board.take_satisfaction(satisfied(groups, 0, groups))
    read = set(shown.settle().read())
    assert clipped(shown.root.kind) == []
    assert ({"97%", "1.310 lượt đánh giá", "82% người được phục vụ đã đánh giá"} <= read) == (groups > 0)
    assert ("Chưa đủ 5 lượt" in read) == (groups == 0)
    assert ("Chưa có ngày nào đủ 5 lượt đánh giá" in read) == (groups == 0)


def test_before_anything_is_told_the_satisfaction_board_says_that_there_are_too_few_ratings(driver: Driver) -> None:
    assert "Chưa đủ 5 lượt" in other(driver, SMALL, "satisfaction", halls.snapshot()).read()
