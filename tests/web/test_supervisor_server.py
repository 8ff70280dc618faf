"""The panel about the server: what it says, what to do, and how it looks."""

import datetime as dt
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from config import texts
from config.version import VERSION
from protocol.keys import write_private
from protocol.replies import Alert, HealthReply
from protocol.staff_replies import TROUBLES
from queue_server.last_backup import NAME, LastBackup
from tests.running import eventually
from tests.web.looking import check
from tests.web.running import RunningHall
from tests.web.sessions import lead
from tests.web.supervisor_halls import AUDITOR, NOW, alert, scene, sign_in
from web.supervisor.alerts import alert_line
from web.supervisor.server import STRANGE, panel


def reply(*codes: str, gauges: dict[str, float] | None = None, counts: dict[str, int] | None = None) -> HealthReply:
    troubles = [Alert(code, NOW - dt.timedelta(minutes=5), {}) for code in codes]
    return HealthReply(NOW, NOW - dt.timedelta(hours=2), "e", 9, troubles, counts or {}, gauges or {})


def facts(told: HealthReply, language: str = "vi") -> dict[str, str]:
    return dict(panel(scene(language), told).facts)


def test_a_server_just_started_says_what_it_does_not_know_yet() -> None:
    assert facts(reply()) == {
        "Chạy từ": "07:00",
        "Ổ đĩa": "chưa đo",
        "Bản sao lưu gần nhất": "chưa có bản nào",
        "Kiểm tra nhật ký": "chưa kiểm tra lần nào từ khi khởi động",
        "Máy dự phòng": "không có",
        "Kết nối lạ bị từ chối": "không có",
        "Phiên bản": VERSION,
    }


def test_what_was_measured_is_said_in_units_that_people_know() -> None:
    gauges = {
        "disk_free_bytes": 12.34e9,
        "disk_bytes": 100e9,
        "backup_age_seconds": 3 * 3600 + 100,
        "chain_checked_seq": 340_000,
        "chain_checked_age_seconds": 7200,
        "standby_in_step": 0,
    }
    told = facts(reply(gauges=gauges, counts=dict.fromkeys(STRANGE, 2)), "en")
    assert told["Disk"] == "12.3 GB of 100 GB are free"
    assert told["Latest backup"] == "3 hours ago"
    assert told["Check of the log"] == "up to event 340000, 2 hours ago: unbroken"
    assert told["Second machine"] == "lacks some data"
    assert told["Strange connections refused"] == "8 since the start"
    assert facts(reply("chain_broken", gauges=gauges))["Kiểm tra nhật ký"] == "không nguyên vẹn"


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("code", TROUBLES)
def test_every_trouble_is_told_with_what_to_do(code: str, language: str) -> None:
    [trouble] = panel(scene(language), reply(code)).troubles
    assert trouble.advice == texts.text(f"server.do_{code}", language)
    assert trouble.sentence.endswith(".")


def test_a_trouble_newer_than_the_page_is_told_without_advice() -> None:
    [trouble] = panel(scene(), reply("flood")).troubles
    assert (trouble.sentence, trouble.advice) == ("Cần xem: flood.", "")


@pytest.mark.parametrize("code", [code for code in TROUBLES if code != "clock_doubted"])
def test_the_alert_of_a_trouble_opens_the_panel(code: str) -> None:
    for leads in (True, False):
        action = alert_line(scene(), alert(code), leads=leads).action
        assert action is not None
        assert (action.ask.rstrip("?"), action.do) == ("server", "")


def test_the_panel_opens_for_who_only_looks_too(running: RunningHall) -> None:
    with running.visitor() as looking:
        sign_in(looking, AUDITOR)
        told = looking.get("/supervisor/ask/server").text
    assert "Máy chủ đang làm việc tốt." in told
    assert VERSION in told


def test_nobody_else_sees_it(running: RunningHall) -> None:
    with running.visitor() as stranger:
        assert stranger.get("/supervisor/ask/server").status_code in (303, 401, 403)


@pytest.mark.browser
def test_an_old_backup_is_seen_on_the_page_and_its_panel_says_what_to_do(
    running: RunningHall, desk_page: Page, tmp_path: Path
) -> None:
    lead(desk_page, running)
    old = LastBackup(dt.datetime.now(dt.UTC) - dt.timedelta(hours=50), 1, "e", "hall-1.db")
    write_private(running.data / NAME, old)
    try:
        for width, height in ((1366, 768), (390, 780)):
            desk_page.set_viewport_size({"width": width, "height": height})
            desk_page.get_by_role("button", name="Xem máy chủ").click()
            shown = desk_page.locator("#dialog")
            expect(shown).to_contain_text("Nhờ người quản trị sao lưu hôm nay")
            expect(shown).to_contain_text("50 giờ trước")
            check(desk_page, tmp_path, f"server-{width}")
            shown.get_by_role("button", name="Đóng").click()
    finally:
        (running.data / NAME).unlink()
        eventually(lambda: running.health()["troubles"] == [])
