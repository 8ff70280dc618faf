"""Call-backs on the supervisor's page: read by who leads, erased when done, asked for first."""

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from protocol.commands import EraseCallback, GetCallbacks
from protocol.replies import CallbackInfo, CallbacksReply
from tests.web.looking import check
from tests.web.rating_steps import send_rating, served
from tests.web.running import RunningHall
from tests.web.sessions import lead
from tests.web.supervisor_halls import AUDITOR, LEADER, sign_in


def wanted(running: RunningHall) -> list[CallbackInfo]:
    """Who wants to be called back."""
    reply = running.desk.call(GetCallbacks(LEADER))
    assert isinstance(reply, CallbacksReply)
    return reply.callbacks


@pytest.fixture(autouse=True)
def nobody(running: RunningHall) -> None:
    """A hall in which nobody waits for a call before."""
    for one in wanted(running):
        running.desk.call(EraseCallback(LEADER, one.callback_id))


def ask(running: RunningHall, contact: str, comment: str = "") -> None:
    """Rate, and ask to be called back."""
    assert send_rating(running, served(running).token, score="2", contact=contact, comment=comment).status_code == 303


def test_the_page_shows_contact_and_words_and_no_number(running: RunningHall, leading: httpx.Client) -> None:
    ask(running, "0901 234 567", "Mất giấy tờ ở quầy")
    number = running.desk_of("q1").done[0].number
    page = leading.get("/supervisor/callbacks").text
    assert "0901 234 567" in page
    assert "Mất giấy tờ ở quầy" in page
    assert number not in page
    assert "Quầy 1" not in page


def test_erasing_takes_it_away_for_good_and_a_second_press_does_no_harm(
    running: RunningHall, leading: httpx.Client
) -> None:
    ask(running, "an@vi.du")
    found = re.search(r'name="callback_id" value="(\w+)"', leading.get("/supervisor/callbacks").text)
    assert found
    for _ in range(2):
        answer = leading.post("/supervisor/callbacks/erase", data={"callback_id": found[1]})
        assert answer.headers["location"] == "/supervisor/callbacks"
    assert wanted(running) == []
    assert "Không có ai đang chờ gọi lại" in leading.get("/supervisor/callbacks").text
    assert "Đã xóa dữ liệu cá nhân: yêu cầu gọi lại, 1 mục." in leading.get("/supervisor/journal").text


def test_only_who_leads_reads_and_erases(running: RunningHall) -> None:
    ask(running, "0901 234 567")
    with running.visitor() as auditor:
        sign_in(auditor, AUDITOR)
        page = auditor.get("/supervisor/callbacks").text
        assert "0901" not in page
        assert "không có quyền" in page
        callback_id = wanted(running)[0].callback_id
        assert auditor.post("/supervisor/callbacks/erase", data={"callback_id": callback_id}).status_code == 409
    with running.visitor() as stranger:
        assert stranger.get("/supervisor/callbacks").headers["location"] == "/supervisor/sign-in"
        assert stranger.post("/supervisor/callbacks/erase", data={}).headers["location"] == "/supervisor/sign-in"
    assert len(wanted(running)) == 1


@pytest.mark.browser
def test_erasing_asks_first(running: RunningHall, desk_page: Page, tmp_path: Path) -> None:
    ask(running, "0901 234 567", "Xin gọi lại sau 17 giờ về hồ sơ khai sinh của con tôi.")
    ask(running, "chi.hoa@vi.du")
    lead(desk_page, running)
    desk_page.get_by_role("link", name="Gọi lại").click()
    expect(desk_page.get_by_role("heading", name="Công dân muốn được gọi lại")).to_be_visible()
    first = desk_page.locator(".callbacks li").first
    expect(first.get_by_role("button", name="Xóa hẳn")).to_be_hidden()
    first.get_by_text("Đã gọi xong, xóa").click()
    check(desk_page, tmp_path, "callbacks")
    first.get_by_role("button", name="Xóa hẳn").click()
    expect(desk_page.locator(".callbacks li")).to_have_count(1)
    assert len(wanted(running)) == 1
