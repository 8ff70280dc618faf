"""An operator's desk in a real browser: by keyboard only, by double clicks, through lost connections."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.running import eventually
from tests.web.desk_steps import sign_in, state_of
from tests.web.looking import picture, weak_contrasts
from tests.web.losing import lose_the_first_answer
from tests.web.running import PIN, RunningHall
from tests.web.sessions import sit_down

pytestmark = pytest.mark.browser


def test_a_whole_ticket_by_keyboard_only(running: RunningHall, desk_page: Page, tmp_path: Path) -> None:
    ticket = running.issue(class_id="elderly").ticket
    waiting = running.issue().ticket
    desk_page.goto(f"{running.url}/desk")
    expect(desk_page.get_by_label("Số cán bộ")).to_be_focused()
    desk_page.keyboard.type("012")
    desk_page.keyboard.press("Tab")
    desk_page.keyboard.type(PIN)
    desk_page.keyboard.press("Tab")
    desk_page.keyboard.press("ArrowDown")
    picture(desk_page, tmp_path, "sign-in")
    assert weak_contrasts(desk_page) == []
    desk_page.keyboard.press("Enter")
    number, phase = desk_page.locator("#number"), desk_page.locator("#phase")
    expect(desk_page.locator("#main")).to_be_focused()
    expect(desk_page.locator("#light")).to_contain_text("Đã kết nối")
    expect(desk_page.locator("#rows tr")).to_have_count(2)
    picture(desk_page, tmp_path, "idle")
    desk_page.keyboard.press("F2")
    expect(number).to_have_text(ticket.number)
    expect(desk_page.locator("#signs")).to_have_text("CT Người cao tuổi")
    desk_page.keyboard.press("F3")
    expect(desk_page.locator("#recalls")).to_have_text("1/5 lần")
    picture(desk_page, tmp_path, "called")
    desk_page.keyboard.press("F4")
    expect(phase).to_have_text("Đang phục vụ")
    picture(desk_page, tmp_path, "serving")
    desk_page.keyboard.press("F8")
    expect(phase).to_have_text("Sẵn sàng")
    desk_page.keyboard.press("F2")
    expect(number).to_have_text(waiting.number)
    desk_page.keyboard.press("F9")
    expect(phase).to_have_text("Sẵn sàng")
    expect(desk_page.locator("#service")).to_have_text("Không có số đang chờ")
    assert (state_of(running, ticket.ticket_id), state_of(running, waiting.ticket_id)) == ("finished", "no_show")


def test_function_keys_do_only_what_the_state_allows(running: RunningHall, desk_page: Page) -> None:
    ticket = running.issue().ticket
    sit_down(desk_page, running)
    for key in ("F3", "F4", "F8", "F9"):
        desk_page.keyboard.press(key)
    desk_page.keyboard.press("F2")
    expect(desk_page.locator("#number")).to_have_text(ticket.number)
    desk_page.keyboard.press("F8")
    desk_page.keyboard.press("F2")
    expect(desk_page.locator("#notice")).to_be_hidden()
    assert state_of(running, ticket.ticket_id) == "called"


def test_a_double_click_is_one_press(running: RunningHall, desk_page: Page) -> None:
    ticket = running.issue().ticket
    running.issue()
    sit_down(desk_page, running)
    sent: list[str] = []
    desk_page.on("request", lambda request: sent.append(request.url) if "/command" in request.url else None)
    desk_page.locator("#main").dblclick()
    expect(desk_page.locator("#main")).to_contain_text("Đã đến")
    expect(desk_page.locator("#main")).to_be_enabled()
    assert len(sent) == 1
    assert state_of(running, ticket.ticket_id) == "called"


def test_a_second_enter_must_wait_until_the_button_has_settled(running: RunningHall, desk_page: Page) -> None:
    ticket = running.issue().ticket
    desk_page.clock.install()
    sit_down(desk_page, running)
    expect(desk_page.locator("#main")).to_be_focused()
    desk_page.clock.pause_at(desk_page.evaluate("Date.now() / 1000 + 60"))
    desk_page.keyboard.press("Enter")
    expect(desk_page.locator("#number")).to_have_text(ticket.number)
    expect(desk_page.locator("#main")).to_be_disabled()
    desk_page.keyboard.press("Enter")
    desk_page.clock.resume()
    expect(desk_page.locator("#main")).to_be_enabled()
    assert state_of(running, ticket.ticket_id) == "called"


def test_the_next_key_may_come_before_the_last_answer(running: RunningHall, desk_page: Page) -> None:
    first, second = running.issue().ticket, running.issue().ticket
    sit_down(desk_page, running)
    desk_page.keyboard.press("F2")
    desk_page.keyboard.press("F9")
    eventually(lambda: state_of(running, first.ticket_id) == "no_show")
    expect(desk_page.locator("#main")).to_be_enabled()
    expect(desk_page.locator("#main")).to_contain_text("Gọi số tiếp theo")
    desk_page.keyboard.press("F2")
    expect(desk_page.locator("#number")).to_have_text(second.number)


def test_a_lost_answer_is_asked_for_again_with_the_same_id(running: RunningHall, desk_page: Page) -> None:
    ticket = running.issue().ticket
    running.issue()
    sit_down(desk_page, running)
    bodies = lose_the_first_answer(desk_page, "**/desk/command*")
    desk_page.keyboard.press("F2")
    expect(desk_page.locator("#main")).to_be_enabled()
    expect(desk_page.locator("#number")).to_have_text(ticket.number)
    assert len(bodies) == 2
    assert bodies[0] == bodies[1]
    assert running.snapshot().services[0].waiting == 1


def test_nothing_is_lost_by_a_refresh(running: RunningHall, desk_page: Page) -> None:
    ticket = running.issue().ticket
    sign_in(desk_page, running)
    desk_page.keyboard.press("F2")
    desk_page.reload()
    expect(desk_page.locator("#number")).to_have_text(ticket.number)
    expect(desk_page.locator("#main")).to_contain_text("Đã đến")


def test_what_happens_elsewhere_shows_by_itself(running: RunningHall, desk_page: Page) -> None:
    sit_down(desk_page, running)
    ticket = running.issue().ticket
    expect(desk_page.locator("#rows")).to_contain_text(ticket.number)
    running.call_next("q2")
    expect(desk_page.locator("#number")).to_have_text(ticket.number)
    running.no_show("q2", ticket.ticket_id)
    expect(desk_page.locator("#phase")).to_have_text("Sẵn sàng")


def test_cancelling_asks_first(running: RunningHall, desk_page: Page) -> None:
    ticket = running.issue().ticket
    sit_down(desk_page, running)
    desk_page.keyboard.press("F2")
    expect(desk_page.locator("#number")).to_have_text(ticket.number)
    desk_page.keyboard.press("Control+F9")
    desk_page.get_by_role("button", name="Quay lại").click()
    assert state_of(running, ticket.ticket_id) == "called"
    desk_page.keyboard.press("Control+F9")
    expect(desk_page.get_by_role("dialog")).to_contain_text(f"Hủy phiếu {ticket.number}?")
    desk_page.get_by_role("button", name="Đồng ý").click()
    expect(desk_page.locator("#phase")).to_have_text("Sẵn sàng")
    assert state_of(running, ticket.ticket_id) == "cancelled"


def test_closing_the_counter_ends_the_session(running: RunningHall, desk_page: Page) -> None:
    sign_in(desk_page, running)
    desk_page.get_by_role("button", name="Khác").click()
    desk_page.get_by_role("button", name="Kết thúc ca").click()
    desk_page.get_by_role("button", name="Đồng ý").click()
    expect(desk_page.get_by_label("Mã PIN")).to_be_visible()
    assert not any(counter.open for counter in running.snapshot().counters)


def test_a_counter_closed_elsewhere_leads_back_to_the_door(running: RunningHall, desk_page: Page) -> None:
    sit_down(desk_page, running)
    running.clear()
    expect(desk_page.locator("#phase")).to_have_text("Quầy đã đóng")
    desk_page.get_by_role("button", name="Vào quầy lại").click()
    expect(desk_page.get_by_label("Mã PIN")).to_be_visible()


def test_the_light_shows_a_lost_server_and_its_return(fresh: RunningHall, desk_page: Page) -> None:
    sit_down(desk_page, fresh)
    light = desk_page.locator("#light")
    expect(light).to_contain_text("Đã kết nối")
    fresh.server.kill()
    fresh.server.wait()
    expect(light).to_contain_text("Mất kết nối máy chủ")
    fresh.server = fresh.start_server()
    expect(light).to_contain_text("Đã kết nối")
    fresh.web.terminate()
    fresh.web.wait()
    expect(light).to_have_text("Mất kết nối")


@pytest.mark.parametrize(("width", "height"), [(380, 740), pytest.param(1280, 800, marks=pytest.mark.long), (900, 64)])
def test_it_fits_a_column_a_screen_and_a_strip(
    running: RunningHall, desk_page: Page, width: int, height: int, tmp_path: Path
) -> None:
    running.issue("trap", "elderly")
    desk_page.set_viewport_size({"width": width, "height": height})
    sit_down(desk_page, running)
    picture(desk_page, tmp_path, "idle")
    assert weak_contrasts(desk_page) == []
    desk_page.keyboard.press("F2")
    expect(desk_page.locator("#main")).to_contain_text("Đã đến")
    expect(desk_page.locator("#main")).to_be_enabled()
    picture(desk_page, tmp_path, "called")
    assert weak_contrasts(desk_page) == []
    assert "pwned" not in desk_page.title()
