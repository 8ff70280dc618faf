"""A whole morning at a counter, by the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.running import eventually
from tests.web.desk_steps import press, ready, state_of, ticket_of
from tests.web.running import PIN, RunningHall

pytestmark = pytest.mark.browser
IDLE, CALLED, SERVING = "Sẵn sàng", "Đã gọi, chờ công dân đến", "Đang phục vụ"


def open_by_keyboard(page: Page, running: RunningHall) -> None:
    page.goto(f"{running.url}/desk")
    expect(page.get_by_label("Số cán bộ")).to_be_focused()
    page.keyboard.type("012")
    page.keyboard.press("Tab")
    page.keyboard.type(PIN)
    page.keyboard.press("Tab")
    for _ in range(2):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator(".where")).to_contain_text("Quầy 2")
    ready(page)


def number(page: Page, shown: str) -> None:
    expect(page.locator("#number")).to_have_text(shown)


def test_a_morning_by_the_keyboard_alone(running: RunningHall, desk_page: Page) -> None:
    first, second, third, fourth = (running.issue().ticket for _ in range(4))
    running.open("q1", "034")
    open_by_keyboard(desk_page, running)

    press(desk_page, "F2", CALLED)
    number(desk_page, first.number)
    desk_page.keyboard.press("F3")
    expect(desk_page.locator("#recalls")).to_have_text("1/5 lần")
    press(desk_page, "F4", SERVING)
    press(desk_page, "F8", IDLE)

    press(desk_page, "F2", CALLED)
    number(desk_page, second.number)
    press(desk_page, "F9", IDLE)
    desk_page.keyboard.press("Shift+F9")
    expect(desk_page.get_by_role("button", name=f"Khôi phục số {second.number}")).to_be_focused()
    desk_page.keyboard.press("Enter")
    expect(desk_page.locator("#rows tr").first).to_contain_text(second.number)

    press(desk_page, "F2", CALLED)
    number(desk_page, second.number)
    press(desk_page, "F4", SERVING)
    desk_page.keyboard.press("F6")
    desk_page.keyboard.type("20")
    desk_page.keyboard.press("Tab")
    desk_page.keyboard.type("Chờ bản sao")
    press(desk_page, "Enter", IDLE)
    desk_page.keyboard.press("Shift+F6")
    expect(desk_page.locator("#list-parked")).to_contain_text("còn 20 phút")
    expect(desk_page.locator("#list-parked")).to_contain_text("Chờ bản sao")
    press(desk_page, "Enter", CALLED)
    press(desk_page, "F4", SERVING)

    press(desk_page, "F2", CALLED)
    number(desk_page, third.number)
    assert state_of(running, second.ticket_id) == "finished"
    press(desk_page, "F4", SERVING)
    desk_page.keyboard.press("F7")
    desk_page.keyboard.press("ArrowDown")
    for _ in range(3):
        desk_page.keyboard.press("Tab")
    desk_page.keyboard.type("Đã đủ giấy tờ")
    press(desk_page, "Enter", IDLE)
    assert ticket_of(running, third.ticket_id).to_counter_id == "q1"

    press(desk_page, "F2", CALLED)
    number(desk_page, fourth.number)
    expect(desk_page.locator("#undo-text")).to_have_text(f"Hoàn tác: gọi số {fourth.number}")
    press(desk_page, "Control+Backspace", IDLE)
    assert state_of(running, fourth.ticket_id) == "waiting"

    desk_page.keyboard.press("F12")
    expect(desk_page.get_by_role("button", name="Nghỉ giải lao")).to_be_focused()
    press(desk_page, "Enter", "Tạm dừng: Nghỉ giải lao")
    press(desk_page, "F12", IDLE)

    press(desk_page, "F2", CALLED)
    press(desk_page, "F4", SERVING)
    desk_page.keyboard.press("Shift+F8")
    desk_page.keyboard.press("Tab")
    desk_page.keyboard.type("2")
    desk_page.keyboard.press("Tab")
    desk_page.keyboard.press("ArrowDown")
    desk_page.keyboard.press("Shift+Tab")
    press(desk_page, "Enter", IDLE)
    done = ticket_of(running, fourth.ticket_id).performed[0]
    assert (done.service_id, done.quantity, done.result_id) == ("ho-tich", 2, "received")

    press(desk_page, "Shift+F12", "Đang chờ người kế tiếp")
    last = running.issue().ticket
    expect(desk_page.locator("#phase")).to_have_text(CALLED)
    number(desk_page, last.number)
    ready(desk_page)
    press(desk_page, "F9", IDLE)

    desk_page.keyboard.press("Control+F12")
    expect(desk_page.get_by_role("button", name="Quay lại")).to_be_focused()
    desk_page.keyboard.press("Tab")
    desk_page.keyboard.press("Enter")
    expect(desk_page.get_by_label("Mã PIN")).to_be_visible()
    eventually(lambda: [one.counter_id for one in running.snapshot().counters if one.open] == ["q1"])
