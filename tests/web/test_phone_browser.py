"""A citizen's phone, from waiting to thanks, in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from protocol.commands import GrantComeBack, ParkTicket, RestoreTicket, TransferTicket, UndoAction
from tests.running import eventually
from tests.web.looking import check, picture, weak_contrasts
from tests.web.running import RunningHall
from tests.web.test_phone_places import book, check_in

pytestmark = pytest.mark.browser


def test_the_life_of_a_ticket_on_an_open_page(running: RunningHall, phone_page: Page, tmp_path: Path) -> None:
    first, mine = running.issue().ticket, running.issue()
    running.open("q1", "012")
    phone_page.goto(f"{running.url}/t/{mine.token}")
    main = phone_page.locator("main")
    expect(main).to_contain_text("Còn 1 lượt trước quý khách")
    picture(phone_page, tmp_path, "waiting")
    running.call_next("q1")
    expect(main).to_contain_text("Quý khách là người tiếp theo")
    running.no_show("q1", first.ticket_id)
    running.call_next("q1")
    expect(main).to_contain_text("Đã đến lượt, mời đến quầy số 1")
    expect(phone_page.locator("#said")).to_have_text("Đã đến lượt, mời đến quầy số 1")
    assert "mời đến quầy số 1" in phone_page.title()
    check(phone_page, tmp_path, "called")
    running.start("q1", mine.ticket.ticket_id)
    expect(main).to_contain_text("Đang phục vụ")
    check(phone_page, tmp_path, "serving")
    running.finish("q1", mine.ticket.ticket_id)
    expect(main).to_contain_text("Quý khách có hài lòng với sự phục vụ của Quầy 1?")
    reasons = phone_page.locator(".reasons")
    expect(reasons).to_be_hidden()
    phone_page.get_by_text("Rất hài lòng", exact=True).click()
    expect(reasons).to_be_hidden()
    phone_page.get_by_text("Bình thường", exact=True).click()
    expect(reasons).to_be_visible()
    phone_page.get_by_label("Thời gian chờ lâu").check()
    phone_page.get_by_label("Góp ý thêm").fill("Chờ hơi lâu")
    check(phone_page, tmp_path, "rating")
    phone_page.get_by_role("button", name="Gửi đánh giá").click()
    expect(main).to_contain_text("đã đánh giá")
    picture(phone_page, tmp_path, "thanks")


def take_back(running: RunningHall, counter_id: str) -> None:
    """Let a counter take back its last action."""
    undoable = running.desk_of(counter_id).undoable
    assert undoable is not None
    running.desk.call(UndoAction(counter_id, undoable.action_seq))


def looked_at(page: Page, folder: Path, name: str) -> None:
    """Keep a picture on a small phone and see that it can be read."""
    page.set_viewport_size({"width": 360, "height": 640})
    check(page, folder, name)


def test_a_page_goes_back_with_what_the_counter_takes_back(running: RunningHall, phone_page: Page) -> None:
    mine = running.issue()
    running.open("q1", "012")
    running.call_next("q1")
    running.start("q1", mine.ticket.ticket_id)
    phone_page.goto(f"{running.url}/t/{mine.token}")
    main = phone_page.locator("main")
    expect(main).to_contain_text("Đang phục vụ")
    running.finish("q1", mine.ticket.ticket_id)
    expect(phone_page.get_by_role("button", name="Gửi đánh giá")).to_be_visible()
    take_back(running, "q1")
    expect(main).to_contain_text("Đang phục vụ")
    expect(phone_page.get_by_role("button", name="Gửi đánh giá")).to_have_count(0)


def test_a_missed_turn_that_is_restored_is_waited_for_again(
    running: RunningHall, phone_page: Page, tmp_path: Path
) -> None:
    mine = running.issue()
    running.open("q1", "012")
    running.call_next("q1")
    running.no_show("q1", mine.ticket.ticket_id)
    phone_page.goto(f"{running.url}/t/{mine.token}")
    main = phone_page.locator("main")
    expect(main).to_contain_text("Đã qua lượt của quý khách")
    looked_at(phone_page, tmp_path, "no-show")
    running.desk.call(RestoreTicket(mine.ticket.ticket_id, "q1"))
    expect(main).to_contain_text("Quý khách đã trở lại hàng chờ")
    looked_at(phone_page, tmp_path, "restored")


def test_a_ticket_on_hold_and_one_sent_on_say_so(running: RunningHall, phone_page: Page, tmp_path: Path) -> None:
    mine = running.issue()
    running.open("q1", "012")
    running.open("q2", "034")
    running.call_next("q1")
    phone_page.goto(f"{running.url}/t/{mine.token}")
    main = phone_page.locator("main")
    running.desk.call(ParkTicket("q1", mine.ticket.ticket_id, 20))
    expect(main).to_contain_text("Phiếu được tạm giữ đến")
    looked_at(phone_page, tmp_path, "parked")
    take_back(running, "q1")
    expect(main).to_contain_text("mời đến quầy số 1")
    running.desk.call(TransferTicket("q1", mine.ticket.ticket_id, to_counter_id="q2"))
    expect(main).to_contain_text("Quý khách được mời tiếp đến quầy số 2")
    looked_at(phone_page, tmp_path, "sent-on")


def test_who_may_come_back_keeps_reading_it_after_rating(
    running: RunningHall, phone_page: Page, tmp_path: Path
) -> None:
    mine = running.issue()
    running.open("q1", "012")
    running.call_next("q1")
    running.start("q1", mine.ticket.ticket_id)
    running.desk.call(GrantComeBack("q1", mine.ticket.ticket_id, ["Bản sao giấy khai sinh"], 24))
    phone_page.goto(f"{running.url}/t/{mine.token}")
    main = phone_page.locator("main")
    expect(main).to_contain_text("được quay lại mà không phải xếp hàng lại")
    looked_at(phone_page, tmp_path, "come-back")
    phone_page.get_by_text("Rất hài lòng", exact=True).click()
    phone_page.get_by_role("button", name="Gửi đánh giá").click()
    expect(main).to_contain_text("đã đánh giá")
    expect(main).to_contain_text("được quay lại mà không phải xếp hàng lại")
    looked_at(phone_page, tmp_path, "come-back-rated")


def test_a_place_on_the_phone_becomes_its_ticket(running: RunningHall, phone_page: Page, tmp_path: Path) -> None:
    place = book(running)
    phone_page.goto(f"{running.url}/t/{place.token}")
    main = phone_page.locator("main")
    expect(main).to_contain_text("Giờ hẹn của quý khách")
    looked_at(phone_page, tmp_path, "place")
    number = check_in(running, place).ticket.number
    expect(main).to_contain_text(number)
    looked_at(phone_page, tmp_path, "place-checked-in")
    running.open("q1", "012")
    running.call_next("q1")
    expect(main).to_contain_text("mời đến quầy số 1")


@pytest.mark.parametrize(("query", "words"), [("", "Không tìm thấy phiếu"), ("?lang=en", "Ticket not found")])
def test_the_page_of_no_ticket_is_friendly(
    running: RunningHall, phone_page: Page, tmp_path: Path, query: str, words: str
) -> None:
    phone_page.goto(f"{running.url}/t/forged{query}")
    expect(phone_page.locator("main")).to_contain_text(words)
    looked_at(phone_page, tmp_path, "not-found")


def test_a_form_that_is_being_filled_is_not_swept_away(running: RunningHall, phone_page: Page) -> None:
    mine = running.issue()
    running.open("q2", "034")
    running.serve_out("q2")
    phone_page.goto(f"{running.url}/t/{mine.token}")
    phone_page.get_by_label("Góp ý thêm").fill("nửa chừng")
    with phone_page.expect_response(lambda answer: answer.url.endswith("/state")):
        phone_page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(phone_page.get_by_label("Góp ý thêm")).to_have_value("nửa chừng")


def test_the_number_is_given_back_by_two_taps(running: RunningHall, phone_page: Page) -> None:
    mine = running.issue()
    phone_page.goto(f"{running.url}/t/{mine.token}?lang=en")
    phone_page.get_by_role("link", name="Give the number back").click()
    expect(phone_page.get_by_role("heading")).to_have_text(f"Give back number {mine.ticket.number}?")
    phone_page.get_by_role("button", name="Yes, give it back").click()
    expect(phone_page.locator("main")).to_contain_text("This ticket is no longer valid")


@pytest.mark.long
def test_without_an_event_stream_the_page_asks_by_itself(running: RunningHall, phone_page: Page) -> None:
    mine = running.issue()
    running.open("q1", "012")
    phone_page.route("**/events*", lambda route: route.fulfill(status=503))
    phone_page.goto(f"{running.url}/t/{mine.token}")
    running.call_next("q1")
    expect(phone_page.locator("main")).to_contain_text("mời đến quầy số 1")


def test_coming_back_to_the_page_looks_at_once(running: RunningHall, phone_page: Page) -> None:
    mine = running.issue()
    running.open("q1", "012")
    phone_page.route("**/events*", lambda route: None)  # never answered
    phone_page.clock.install()
    phone_page.goto(f"{running.url}/t/{mine.token}")
    phone_page.clock.pause_at(phone_page.evaluate("Date.now() / 1000 + 60"))  # the page's own rounds never come
    running.call_next("q1")
    phone_page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(phone_page.locator("main")).to_contain_text("mời đến quầy số 1")


REMEMBER_STREAM = """
const Real = window.EventSource;
window.EventSource = class extends Real { constructor(address) { super(address); window.opened = this; } };
"""


def test_a_page_that_only_hears_beats_does_not_ask_by_itself(running: RunningHall, phone_page: Page) -> None:
    mine = running.issue()
    asked: list[str] = []
    phone_page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/state") else None)
    phone_page.add_init_script(REMEMBER_STREAM)
    phone_page.clock.install()
    phone_page.goto(f"{running.url}/t/{mine.token}")
    # asked from outside each time: the page's policy lets no waiting predicate be read from a string
    eventually(lambda: phone_page.evaluate("window.opened && window.opened.readyState === 1"), what="an open stream")
    phone_page.clock.pause_at(phone_page.evaluate("Date.now() / 1000 + 35"))
    phone_page.evaluate("opened.dispatchEvent(new MessageEvent('beat', { data: '{}' }))")
    phone_page.clock.run_for(30_000)
    assert not asked
    with phone_page.expect_request("**/state"):
        phone_page.clock.run_for(20_000)


def test_everything_works_without_scripts(running: RunningHall, browser: Browser) -> None:
    mine = running.issue()
    running.open("q2", "034")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{running.url}/t/{mine.token}")
    expect(page.locator("main")).to_contain_text(mine.ticket.number)
    running.call_next("q2")
    expect(page.locator("main")).to_contain_text("mời đến")
    running.start("q2", mine.ticket.ticket_id)
    running.finish("q2", mine.ticket.ticket_id)
    page.reload()
    page.get_by_text("Không hài lòng", exact=True).click()
    page.get_by_label("Khác").check()
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.locator("main")).to_contain_text("đã đánh giá")
    context.close()


def test_the_alert_stays_on_while_the_page_changes(running: RunningHall, phone_page: Page) -> None:
    running.issue()
    mine = running.issue()
    running.open("q1", "012")
    phone_page.goto(f"{running.url}/t/{mine.token}")
    phone_page.get_by_role("button", name="Bật chuông báo khi đến lượt").click()
    running.call_next("q1")
    expect(phone_page.locator("main")).to_contain_text("Quý khách là người tiếp theo")
    expect(phone_page.get_by_role("button", name="Đã bật chuông báo")).to_be_visible()


def test_a_service_name_with_a_script_in_it_is_only_shown(running: RunningHall, phone_page: Page) -> None:
    mine = running.issue("trap")
    running.open("q3", "012")
    phone_page.goto(f"{running.url}/t/{mine.token}")
    expect(phone_page.locator(".service")).to_contain_text("<script>")
    running.call_next("q3")
    expect(phone_page.locator("main")).to_contain_text("quầy số 3")
    assert "pwned" not in phone_page.title()
    assert phone_page.locator("main img, main script").count() == 0


def test_the_page_keeps_seven_to_one_contrast(running: RunningHall, phone_page: Page) -> None:
    mine = running.issue()
    running.open("q1", "012")
    phone_page.goto(f"{running.url}/t/{mine.token}")
    assert weak_contrasts(phone_page) == []
    running.call_next("q1")
    expect(phone_page.locator("main")).to_contain_text("mời đến")
    assert weak_contrasts(phone_page) == []
