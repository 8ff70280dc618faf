"""The supervisor's page in a real browser: live, by mouse and by keyboard, and when the server is lost."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from protocol.commands import RaiseAlarm, SuspendService
from protocol.words import Issuing, TicketState
from tests.running import eventually
from tests.web.looking import check, picture
from tests.web.losing import lose_the_first_answer
from tests.web.running import PIN, RunningHall
from tests.web.sessions import lead, listening
from tests.web.supervisor_halls import AUDITOR, LEADER, OPERATOR, overview

pytestmark = pytest.mark.browser
SIZES = [(1366, 768), (800, 1100), (390, 780)]


def sign_in(page: Page, running: RunningHall) -> None:
    page.goto(f"{running.url}/supervisor")
    page.locator("#operator").fill(LEADER)
    page.locator("#pin").fill(PIN)
    page.locator("button.primary").click()
    listening(page)


def held(running: RunningHall, counter_id: str = "q1") -> str:
    found = next(one for one in overview(running).counters if one.counter_id == counter_id)
    return found.operator_id or ""


def issuing(running: RunningHall) -> Issuing:
    return next(one.status.issuing for one in overview(running).services if one.status.service_id == "ho-tich")


def test_what_happens_in_the_hall_shows_without_a_reload(running: RunningHall, desk_page: Page) -> None:
    sign_in(desk_page, running)
    desk_page.evaluate("window.stayed = true")
    counter = desk_page.locator("#counter-q1")
    expect(counter).to_contain_text("đóng")
    running.open("q1", OPERATOR)
    expect(counter).to_contain_text("Rảnh")
    ticket = running.issue(class_id="elderly").ticket
    expect(desk_page.locator(f"#ticket-{ticket.ticket_id}")).to_be_visible()
    expect(desk_page.locator("#figure-waiting")).to_contain_text("1")
    expect(desk_page.locator("#service-ho-tich")).to_contain_text("Hộ tịch, chứng thực")
    running.call_next("q1")
    expect(counter).to_contain_text("Đã gọi")
    expect(counter).to_contain_text(ticket.number)
    expect(counter.locator(".timer")).to_have_text(re.compile(r"^\d+:\d\d$"))
    running.desk.call(RaiseAlarm("q1"))
    expect(desk_page.locator("#part-alerts")).to_contain_text("Quầy 1 báo khẩn cấp!")
    assert desk_page.evaluate("window.stayed")


def test_one_look_costs_the_hall_at_most_one_question_a_second(running: RunningHall, desk_page: Page) -> None:
    lead(desk_page, running)
    desk_page.evaluate(
        "window.pushed = 0; new EventSource('/supervisor/events').addEventListener('state', () => { pushed += 1; })"
    )
    eventually(lambda: desk_page.evaluate("pushed > 0"))  # a predicate that polls in the page would be an eval
    tickets = [running.issue().ticket for _ in range(25)]
    expect(desk_page.locator(f"#ticket-{tickets[-1].ticket_id}")).to_be_attached()
    assert desk_page.evaluate("pushed") < 15


def test_an_alarm_is_answered_with_one_press(running: RunningHall, desk_page: Page) -> None:
    running.open("q1", OPERATOR)
    running.desk.call(RaiseAlarm("q1"))
    lead(desk_page, running)
    desk_page.get_by_role("button", name="Đã có người hỗ trợ").click()
    expect(desk_page.locator("#toast")).to_have_text("Đã thực hiện.")
    expect(desk_page.locator("#part-alerts")).not_to_contain_text("khẩn cấp")


def test_a_service_is_suspended_by_keyboard_alone(running: RunningHall, desk_page: Page) -> None:
    running.issue()
    lead(desk_page, running)
    desk_page.locator("#service-ho-tich button").focus()
    desk_page.keyboard.press("Enter")
    expect(desk_page.get_by_role("heading", name="Hộ tịch, chứng thực")).to_be_visible()
    desk_page.get_by_label("Lý do").focus()
    desk_page.keyboard.type("Họp đột xuất")
    desk_page.keyboard.press("Enter")
    expect(desk_page.locator("#dialog")).to_be_hidden()
    expect(desk_page.locator("#service-ho-tich")).to_contain_text("Tạm ngừng cấp số: Họp đột xuất")
    assert issuing(running) is Issuing.SUSPENDED
    desk_page.get_by_role("button", name="Mở lại").click()
    eventually(lambda: issuing(running) is Issuing.OPEN)


def test_taking_over_a_counter_asks_first(running: RunningHall, desk_page: Page) -> None:
    running.open("q1", OPERATOR)
    lead(desk_page, running)
    desk_page.locator("#counter-q1 button").click()
    desk_page.get_by_label("Cán bộ vào quầy").select_option("034")
    take_over = desk_page.get_by_role("button", name="Thay người")
    take_over.click()
    expect(desk_page.locator("#sure")).to_contain_text("Thay người tại Quầy 1?")
    desk_page.get_by_role("button", name="Quay lại").click()
    assert held(running) == OPERATOR
    take_over.click()
    desk_page.get_by_role("button", name="Đồng ý").click()
    expect(desk_page.locator("#counter-q1")).to_contain_text("Cán bộ hai")
    assert held(running) == "034"


def test_a_number_is_found_and_moved(running: RunningHall, desk_page: Page) -> None:
    ticket = running.issue().ticket
    lead(desk_page, running)
    desk_page.get_by_role("searchbox").fill(ticket.number.lower())
    desk_page.keyboard.press("Enter")
    desk_page.get_by_label("Chờ riêng quầy").select_option("q2")
    desk_page.get_by_role("button", name="Chuyển", exact=True).click()
    expect(desk_page.locator(f"#ticket-{ticket.ticket_id}")).to_contain_text("chờ riêng Quầy 2")


def test_a_refused_form_says_why_shows_what_is_true_and_keeps_what_was_typed(
    running: RunningHall, desk_page: Page
) -> None:
    ticket = running.issue().ticket
    running.open("q2", OPERATOR)
    lead(desk_page, running)
    desk_page.locator(f"#ticket-{ticket.ticket_id} button").click()
    desk_page.get_by_label("Lý do").fill("Trùng số")
    running.serve_out("q2")
    desk_page.get_by_role("button", name="Hủy số này").click()
    desk_page.get_by_role("button", name="Đồng ý").click()
    expect(desk_page.locator("#notice")).to_contain_text("Phiếu đã chuyển trạng thái")
    expect(desk_page.locator("#dialog-body")).to_contain_text("Hoàn thành")
    expect(desk_page.get_by_role("button", name="Hủy số này")).to_have_count(0)


def test_the_reason_of_a_call_is_read_beside_another_number(running: RunningHall, desk_page: Page) -> None:
    first = running.issue().ticket
    elderly = running.issue(class_id="elderly").ticket
    running.open("q1", OPERATOR)
    running.call_next("q1")
    lead(desk_page, running)
    desk_page.locator(f"#ticket-{first.ticket_id} button").click()
    desk_page.get_by_label("Số đã được gọi trước").fill(elderly.number)
    desk_page.get_by_role("button", name="Giải thích").click()
    expect(desk_page.get_by_role("heading")).to_contain_text(
        [f"Vì sao gọi {elderly.number}, không phải {first.number}?"]
    )
    expect(desk_page.locator(".verdict")).to_contain_text("Ai nhiều điểm hơn được gọi trước.")


def test_updates_keep_focus_typing_and_an_unfolded_list(running: RunningHall, desk_page: Page) -> None:
    lead(desk_page, running)
    desk_page.locator("#counter-q2 button").focus()
    desk_page.locator("#hours-table summary").click()
    desk_page.locator("#number").fill("B")
    desk_page.evaluate("document.querySelector('#counter-q2 button').focus()")
    ticket = running.issue().ticket
    shown = running.issue("trap").ticket
    running.open("q2", OPERATOR)
    expect(desk_page.locator("#counter-q2")).to_contain_text("Rảnh")
    expect(desk_page.locator("#counter-q2 button")).to_be_focused()
    expect(desk_page.locator("#hours-table")).to_have_attribute("open", "")
    expect(desk_page.locator(f"#ticket-{shown.ticket_id}")).to_be_visible()
    expect(desk_page.locator(f"#ticket-{ticket.ticket_id}")).to_be_hidden()


def test_a_lost_answer_is_asked_for_again_with_the_same_id(running: RunningHall, desk_page: Page) -> None:
    running.issue()
    lead(desk_page, running)
    bodies = lose_the_first_answer(desk_page, "**/supervisor/command*")
    desk_page.locator("#service-ho-tich button").click()
    desk_page.get_by_role("button", name="Ngừng cấp số").click()
    expect(desk_page.locator("#toast")).to_have_text("Đã thực hiện.")
    assert len(bodies) == 2
    assert bodies[0] == bodies[1]


def test_an_appointment_ends_with_a_slip_to_print(running: RunningHall, desk_page: Page, tmp_path: Path) -> None:
    lead(desk_page, running)
    desk_page.get_by_role("button", name="Đặt hẹn cho công dân").click()
    desk_page.locator("#service").select_option("ho-tich")
    day = desk_page.locator("[name=day]")
    day.fill(str(day.get_attribute("max")))
    desk_page.locator("[name=time]").fill("09:05")
    desk_page.get_by_role("button", name="Đặt hẹn", exact=True).click()
    with desk_page.expect_popup() as opened:
        desk_page.get_by_role("link", name="Mở phiếu hẹn để in").click()
    slip = opened.value
    expect(slip.get_by_role("heading", name="Phiếu hẹn")).to_be_visible()
    eventually(lambda: slip.evaluate("document.querySelector('img').naturalWidth") > 0)
    picture(slip, tmp_path, "slip")


def test_an_auditor_has_no_button_that_changes_anything(running: RunningHall, desk_page: Page) -> None:
    ticket = running.issue().ticket
    running.open("q1", OPERATOR)
    running.desk.call(RaiseAlarm("q1"))
    lead(desk_page, running, AUDITOR)
    expect(desk_page.locator(".looking")).to_contain_text("Kiểm tra viên")
    for opener in ("#counter-q1 button", "#service-ho-tich button", f"#ticket-{ticket.ticket_id} button"):
        desk_page.locator(opener).first.click()
        expect(desk_page.locator("#dialog h2")).to_be_visible()
        expect(desk_page.locator("[data-do]")).to_have_count(0)
        desk_page.keyboard.press("Escape")
    desk_page.get_by_role("link", name="Nhật ký").click()
    expect(desk_page.locator("table.journal")).to_contain_text(f"Cấp số {ticket.number}")


def test_a_lost_server_is_said_with_the_time_and_forgotten_when_it_is_back(
    fresh: RunningHall, desk_page: Page, tmp_path: Path
) -> None:
    fresh.issue()
    lead(desk_page, fresh)
    fresh.server.kill()
    fresh.server.wait()
    banner = desk_page.locator("#banner")
    expect(banner).to_contain_text("Máy chủ không trả lời từ")
    expect(banner).to_contain_text(re.compile(r"\d\d:\d\d:\d\d"))
    expect(desk_page.locator("body")).to_have_attribute("data-connected", "no")
    picture(desk_page, tmp_path, "lost")
    desk_page.locator("#counter-q1 button").click()
    expect(desk_page.locator("#toast")).to_have_text("Chưa thực hiện được: đang mất kết nối.")
    expect(desk_page.locator("#dialog")).to_be_hidden()
    fresh.server = fresh.start_server()
    expect(banner).to_be_hidden()
    ticket = fresh.issue().ticket
    expect(desk_page.locator(f"#ticket-{ticket.ticket_id}")).to_be_visible()
    fresh.web.terminate()
    fresh.web.wait()
    expect(banner).to_contain_text("Mất kết nối từ")


@pytest.mark.parametrize(
    ("width", "height"), [SIZES[0], *(pytest.param(*size, marks=pytest.mark.long) for size in SIZES[1:])]
)
def test_it_is_for_everybody_on_a_desk_a_tablet_and_a_phone(
    running: RunningHall, desk_page: Page, width: int, height: int, tmp_path: Path
) -> None:
    running.open("q1", OPERATOR)
    running.open("q2", "034")
    running.desk.call(RaiseAlarm("q2"))
    running.desk.call(SuspendService(LEADER, "trap", "Họp đột xuất đến cuối buổi sáng"))
    for _ in range(4):
        running.issue(class_id="elderly")
    running.call_next("q1")
    desk_page.set_viewport_size({"width": width, "height": height})
    lead(desk_page, running)
    check(desk_page, tmp_path, "page")
    asks = ("#counter-q1 button", "#service-ho-tich button", "#ticket-table .number:visible", "#device-desk button")
    for opener in (*asks, "[data-ask=message]", "[data-ask=forecast]", "[data-ask=appointment]"):
        desk_page.locator(opener).first.click()
        expect(desk_page.locator("#dialog")).to_be_visible()
        check(desk_page, tmp_path, "form")
        assert desk_page.evaluate("(d => d.scrollWidth <= d.clientWidth)(document.getElementById('dialog'))")
        desk_page.keyboard.press("Escape")
    assert "pwned" not in desk_page.title()
    desk_page.goto(f"{running.url}/supervisor/journal")
    check(desk_page, tmp_path, "journal")


def test_an_empty_hall_is_calm(fresh: RunningHall, desk_page: Page, tmp_path: Path) -> None:
    lead(desk_page, fresh, query="?lang=en")
    expect(desk_page.locator("#part-alerts")).to_contain_text("Nothing needs attention.")
    expect(desk_page.locator("#part-services")).to_contain_text("Nobody is waiting.")
    expect(desk_page.locator("#ticket-none")).to_have_text("No numbers.")
    assert overview(fresh).tickets == []
    assert all(counter.ticket is None for counter in overview(fresh).counters)
    assert TicketState.WAITING not in {ticket.state for ticket in overview(fresh).missed}
    picture(desk_page, tmp_path, "empty")
