"""The desk's keys: changed by each operator, pressed on the number pad, and the focus that is never lost."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.running import eventually
from tests.web.desk_steps import pad_digit, press, ready, state_of, ticket_of
from tests.web.running import RunningHall
from tests.web.sessions import sit_down

pytestmark = pytest.mark.browser
IDLE, CALLED, SERVING = "Sẵn sàng", "Đã gọi, chờ công dân đến", "Đang phục vụ"


def change(page: Page, deed: str, key: str) -> None:
    page.get_by_role("button", name=f"Đổi: {deed}", exact=True).click()
    page.keyboard.press(key)


def test_an_operator_changes_a_key_and_keeps_it(running: RunningHall, desk_page: Page) -> None:
    running.issue()
    sit_down(desk_page, running)
    desk_page.keyboard.press("F1")
    said = desk_page.locator("#keys-said")
    change(desk_page, "Gọi số tiếp theo", "F3")
    expect(said).to_have_text("Phím F3 đang dùng cho “Gọi lại”.")
    for refused, shown in (("a", "A"), ("5", "5"), ("F5", "F5"), ("Enter", "Enter")):
        change(desk_page, "Gọi số tiếp theo", refused)
        expect(said).to_have_text(f"Không dùng được phím {shown}.")
    change(desk_page, "Gọi số tiếp theo", "Alt+F2")
    expect(said).to_have_text("“Gọi số tiếp theo” nay dùng phím Alt+F2.")
    desk_page.keyboard.press("Escape")
    desk_page.reload()
    expect(desk_page.locator("#main-key")).to_have_text("Alt+F2")
    ready(desk_page)
    desk_page.keyboard.press("F2")
    expect(desk_page.locator("#phase")).to_have_text(IDLE)
    press(desk_page, "Alt+F2", CALLED)
    desk_page.keyboard.press("F1")
    desk_page.get_by_role("button", name="Trở về mặc định").click()
    desk_page.keyboard.press("Escape")
    press(desk_page, "F9", IDLE)
    expect(desk_page.locator("#main-key")).to_have_text("F2")


def test_escape_while_a_key_is_awaited_changes_nothing(running: RunningHall, desk_page: Page) -> None:
    sit_down(desk_page, running)
    desk_page.keyboard.press("F1")
    change(desk_page, "Gọi lại", "Escape")
    expect(desk_page.locator("#keys-said")).to_have_text("")
    expect(desk_page.locator("#dialog-keys")).to_be_visible()
    desk_page.keyboard.press("Escape")
    expect(desk_page.locator("#dialog-keys")).to_be_hidden()


def test_the_number_pad_is_a_call_box(running: RunningHall, desk_page: Page) -> None:
    first, second, third = (running.issue().ticket for _ in range(3))
    sit_down(desk_page, running, operator="034")
    press(desk_page, "NumpadEnter", CALLED)
    desk_page.keyboard.press("NumpadAdd")
    expect(desk_page.locator("#recalls")).to_have_text("1/5 lần")
    press(desk_page, "NumpadSubtract", IDLE)
    assert state_of(running, first.ticket_id) == "no_show"
    digits = third.number.lstrip("A0")
    for digit in digits:
        pad_digit(desk_page, digit)
    expect(desk_page.locator("#typed")).to_have_text(f"Gọi số {digits}: bấm Enter")
    press(desk_page, "NumpadEnter", CALLED)
    expect(desk_page.locator("#number")).to_have_text(third.number)
    press(desk_page, "NumpadEnter", SERVING)
    desk_page.keyboard.press("NumpadMultiply")
    press(desk_page, "NumpadEnter", IDLE)
    assert (state_of(running, third.ticket_id), state_of(running, second.ticket_id)) == ("parked", "waiting")


def test_the_pads_digits_belong_to_a_field_while_it_has_the_focus(running: RunningHall, desk_page: Page) -> None:
    running.issue()
    sit_down(desk_page, running)
    press(desk_page, "F2", CALLED)
    desk_page.keyboard.press("F6")
    for digit in "45":
        pad_digit(desk_page, digit)
    expect(desk_page.get_by_label("Trong bao nhiêu phút")).to_have_value("45")
    expect(desk_page.locator("#typed")).to_have_text("")


def test_a_pad_number_that_nobody_has_is_said(running: RunningHall, desk_page: Page) -> None:
    sit_down(desk_page, running, operator="034")
    for digit in "999":
        pad_digit(desk_page, digit)
    desk_page.keyboard.press("NumpadEnter")
    expect(desk_page.locator("#notice")).to_have_text("Không có số 999 đang chờ.")


def test_without_numlock_the_pads_keys_are_arrows(running: RunningHall, desk_page: Page) -> None:
    sit_down(desk_page, running, operator="034")
    desk_page.keyboard.press("Numpad4")
    expect(desk_page.locator("#typed")).to_have_text("")


def test_escape_ends_the_wait_for_the_next_arrival(running: RunningHall, desk_page: Page) -> None:
    sit_down(desk_page, running)
    press(desk_page, "Shift+F12", "Đang chờ người kế tiếp")
    expect(desk_page.locator("#wait-next")).to_have_attribute("aria-pressed", "true")
    press(desk_page, "Escape", IDLE)
    ticket = running.issue().ticket
    expect(desk_page.locator("#rows")).to_contain_text(ticket.number)
    assert state_of(running, ticket.ticket_id) == "waiting"


def test_a_dialog_keeps_the_focus_inside_and_gives_it_back(running: RunningHall, desk_page: Page) -> None:
    running.issue()
    sit_down(desk_page, running)
    press(desk_page, "F2", CALLED)
    desk_page.keyboard.press("F6")
    for _ in range(8):
        desk_page.keyboard.press("Tab")
        focused = desk_page.evaluate(
            "document.activeElement === document.body || Boolean(document.activeElement.closest('dialog'))"
        )
        assert focused
    desk_page.keyboard.press("F2")
    desk_page.keyboard.press("Escape")
    expect(desk_page.locator("#main")).to_be_focused()
    expect(desk_page.locator("#phase")).to_have_text(CALLED)


def test_all_buttons_rest_while_a_press_is_on_its_way_and_the_focus_returns(
    running: RunningHall, desk_page: Page
) -> None:
    ticket = running.issue().ticket
    sit_down(desk_page, running)
    press(desk_page, "F2", CALLED)
    held: list[Route] = []
    desk_page.route("**/desk/command*", lambda route: held.append(route))
    recall = desk_page.get_by_role("button", name="Gọi lại")
    recall.focus()
    desk_page.keyboard.press("Enter")
    for name in ("Gọi lại", "Vắng mặt", "Đã đến", "Khác"):
        expect(desk_page.get_by_role("button", name=name)).to_be_disabled()
    eventually(lambda: desk_page.evaluate("1") and held)
    held[0].continue_()
    expect(recall).to_be_focused()
    assert ticket_of(running, ticket.ticket_id).recalls == 1


def test_a_lists_button_keeps_the_focus_when_the_list_changes(running: RunningHall, desk_page: Page) -> None:
    first = running.issue().ticket
    sit_down(desk_page, running)
    press(desk_page, "F2", CALLED)
    press(desk_page, "F9", IDLE)
    desk_page.keyboard.press("Shift+F9")
    restore = desk_page.get_by_role("button", name=f"Khôi phục số {first.number}")
    expect(restore).to_be_focused()
    running.issue()
    running.open("q1", "034")
    missed = running.call_next("q1").ticket
    assert missed is not None
    running.no_show("q1", missed.ticket_id)
    expect(desk_page.locator("#list-missed")).to_contain_text(missed.number)
    expect(restore).to_be_focused()
