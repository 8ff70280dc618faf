"""Announcements from the supervisor's page: made, seen, ended, and an emergency asked for twice."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from protocol.commands import EndAnnouncement
from protocol.replies import AnnouncementInfo
from tests.web.looking import check
from tests.web.running import RunningHall
from tests.web.sessions import lead
from tests.web.supervisor_halls import AUDITOR, LEADER, act, part, refused, sign_in


@pytest.fixture(autouse=True)
def quiet(running: RunningHall) -> Iterator[None]:
    """A hall in which nothing is announced before and after."""
    yield
    for one in announced(running):
        running.desk.call(EndAnnouncement(LEADER, one.announcement_id))


def announced(running: RunningHall) -> list[AnnouncementInfo]:
    """What is said to the room now."""
    return running.snapshot().announcements


def test_an_announcement_is_made_as_the_form_says(running: RunningHall, leading: httpx.Client) -> None:
    words = {"text": "Xe 34A-123.45 để quên đèn", "text_en": "A car has its lights on", "minutes": "15"}
    assert refused(act(leading, "make_announcement", kind="announcement", spoken="true", **words)) == ""
    (made,) = announced(running)
    assert (made.kind, made.text, made.text_en, made.spoken) == ("announcement", words["text"], words["text_en"], True)
    assert made.until is not None
    assert round((made.until - made.at).total_seconds()) == 900
    shown = part(leading, "announcements")
    assert words["text"] in shown
    assert "đọc qua loa" in shown


def test_one_without_minutes_runs_until_it_is_ended(running: RunningHall, leading: httpx.Client) -> None:
    act(leading, "make_announcement", kind="ticker", text="Mời lấy phiếu", minutes="")
    (made,) = announced(running)
    assert made.until is None
    assert "đến khi kết thúc" in part(leading, "announcements")
    assert refused(act(leading, "end_announcement", announcement_id=str(made.announcement_id))) == ""
    assert announced(running) == []
    assert "đã kết thúc" in refused(act(leading, "end_announcement", announcement_id=str(made.announcement_id)))
    assert part(leading, "announcements").strip() == ""


def test_what_is_no_announcement_is_told_and_nothing_is_said(running: RunningHall, leading: httpx.Client) -> None:
    for wrong in (
        {"kind": "shout", "text": "x"},
        {"kind": "ticker", "text": ""},
        {"kind": "ticker", "text": "x" * 301},
        {"kind": "ticker", "text": "x", "minutes": "soon"},
        {"kind": "ticker", "text": "x", "minutes": "100000"},
    ):
        assert act(leading, "make_announcement", **wrong).status_code == 400
    assert "màn hình" in refused(act(leading, "make_announcement", kind="ticker", text="x", display_ids="none")).lower()
    assert announced(running) == []


def test_who_only_looks_sees_it_and_cannot_change_it(running: RunningHall, leading: httpx.Client) -> None:
    act(leading, "make_announcement", kind="announcement", text="Nghỉ trưa")
    with running.visitor() as auditor:
        sign_in(auditor, AUDITOR)
        shown = part(auditor, "announcements")
        assert "Nghỉ trưa" in shown
        assert "<form" not in shown
        assert act(auditor, "make_announcement", kind="ticker", text="x").status_code == 403
    assert len(announced(running)) == 1


def test_the_journal_says_who_announced_what(running: RunningHall, leading: httpx.Client) -> None:
    act(leading, "make_announcement", kind="emergency", text="Rời khỏi tòa nhà")
    page = leading.get("/supervisor/journal").text
    assert "Thông báo khẩn cấp: “Rời khỏi tòa nhà”, đến khi kết thúc." in page


@pytest.mark.browser
def test_announcing_in_a_browser_and_an_emergency_asks_once_more(
    running: RunningHall, desk_page: Page, tmp_path: Path
) -> None:
    lead(desk_page, running)
    desk_page.get_by_role("button", name="Thông báo", exact=True).click()
    dialog = desk_page.locator("#dialog")
    dialog.get_by_label("Nội dung", exact=True).fill("Từ 11 giờ 30 các quầy nghỉ trưa.")
    dialog.get_by_label("Hiện trong").select_option("60")
    check(desk_page, tmp_path, "form")
    dialog.get_by_role("button", name="Thông báo", exact=True).click()
    strip = desk_page.locator("#part-announcements")
    expect(strip).to_contain_text("Từ 11 giờ 30 các quầy nghỉ trưa.")
    desk_page.get_by_role("button", name="Thông báo", exact=True).click()
    expect(dialog.locator(".running")).to_contain_text("nghỉ trưa")
    dialog.get_by_text("Khẩn cấp", exact=True).click()
    dialog.get_by_label("Nội dung", exact=True).fill("Có cháy. Mời mọi người ra ngoài theo lối thoát hiểm.")
    dialog.get_by_role("button", name="Thông báo", exact=True).click()
    expect(desk_page.locator("#sure")).to_contain_text("Phủ thông báo khẩn cấp")
    assert [one.kind for one in announced(running)] == ["announcement"]
    desk_page.locator("#sure").get_by_role("button", name="Đồng ý").click()
    expect(strip).to_contain_text("Có cháy.")
    expect(dialog).to_be_hidden()
    check(desk_page, tmp_path, "running")
    strip.locator(".emergency").get_by_role("button", name="Kết thúc").click()
    expect(strip).not_to_contain_text("Có cháy.")
    assert [one.kind for one in announced(running)] == ["announcement"]
    desk_page.set_viewport_size({"width": 390, "height": 780})
    check(desk_page, tmp_path, "narrow")
