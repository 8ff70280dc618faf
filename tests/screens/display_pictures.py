"""Writes every kind of display in every state as PNG: `python -m tests.screens.display_pictures OUT [NAME…]`."""

import datetime as dt
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec.structs import replace
from PIL import Image

from protocol import events as ev
from protocol.replies import (
    DisplayInfo,
    HallReply,
    MediaInfo,
    PlaylistInfo,
    SatisfactionReply,
    Satisfied,
    SatisfiedDay,
    WallHabits,
)
from protocol.words import AnnouncementKind, DisplayKind
from tests.display import halls
from tests.display.halls import called, event
from tests.screens.driver import LYING, UPRIGHT, Driver
from tests.screens.wall import ME, Wall

NOTICE = "Chiều thứ Sáu 16/01 quầy Đất đai nghỉ để kiểm kê. Quý khách vui lòng quay lại thứ Hai hoặc nộp trực tuyến."
NOTICE_EN = "The land counters are closed on Friday afternoon, 16 January. Please come back on Monday or apply online."
FIRE = "Có cháy ở tầng 2. Mời quý khách bình tĩnh ra cửa chính theo hướng dẫn của cán bộ."
FIRE_EN = "Fire on the second floor. Please stay calm and leave by the main door."
LINE = "Quý khách vui lòng giữ trật tự, để điện thoại ở chế độ rung và tự bảo quản tư trang. Xin cảm ơn!"
LINE_EN = "Please keep quiet, mute your phone and mind your belongings. Thank you!"

Scene = Callable[[Wall], None]
SATISFIED = SatisfactionReply(
    today=Satisfied(1310, 1265, 1600),
    services={key: Satisfied(40 + 10 * n, 35 + 9 * n, 80) for n, key in enumerate(halls.NAMES)},
    counters={str(n): Satisfied(20 + n, 19, 60) for n in range(1, 13)},
    days=[SatisfiedDay(halls.DAY - dt.timedelta(days=n), 120 + 7 * n, 108 + 6 * n) for n in range(1, 15)],
)


def hall(**changes: object) -> HallReply:
    """The hall of the pictures, with a bottom line of its own."""
    return replace(halls.hall(), wall=WallHabits(8, True, True, [LINE], [LINE_EN]), **changes)


def _storm(wall: Wall) -> None:
    for number in range(40):
        wall.app.on_event(event(101 + number, called(200 + number, f"A{number:03}", str(number % 20 + 1))))
        wall.settle(0.3)


def _mixed(wall: Wall) -> None:
    """A new call, a repeated one, priority among them."""
    wall.app.on_event(event(101, replace(called(200, "A015", "7", "dat-dai"), class_id="elderly")))
    wall.app.on_event(event(102, ev.TicketRecalled(37, "M037", "chung-thuc", "4", 2, class_id="elderly")))


def _announce(kind: AnnouncementKind, text: str, english: str) -> Scene:
    def scene(wall: Wall) -> None:
        wall.app.on_event(event(101, ev.AnnouncementMade(101, kind, text, "90", english)))

    return scene


def _zone(wall: Wall) -> None:
    wall.app.describe(hall(displays=[DisplayInfo(ME, "main", ["ho-tich", "chung-thuc"])]))


def _kind(kind: DisplayKind) -> Scene:
    def scene(wall: Wall) -> None:
        wall.app.describe(hall(displays=[DisplayInfo(ME, kind, counter_id="3" if kind == "counter" else None)]))
        wall.app.on_satisfaction(SATISFIED)
        wall.app.on_event(event(101, ev.CounterOpened("3", "105")))
        wall.app.on_event(event(102, called(200, "A015", "3", "dat-dai")))

    return scene


def _media(wall: Wall) -> None:
    """A poster beside the calls."""
    Image.radial_gradient("L").resize((960, 540)).convert("RGB").save(wall.app.folders.media / "poster.png")
    playlist = PlaylistInfo("sang", [MediaInfo("poster.png", 600)])
    wall.app.describe(hall(displays=[DisplayInfo(ME, "main", playlist_id="sang")], playlists=[playlist]))
    wall.driver.until(lambda: wall.settle().plays())


def _wait(seconds: float) -> Scene:
    def scene(wall: Wall) -> None:
        wall.settle(seconds)

    return scene


SCENES: dict[str, tuple[int | None, Scene]] = {
    "busy": (4, _mixed),
    "second-column": (14, lambda wall: None),
    "storm": (0, _storm),
    "empty": (0, lambda wall: None),
    "connecting": (None, lambda wall: None),
    "stale-4": (5, _wait(4.0)),
    "stale-16": (5, _wait(16.0)),
    "stale-61": (5, _wait(61.0)),
    "emergency": (5, _announce("emergency", FIRE, FIRE_EN)),
    "announcement": (14, _announce("announcement", NOTICE, NOTICE_EN)),
    "announcement-short": (3, _announce("announcement", "Sắp hết giờ tiếp nhận.", "")),
    "ticker": (5, _announce("ticker", NOTICE, NOTICE_EN)),
    "zone": (14, _zone),
    "media": (14, _media),
    "one-call": (6, _kind("one_call")),
    "summary": (6, _kind("summary")),
    "counter": (6, _kind("counter")),
    "satisfaction": (6, _kind("satisfaction")),
}
"""State of the hall: how many calls it has (null: nothing is heard yet), and what happens then."""


def main(out: Path, names: list[str]) -> None:
    """Write `display-…-lying.png` and `display-…-upright.png` for every state, and say what does not fit."""
    driver = Driver()
    with tempfile.TemporaryDirectory(prefix="motcua-media-") as folder:
        for name, (calls, scene) in _wanted(names):
            for size, how in ((LYING, "lying"), (UPRIGHT, "upright")):
                wall = Wall(driver, size, None if calls is None else halls.busy(calls), Path(folder))
                for fault in _picture(wall, scene, out / f"display-{name}-{how}.png"):
                    sys.stderr.write(f"{name}-{how}: {fault}\n")
                driver.stop()


def _picture(wall: Wall, scene: Scene, path: Path) -> list[str]:
    """Write a state; what does not fit in it."""
    if wall.app.board.hall:
        wall.app.describe(hall())
    wall.settle()
    scene(wall)
    wall.settle()
    wall.driver.picture(path)
    return wall.faults()


def _wanted(names: list[str]) -> Iterator[tuple[str, tuple[int | None, Scene]]]:
    return ((name, scene) for name, scene in SCENES.items() if not names or name in names)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
