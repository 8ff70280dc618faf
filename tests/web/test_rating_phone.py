"""The rating form on a phone: single points, reasons, a call-back, and nothing lost when it is refused."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from protocol.client import new_request_id
from protocol.commands import GetCallbacks
from protocol.replies import CallbackInfo, CallbacksReply
from tests.running import PATIENCE
from tests.web.looking import check
from tests.web.rating_steps import rate_with, send_rating, served
from tests.web.running import RunningHall
from tests.web.supervisor_halls import LEADER, overview, part, sign_in

FILLED: dict[str, Any] = {
    "score": "2",
    "reason": ["long-wait", "attitude"],
    "criterion:time": "1",
    "criterion:guidance": "4",
    "comment": "Chờ lâu <b>quá</b>",
    "contact": "chi.hoa@vi.du",
}


def callbacks(running: RunningHall) -> list[CallbackInfo]:
    """Who wants to be called back."""
    reply = running.desk.call(GetCallbacks(LEADER))
    assert isinstance(reply, CallbacksReply)
    return reply.callbacks


def rated(running: RunningHall, counter_id: str = "q1") -> bool:
    """Whether the ticket that a counter finished last is rated."""
    return running.desk_of(counter_id).done[0].rated


def keeps_everything(page: str) -> bool:
    """Whether the form still holds what `FILLED` says."""
    wanted = (
        'value="2" required checked',
        'value="long-wait" checked',
        'value="attitude" checked',
        'name="criterion:time" value="1" checked',
        'name="criterion:guidance" value="4" checked',
        "Chờ lâu &lt;b&gt;quá&lt;/b&gt;</textarea>",
        'value="chi.hoa@vi.du"',
    )
    return all(one in page for one in wanted)


def test_a_whole_form_is_taken_and_the_contact_kept_apart(running: RunningHall) -> None:
    mine = served(running)
    before = {one.callback_id for one in callbacks(running)}
    assert send_rating(running, mine.token, **FILLED).status_code == 303
    assert rated(running)
    (new,) = [one for one in callbacks(running) if one.callback_id not in before]
    assert new.contact == "chi.hoa@vi.du"


def test_the_form_says_honestly_what_becomes_of_a_contact(running: RunningHall) -> None:
    mine = served(running)
    with running.visitor() as phone:
        page = phone.get(f"/t/{mine.token}").text
    assert "được mã hóa và cất riêng" in page
    assert "Người giám sát sẽ đọc nó cùng với góp ý" in page


def test_a_fourth_reason_is_refused_and_nothing_typed_is_lost(running: RunningHall) -> None:
    mine = served(running)
    reasons = ["long-wait", "attitude", "extra-cost", "other"]
    answer = send_rating(running, mine.token, **{**FILLED, "reason": reasons})
    assert answer.status_code == 422
    assert "nhiều nhất 3 lý do" in answer.text
    assert keeps_everything(answer.text)
    assert not rated(running)


def test_what_the_hall_refuses_is_shown_again_with_everything(running: RunningHall) -> None:
    mine = served(running)
    answer = send_rating(running, mine.token, **{**FILLED, "criterion:none": "3"})
    assert answer.status_code == 409
    assert keeps_everything(answer.text)
    assert not rated(running)


def test_a_form_without_a_score_keeps_the_rest(running: RunningHall) -> None:
    mine = served(running)
    answer = send_rating(running, mine.token, **{**FILLED, "score": ""})
    assert answer.status_code == 422
    assert "Chờ lâu &lt;b&gt;" in answer.text


def test_while_the_hall_is_away_the_page_keeps_everything_and_bursts_are_told(fresh: RunningHall) -> None:
    mine = served(fresh)
    with fresh.visitor() as phone:
        phone.get(f"/t/{mine.token}")
        fresh.server.terminate()
        fresh.server.wait()
        answer = phone.post(f"/t/{mine.token}/rate", data={**FILLED, "request_id": "kept-request"})
        assert answer.status_code == 503
        assert "vẫn còn ở trang này" in answer.text
        kept = {
            name: answer.text.count(f'name="{name}"') for name in ("reason", "comment", "contact", "criterion:time")
        }
        assert kept == {"reason": 2, "comment": 1, "contact": 1, "criterion:time": 1}
        fresh.server = fresh.start_server()
        again = send_until_answered(phone, f"/t/{mine.token}/rate")
    assert again.status_code == 303
    assert rated(fresh)
    _many_from_one_phone_are_told(fresh)


def _many_from_one_phone_are_told(fresh: RunningHall) -> None:
    """In a hall of its own: an alert stays for minutes. All phones here have one address and one make."""
    for _ in range(4):
        assert send_rating(fresh, served(fresh).token).status_code == 303
    with fresh.visitor() as phone:
        for count in range(5):
            assert "rating_burst" not in [one.code for one in overview(fresh).alerts], count
            assert rate_with(phone, served(fresh).token).status_code == 303
    (burst,) = [one for one in overview(fresh).alerts if one.code == "rating_burst"]
    assert burst.facts == {"ratings": 5, "minutes": 10}
    with fresh.visitor() as leader:
        sign_in(leader)
        assert "5 lượt đánh giá từ cùng một điện thoại trong 10 phút" in part(leader, "alerts")
        assert "Nhiều đánh giá từ một điện thoại" in leader.get("/supervisor/ask/ratings").text


def send_until_answered(phone: httpx.Client, address: str) -> httpx.Response:
    """Press the button again, as the page asks to; each press waits for the hall itself."""
    for _ in range(10):
        answer = phone.post(address, data={**FILLED, "request_id": "kept-request"})
        if answer.status_code != 503:
            return answer
    raise AssertionError("the hall did not come back")


def test_a_second_vote_is_never_taken_and_gets_the_thanks_page(running: RunningHall) -> None:
    mine = served(running)
    with running.visitor() as phone:
        for score in ("1", "5"):
            answer = phone.post(
                f"/t/{mine.token}/rate",
                data={"score": score, "request_id": new_request_id()},
                follow_redirects=True,
            )
            assert answer.status_code == 200
            assert "Cảm ơn" in answer.text
            assert "<form" not in answer.text


# ---- in a browser --------------------------------------------------------------------------


@pytest.mark.browser
def test_the_form_in_a_browser(running: RunningHall, phone_page: Page, tmp_path: Path) -> None:
    mine = served(running)
    phone_page.goto(f"{running.url}/t/{mine.token}")
    phone_page.get_by_text("Không hài lòng", exact=True).click()
    for reason in ("Thời gian chờ lâu", "Thái độ phục vụ", "Phải đi lại nhiều lần"):
        phone_page.get_by_text(reason, exact=True).first.click()
    fourth = phone_page.get_by_label("Thu thêm chi phí")
    phone_page.get_by_text("Thu thêm chi phí").click(force=True)
    expect(fourth).not_to_be_checked()
    phone_page.get_by_text("Đánh giá từng mặt").click()
    phone_page.get_by_role("group", name="Thời gian giải quyết").get_by_text("2").click()
    phone_page.get_by_label("Góp ý thêm").fill("Phải chờ đến trưa mới được gọi.")
    phone_page.get_by_text("Quý khách muốn được gọi lại?").click()
    phone_page.get_by_label("Số điện thoại hoặc thư điện tử").fill("0901 234 567")
    check(phone_page, tmp_path, "form")
    phone_page.get_by_role("button", name="Gửi đánh giá").click()
    expect(phone_page.locator("main")).to_contain_text("đã đánh giá")
    check(phone_page, tmp_path, "thanks")


@pytest.mark.browser
def test_without_scripts_a_refused_form_comes_back_filled_in(
    running: RunningHall, browser: Browser, tmp_path: Path
) -> None:
    mine = served(running)
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    context.set_default_timeout(1000 * PATIENCE)
    page = context.new_page()
    page.goto(f"{running.url}/t/{mine.token}")
    page.get_by_text("Bình thường").click()
    for place in (1, 2, 3, 4):
        page.locator(f"#why-{place}").check(force=True)
    page.get_by_label("Góp ý thêm").fill("Ý kiến của tôi")
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.get_by_role("alert")).to_have_text("Vui lòng chọn nhiều nhất 3 lý do.")
    expect(page.get_by_label("Góp ý thêm")).to_have_value("Ý kiến của tôi")
    page.screenshot(path=tmp_path / "again.png", full_page=True)
    page.locator("#why-4").uncheck(force=True)
    page.get_by_role("button", name="Gửi đánh giá").click()
    expect(page.locator("main")).to_contain_text("đã đánh giá")
    context.close()
    assert rated(running)
