"""What an operator does with a ticket beside calling and finishing it, on the real page of a real hall."""

import io
import re

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from protocol.commands import CallNext, TransferTicket
from protocol.replies import CallReply
from tests.running import eventually
from tests.web.desk_steps import press, ready, state_of, ticket_of
from tests.web.running import RunningHall
from tests.web.sessions import sit_down

pytestmark = pytest.mark.browser
IDLE, CALLED, SERVING = "Sẵn sàng", "Đã gọi, chờ công dân đến", "Đang phục vụ"


def serve(page: Page) -> None:
    press(page, "F2", CALLED)
    press(page, "F4", SERVING)


def test_a_come_back_slip_is_printed_read_and_checked_in(running: RunningHall, desk_page: Page) -> None:
    ticket = running.issue().ticket
    sit_down(desk_page, running)
    serve(desk_page)
    with desk_page.expect_popup() as opened:
        desk_page.keyboard.press("Shift+F4")
        desk_page.get_by_label("Giấy tờ còn thiếu").fill("Giấy chứng sinh\n\n Căn cước của bố ")
        desk_page.get_by_label("Có hiệu lực trong").fill("24")
        desk_page.keyboard.press("Enter")
    slip = opened.value
    expect(slip.locator(".number")).to_have_text(ticket.number)
    expect(slip.locator("li")).to_have_text(["Giấy chứng sinh", "Căn cước của bố"])
    expect(slip.locator("main")).to_contain_text("Trung tâm Phục vụ hành chính công phường Thử")
    expect(slip.locator(".until")).to_have_text(re.compile(r"Có hiệu lực đến \d\d:\d\d, ngày \d\d/\d\d/\d{4}"))
    picture = slip.locator("img")
    assert picture.evaluate("one => one.decode()") is None
    with Image.open(io.BytesIO(picture.screenshot())) as shot:
        found = zxingcpp.read_barcodes(shot)
    slip.close()
    expect(desk_page.locator("#notice")).to_contain_text(f"Đã cấp phiếu quay lại cho số {ticket.number}.")
    assert state_of(running, ticket.ticket_id) == "finished"
    desk_page.keyboard.press("Control+F3")
    desk_page.keyboard.type(found[0].text)
    desk_page.keyboard.press("Enter")
    expect(desk_page.locator("#notice")).to_contain_text("và đưa vào hàng chờ")
    expect(desk_page.locator("#rows .badge.come_back")).to_have_text("BS")
    desk_page.keyboard.press("Control+F3")
    desk_page.keyboard.type(found[0].text)
    desk_page.keyboard.press("Enter")
    expect(desk_page.locator("#notice")).to_have_text("Phiếu hẹn này đã được sử dụng.")


def test_a_false_claim_makes_the_ticket_ordinary_and_is_asked_once(running: RunningHall, desk_page: Page) -> None:
    ticket = running.issue(class_id="elderly").ticket
    sit_down(desk_page, running)
    press(desk_page, "F2", CALLED)
    expect(desk_page.locator("#claim")).to_contain_text("Căn cước, từ đủ 75 tuổi")
    desk_page.get_by_role("button", name="✗ Không").click()
    expect(desk_page.locator("#claim")).to_be_hidden()
    expect(desk_page.locator("#signs")).to_be_empty()
    assert ticket_of(running, ticket.ticket_id).claim_valid is False


def test_several_services_are_recorded_and_the_last_result_is_offered_again(
    running: RunningHall, desk_page: Page
) -> None:
    first = running.issue().ticket
    running.issue()
    sit_down(desk_page, running)
    serve(desk_page)
    desk_page.keyboard.press("Shift+F8")
    dialog = desk_page.get_by_role("dialog")
    dialog.get_by_label("Kết quả").select_option("received")
    dialog.get_by_role("button", name="Thêm lĩnh vực").click()
    dialog.get_by_label("Lĩnh vực").nth(1).select_option("trap")
    dialog.get_by_label("Số lượng").nth(1).fill("3")
    dialog.get_by_role("button", name="Ghi lại").click()
    expect(desk_page.locator("#remarks li")).to_have_count(2)
    ready(desk_page)
    assert state_of(running, first.ticket_id) == "serving"
    desk_page.keyboard.press("Shift+F8")
    expect(dialog.get_by_label("Số lượng").nth(1)).to_have_value("3")
    dialog.get_by_role("button", name="Bỏ dòng").nth(1).click()
    dialog.get_by_role("button", name="Ghi, xong và gọi tiếp").click()
    expect(desk_page.locator("#phase")).to_have_text(CALLED)
    done = ticket_of(running, first.ticket_id)
    assert (done.state, [one.service_id for one in done.performed]) == ("finished", ["ho-tich"])
    ready(desk_page)
    press(desk_page, "F4", SERVING)
    desk_page.keyboard.press("Shift+F8")
    expect(dialog.get_by_label("Kết quả")).to_have_value("received")


def test_a_transfer_comes_back_with_its_note(running: RunningHall, desk_page: Page) -> None:
    ticket = running.issue().ticket
    running.open("q3", "034")
    sit_down(desk_page, running)
    serve(desk_page)
    desk_page.keyboard.press("F7")
    dialog = desk_page.get_by_role("dialog")
    dialog.get_by_label("Cán bộ khác", exact=True).first.check()
    dialog.locator("[name=to_operator_id]").select_option("034")
    dialog.get_by_label("Ghi chú").fill("Đã nộp lệ phí")
    dialog.get_by_label("Xong thì chuyển lại").check()
    desk_page.keyboard.press("Enter")
    expect(desk_page.locator("#phase")).to_have_text(IDLE)
    called = running.call_next("q3").ticket
    assert called is not None
    assert called.ticket_id == ticket.ticket_id
    assert [note.text for note in running.desk_of("q3").notes] == ["Đã nộp lệ phí"]
    running.start("q3", ticket.ticket_id)
    running.finish("q3", ticket.ticket_id)
    expect(desk_page.locator("#rows .meant")).to_have_text("riêng quầy này")
    press(desk_page, "F2", CALLED)
    expect(desk_page.locator("#notes")).to_contain_text("Quầy 2, 012 · Cán bộ thử: Đã nộp lệ phí")


def test_a_note_of_the_last_counter_is_there_when_the_next_one_calls(running: RunningHall, desk_page: Page) -> None:
    running.issue()
    running.open("q1", "034")
    reply = running.desk.call(CallNext("q1"))
    assert isinstance(reply, CallReply)
    assert reply.ticket is not None
    running.desk.call(TransferTicket("q1", reply.ticket.ticket_id, to_counter_id="q2", note="Thiếu trang 2"))
    sit_down(desk_page, running)
    expect(desk_page.locator("#rows")).to_contain_text("✎")
    press(desk_page, "F2", CALLED)
    expect(desk_page.locator("#notes")).to_contain_text("Quầy 1, 034 · Cán bộ hai: Thiếu trang 2")


@pytest.mark.parametrize(
    ("choice", "origin"),
    [("Công dân không có phiếu", "direct"), pytest.param("Việc nội bộ", "back_office", marks=pytest.mark.long)],
)
def test_work_without_a_ticket_is_served_at_once(
    running: RunningHall, desk_page: Page, choice: str, origin: str
) -> None:
    sit_down(desk_page, running)
    desk_page.keyboard.press("Control+F2")
    desk_page.get_by_label(choice).check()
    desk_page.get_by_role("button", name="Bắt đầu").click()
    expect(desk_page.locator("#phase")).to_have_text(SERVING)
    held = running.desk_of("q2").counter.ticket
    assert held is not None
    assert held.origin == origin
    ready(desk_page)
    press(desk_page, "F8", IDLE)


def test_one_service_is_called_from_its_row_or_from_the_list(running: RunningHall, desk_page: Page) -> None:
    running.issue()
    other = running.issue("trap").ticket
    running.issue("trap")
    sit_down(desk_page, running)
    desk_page.keyboard.press("Shift+F2")
    dialog = desk_page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="2 người đang chờ")).to_be_visible()
    dialog.get_by_role("button", name="2 người đang chờ").click()
    expect(desk_page.locator("#number")).to_have_text(other.number)
    ready(desk_page)
    press(desk_page, "F9", IDLE)
    desk_page.get_by_role("button", name="Gọi một số của Hộ tịch").click()
    expect(desk_page.locator("#service")).to_contain_text("Hộ tịch")


def test_a_no_show_must_wait_and_says_how_long(patient: RunningHall, desk_page: Page) -> None:
    patient.issue()
    sit_down(desk_page, patient)
    press(desk_page, "F2", CALLED)
    no_show = desk_page.get_by_role("button", name="Vắng mặt").first
    expect(no_show).to_be_disabled()
    expect(no_show).to_contain_text("Cần gọi thêm 1 lần")
    desk_page.keyboard.press("F9")
    expect(desk_page.locator("#notice")).to_have_text("Vắng mặt: Cần gọi thêm 1 lần")
    recall = desk_page.get_by_role("button", name="Gọi lại")
    expect(recall).to_be_disabled()
    expect(recall).to_contain_text(re.compile(r"\d+ s"))
    desk_page.keyboard.press("F3")
    expect(desk_page.locator("#notice")).to_have_text(re.compile(r"Gọi lại: chờ \d+ giây"))


def test_after_the_last_recall_the_no_show_is_offered(running: RunningHall, desk_page: Page) -> None:
    running.issue()
    sit_down(desk_page, running)
    press(desk_page, "F2", CALLED)
    for count in range(1, 6):
        desk_page.keyboard.press("F3")
        expect(desk_page.locator("#recalls")).to_have_text(f"{count}/5 lần")
        ready(desk_page)
    expect(desk_page.get_by_role("button", name="Gọi lại")).to_be_disabled()
    expect(desk_page.locator("[data-do=mark_no_show]")).to_have_class(re.compile("offered"))


@pytest.mark.long
def test_times_are_flagged_as_wrong_and_as_right_again(running: RunningHall, desk_page: Page) -> None:
    ticket = running.issue().ticket
    sit_down(desk_page, running)
    serve(desk_page)
    press(desk_page, "F8", IDLE)
    desk_page.locator("#tab-done").click()
    desk_page.get_by_role("button", name=f"Giờ của số {ticket.number} bị sai").click()
    expect(desk_page.locator("#list-done")).to_contain_text("⚑ Sai giờ")
    assert ticket_of(running, ticket.ticket_id).times_wrong
    desk_page.get_by_role("button", name=f"Giờ của số {ticket.number} là đúng").click()
    eventually(lambda: not ticket_of(running, ticket.ticket_id).times_wrong)


def test_the_time_to_take_back_is_shown_and_ends(running: RunningHall, desk_page: Page) -> None:
    ticket = running.issue().ticket
    sit_down(desk_page, running)
    press(desk_page, "F2", CALLED)
    undo = desk_page.get_by_role("button", name="Hoàn tác")
    expect(undo).to_contain_text(re.compile(r"\d+ s"))
    expect(undo).to_be_disabled()
    expect(desk_page.locator("#undo-text")).to_be_empty()
    desk_page.keyboard.press("Control+Backspace")
    assert state_of(running, ticket.ticket_id) == "called"


@pytest.mark.long
def test_the_first_arrival_is_heard_unless_the_sound_is_off(running: RunningHall, desk_page: Page) -> None:
    desk_page.add_init_script(
        "window.rung = 0; const start = OscillatorNode.prototype.start;"
        "OscillatorNode.prototype.start = function (at) { window.rung += 1; start.call(this, at); };"
    )
    sit_down(desk_page, running)
    desk_page.keyboard.press("Escape")
    running.issue()
    eventually(lambda: desk_page.evaluate("window.rung") == 2)
    expect(desk_page).to_have_title("(1) Sẵn sàng · Quầy 2")
    press(desk_page, "F2", CALLED)
    press(desk_page, "F9", IDLE)
    desk_page.keyboard.press("F10")
    desk_page.get_by_role("button", name="Âm báo: đang bật").click()
    desk_page.reload()
    ready(desk_page)
    desk_page.keyboard.press("Escape")
    ticket = running.issue().ticket
    expect(desk_page.locator("#rows")).to_contain_text(ticket.number)
    assert desk_page.evaluate("window.rung") == 0


def test_after_sleep_the_page_catches_up_on_a_new_line(running: RunningHall, desk_page: Page) -> None:
    desk_page.clock.install()
    sit_down(desk_page, running)
    desk_page.route("**/desk/events*", lambda route: route.abort())
    asked: list[str] = []
    desk_page.on("request", lambda request: asked.append(request.url))
    desk_page.clock.fast_forward("08:00:00")
    eventually(lambda: desk_page.evaluate("1") and any("/desk/state" in url for url in asked))
    eventually(lambda: desk_page.evaluate("1") and any("/desk/events" in url for url in asked))


@pytest.mark.parametrize(
    ("name", "width"), [("Mở thanh nhỏ", 1200), pytest.param("Mở cột hẹp", 380, marks=pytest.mark.long)]
)
def test_the_desk_opens_in_a_window_of_its_own(running: RunningHall, desk_page: Page, name: str, width: int) -> None:
    sit_down(desk_page, running)
    desk_page.keyboard.press("F10")
    with desk_page.expect_popup() as opened:
        desk_page.get_by_role("button", name=name).click()
    window = opened.value
    ready(window)
    assert ("view=bar" in window.url) is (width == 1200)
    window.close()
