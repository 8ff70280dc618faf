"""Several people and browsers at the counters: races, stale pages, lost computers, calls for help."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from protocol.commands import SendMessage
from tests.running import eventually
from tests.web.desk_steps import press, ready, sign_in, state_of, ticket_of
from tests.web.running import PIN, RunningHall
from tests.web.sessions import sit_down

pytestmark = pytest.mark.browser
IDLE, CALLED, SERVING = "Sẵn sàng", "Đã gọi, chờ công dân đến", "Đang phục vụ"


def shown_state(page: Page, running: RunningHall) -> dict[str, Any]:
    found = page.request.get(f"{running.url}/desk/state").json()
    assert isinstance(found, dict)
    return found


def test_two_browsers_race_for_one_ticket(running: RunningHall, desk_page: Page, colleague_page: Page) -> None:
    sit_down(desk_page, running, "q1")
    sit_down(colleague_page, running, "q2", "034")
    ticket = running.issue().ticket
    held: list[Route] = []
    pages = (desk_page, colleague_page)
    for page in pages:
        expect(page.locator("#rows")).to_contain_text(ticket.number)
        page.route("**/desk/command*", lambda route: held.append(route))
        page.keyboard.press("F2")
    eventually(lambda: page.evaluate("1") and len(held) == 2)  # a question, so that routes are heard
    for route in held:
        route.continue_()
    for page in pages:
        page.unroute("**/desk/command*")
        ready(page)
    winner, loser = sorted(pages, key=lambda page: page.locator("#number").is_hidden())
    expect(winner.locator("#number")).to_have_text(ticket.number)
    expect(loser.locator("#notice")).to_have_text("Không có số đang chờ cho quầy này.")
    expect(loser.locator("#phase")).to_have_text(IDLE)
    expect(loser.locator("#rows tr")).to_have_count(0)
    assert [one.ticket is not None for one in running.snapshot().counters].count(True) == 1


def test_a_number_that_a_colleague_just_called_is_refused_in_words(
    running: RunningHall, desk_page: Page, colleague_page: Page
) -> None:
    sit_down(desk_page, running, "q2")
    sit_down(colleague_page, running, "q1", "034")
    ticket = running.issue().ticket
    colleague_page.keyboard.press("Shift+F3")
    colleague_page.get_by_label("Số phiếu").fill(ticket.number)
    colleague_page.get_by_label("Lý do").fill("Công dân cần về sớm")
    press(desk_page, "F2", CALLED)
    colleague_page.keyboard.press("Enter")
    expect(colleague_page.locator("#notice")).to_have_text(f"Không có số {ticket.number} đang chờ.")
    expect(colleague_page.locator("#phase")).to_have_text(IDLE)


def test_a_stale_page_is_told_and_repairs_itself(running: RunningHall, desk_page: Page) -> None:
    ticket = running.issue().ticket
    sit_down(desk_page, running)
    press(desk_page, "F2", CALLED)
    desk_page.route("**/desk/events*", lambda route: route.abort())
    desk_page.route("**/desk/state*", lambda route: route.abort())
    desk_page.reload()
    desk_page.unroute("**/desk/state*")
    desk_page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(desk_page.locator("#number")).to_have_text(ticket.number)
    running.no_show("q2", ticket.ticket_id)
    ready(desk_page)
    press(desk_page, "F4", IDLE)
    expect(desk_page.locator("#notice")).to_contain_text("Phiếu đã chuyển trạng thái")
    expect(desk_page.locator("#number")).to_be_hidden()


def test_a_closed_browser_loses_nothing_and_falsifies_no_time(
    running: RunningHall, desk_page: Page, colleague_page: Page
) -> None:
    ticket = running.issue().ticket
    sit_down(desk_page, running)
    press(desk_page, "F2", CALLED)
    press(desk_page, "F4", SERVING)
    before, since = ticket_of(running, ticket.ticket_id), shown_state(desk_page, running)["ticket"]["since"]
    desk_page.close()
    sign_in(colleague_page, running)
    expect(colleague_page.locator("#number")).to_have_text(ticket.number)
    expect(colleague_page.locator("#phase")).to_have_text(SERVING)
    after = ticket_of(running, ticket.ticket_id)
    assert (after.called_at, after.serving_at) == (before.called_at, before.serving_at)
    assert shown_state(colleague_page, running)["ticket"]["since"] == since
    press(colleague_page, "F8", IDLE)


def test_a_counter_whose_page_is_gone_passes_to_a_colleague_with_its_ticket(
    short_lease: RunningHall, desk_page: Page, colleague_page: Page, browser: Browser
) -> None:
    ticket = short_lease.issue().ticket
    sit_down(desk_page, short_lease)
    press(desk_page, "F2", CALLED)
    press(desk_page, "F4", SERVING)
    began = ticket_of(short_lease, ticket.ticket_id).serving_at
    cookies = desk_page.context.storage_state()
    colleague_page.goto(f"{short_lease.url}/desk")
    expect(colleague_page.locator(".counter.taken")).to_contain_text("Cán bộ 012 đang làm việc")
    desk_page.close()
    eventually(lambda: not next(one for one in short_lease.snapshot().counters if one.counter_id == "q2").connected)
    colleague_page.reload()
    expect(colleague_page.locator(".counter.left")).to_contain_text("Tiếp nhận quầy: Cán bộ 012 đã mất kết nối")
    sign_in(colleague_page, short_lease, operator="034")
    expect(colleague_page.locator("#number")).to_have_text(ticket.number)
    assert ticket_of(short_lease, ticket.ticket_id).serving_at == began

    back = browser.new_context(storage_state=cookies).new_page()
    back.goto(f"{short_lease.url}/desk")
    expect(back.locator("#phase")).to_have_text("Quầy đã đóng")
    expect(back.locator("#service")).to_have_text("Quầy này đang có 034 · Cán bộ hai làm việc.")
    expect(back.get_by_role("button", name="Vào quầy lại")).to_be_focused()
    late = {"request_id": "from-an-old-page", "do": "finish_ticket", "ticket_id": ticket.ticket_id}
    origin = {"Origin": short_lease.url}
    answer = back.request.post(f"{short_lease.url}/desk/command", data=late, headers=origin).json()
    assert answer["code"] == "lease_taken"
    assert "cán bộ khác tiếp nhận" in answer["refusal"]
    assert state_of(short_lease, ticket.ticket_id) == "serving"
    back.context.close()


def test_an_auditor_may_not_sit_at_a_counter(running: RunningHall, desk_page: Page) -> None:
    desk_page.goto(f"{running.url}/desk")
    desk_page.get_by_label("Số cán bộ").fill("090")
    desk_page.get_by_label("Mã PIN").fill(PIN)
    desk_page.locator("input[value=q2]").check(force=True)
    desk_page.get_by_role("button", name="Vào quầy").click()
    expect(desk_page.get_by_role("alert")).to_have_text("Cán bộ này không có quyền thực hiện thao tác đó.")


def test_who_has_a_fixed_counter_need_not_choose_it(running: RunningHall, desk_page: Page) -> None:
    desk_page.goto(f"{running.url}/desk")
    desk_page.get_by_label("Số cán bộ").fill("034")
    desk_page.get_by_label("Mã PIN").fill(PIN)
    desk_page.keyboard.press("Enter")
    expect(desk_page.locator(".where")).to_contain_text("Quầy 1")


def test_a_call_for_help_is_seen_at_every_counter_and_answered(
    running: RunningHall, desk_page: Page, colleague_page: Page
) -> None:
    sit_down(desk_page, running)
    sit_down(colleague_page, running, "q1", "034")
    desk_page.keyboard.press("Control+F1")
    desk_page.keyboard.press("Tab")
    desk_page.keyboard.press("Enter")
    expect(desk_page.get_by_role("alert").first).to_contain_text("Đã báo khẩn cấp")
    expect(colleague_page.get_by_role("alert").first).to_contain_text("Quầy 2 gọi hỗ trợ khẩn cấp!")
    colleague_page.get_by_role("button", name="Tôi đến hỗ trợ").click()
    expect(colleague_page.locator("#banners")).to_be_hidden()
    expect(desk_page.locator("#banners")).to_be_hidden()


def test_a_message_stays_until_it_was_seen(running: RunningHall, desk_page: Page) -> None:
    sit_down(desk_page, running)
    running.desk.call(SendMessage("078", "Họp giao ban lúc 11 giờ", ["q2"]))
    banner = desk_page.locator("#messages")
    expect(banner).to_contain_text("Họp giao ban lúc 11 giờ")
    desk_page.reload()
    expect(banner).to_contain_text("Họp giao ban lúc 11 giờ")
    desk_page.get_by_role("button", name="Đã đọc").click()
    expect(desk_page.locator("#banners")).to_be_hidden()
    desk_page.reload()
    ready(desk_page)
    expect(desk_page.locator("#banners")).to_be_hidden()
