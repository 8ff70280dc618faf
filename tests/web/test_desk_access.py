"""The desk for everybody: no serious fault by axe, strong contrasts, nothing cut off, in every layout and dialog."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from protocol.commands import RaiseAlarm, SendMessage
from tests.web.desk_steps import press
from tests.web.looking import check
from tests.web.running import RunningHall
from tests.web.sessions import sit_down

pytestmark = pytest.mark.browser
IDLE, CALLED, SERVING = "Sẵn sàng", "Đã gọi, chờ công dân đến", "Đang phục vụ"
LAYOUTS = {"column": (380, 900), "screen": (1280, 800), "bar": (1200, 60)}


@pytest.mark.parametrize(
    "layout", [pytest.param(name, marks=[pytest.mark.long] if name != "column" else []) for name in LAYOUTS]
)
def test_every_layout_is_for_everybody(running: RunningHall, desk_page: Page, layout: str, tmp_path: Path) -> None:
    width, height = LAYOUTS[layout]
    desk_page.set_viewport_size({"width": width, "height": height})
    for class_id in ("elderly", "ordinary", "ordinary"):
        running.issue(class_id=class_id)
    sit_down(desk_page, running)
    check(desk_page, tmp_path, "idle")
    press(desk_page, "F2", CALLED)
    check(desk_page, tmp_path, "called")
    press(desk_page, "F4", SERVING)
    check(desk_page, tmp_path, "serving")
    running.open("q1", "034")
    running.desk.call(RaiseAlarm("q1"))
    running.desk.call(SendMessage("078", "Họp giao ban lúc 11 giờ"))
    expect(desk_page.locator("#alarms li")).to_have_count(1)
    check(desk_page, tmp_path, "alarm")
    press(desk_page, "F8", IDLE)
    desk_page.keyboard.press("F12")
    press(desk_page, "Enter", "Tạm dừng: Nghỉ giải lao")
    check(desk_page, tmp_path, "paused")


@pytest.mark.long
def test_every_tab_is_for_everybody(running: RunningHall, desk_page: Page, tmp_path: Path) -> None:
    for _ in range(3):
        running.issue()
    desk_page.set_viewport_size({"width": 380, "height": 900})
    sit_down(desk_page, running)
    press(desk_page, "F2", CALLED)
    press(desk_page, "F9", IDLE)
    press(desk_page, "F2", CALLED)
    desk_page.keyboard.press("F6")
    press(desk_page, "Enter", IDLE)
    press(desk_page, "F2", CALLED)
    press(desk_page, "F4", SERVING)
    press(desk_page, "F8", IDLE)
    desk_page.locator("#tab-waiting").focus()
    for name in ("parked", "missed", "done"):
        desk_page.keyboard.press("ArrowRight")
        expect(desk_page.locator(f"#tab-{name}")).to_be_focused()
        expect(desk_page.locator(f"#panel-{name}")).to_be_visible()
        check(desk_page, tmp_path, name)


@pytest.mark.parametrize("width", [380, pytest.param(1280, marks=pytest.mark.long)])
def test_every_dialog_is_for_everybody(running: RunningHall, desk_page: Page, width: int, tmp_path: Path) -> None:
    running.issue("trap")
    running.issue()
    desk_page.set_viewport_size({"width": width, "height": 800})
    sit_down(desk_page, running, operator="034")
    dialogs(desk_page, tmp_path, {"F1": "keys", "F10": "more", "F12": "choose", "Shift+F2": "choose"})
    dialogs(desk_page, tmp_path, {"Shift+F3": "call", "Control+F2": "direct", "Control+F3": "check-in"})
    press(desk_page, "F2", CALLED)
    dialogs(desk_page, tmp_path, {"F6": "park", "F7": "transfer", "Control+F9": "sure", "Control+F1": "sure"})
    press(desk_page, "F4", SERVING)
    dialogs(desk_page, tmp_path, {"Shift+F8": "results", "Shift+F7": "note", "Shift+F4": "back"})


def dialogs(page: Page, folder: Path, keys: dict[str, str]) -> None:
    for key, name in keys.items():
        page.keyboard.press(key)
        expect(page.locator(f"#dialog-{name}")).to_be_visible()
        check(page, folder, f"{name}-{key}")
        page.keyboard.press("Escape")
        expect(page.locator(f"#dialog-{name}")).to_be_hidden()


def test_the_door_is_for_everybody(running: RunningHall, desk_page: Page, tmp_path: Path) -> None:
    running.open("q2", "034")
    desk_page.goto(f"{running.url}/desk")
    check(desk_page, tmp_path, "door")


def test_in_a_bar_nothing_is_cut_off(running: RunningHall, desk_page: Page) -> None:
    running.issue(class_id="elderly")
    sit_down(desk_page, running)
    for width in (1200, 900):
        desk_page.set_viewport_size({"width": width, "height": 60})
        press(desk_page, "F2", CALLED)
        for place in ("#number", "#since", "#main", "#light", "#waiting-total", "[data-do=mark_no_show]"):
            box = desk_page.locator(place).first.bounding_box()
            assert box is not None, place
            assert box["x"] >= 0, place
            assert box["x"] + box["width"] <= width, place
            assert box["y"] + box["height"] <= 60, place
        number, main = (desk_page.locator(place).bounding_box() for place in ("#since", "#main"))
        assert number is not None
        assert main is not None
        assert number["x"] + number["width"] <= main["x"]
        press(desk_page, "Control+Backspace", IDLE)


def test_buttons_never_jump(running: RunningHall, desk_page: Page) -> None:
    running.issue(class_id="elderly")
    running.issue()
    desk_page.set_viewport_size({"width": 380, "height": 900})
    sit_down(desk_page, running)

    def places() -> list[tuple[float, float]]:
        boxes = [one.bounding_box() for one in desk_page.locator(".deeds button:visible").all()]
        return [(box["x"], box["y"]) for box in boxes if box]

    before = places()
    assert len(before) == 13
    press(desk_page, "F2", CALLED)
    assert places() == before
    press(desk_page, "F4", SERVING)
    assert places() == before
    press(desk_page, "F8", IDLE)
    desk_page.keyboard.press("F12")
    press(desk_page, "Enter", "Tạm dừng: Nghỉ giải lao")
    assert places() == before
