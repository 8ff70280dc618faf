"""The tablets on the supervisor's page: a code is shown once, and all of a counter are unpaired at once."""

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.web.looking import check
from tests.web.rating_steps import new_code, paired, unpair
from tests.web.running import RunningHall
from tests.web.sessions import lead
from tests.web.supervisor_halls import AUDITOR, sign_in


def test_a_code_comes_with_address_qr_and_end(running: RunningHall, leading: httpx.Client) -> None:
    page = leading.post("/supervisor/tablets/code", data={"counter_id": "q1"}).text
    assert re.search(r'class="code">[A-Z2-9]{4} [A-Z2-9]{4}<', page)
    assert f"{running.url}/counter/q1/rating" in page
    assert '<svg class="qr"' in page
    assert re.search(r"Dùng một lần, đến \d\d:\d\d\.", page)
    assert 'class="code"' not in leading.get("/supervisor/tablets").text


def test_only_who_leads_makes_codes_and_unpairs(running: RunningHall) -> None:
    with paired(running) as tablet, running.visitor() as auditor:
        sign_in(auditor, AUDITOR)
        for deed in ("code", "unpair"):
            answer = auditor.post(f"/supervisor/tablets/{deed}", data={"counter_id": "q1"})
            assert answer.status_code == 403
            assert 'class="code"' not in answer.text
        assert tablet.get("/counter/q1/rating/state").status_code == 200
    with running.visitor() as stranger:
        for deed in ("code", "unpair"):
            answer = stranger.post(f"/supervisor/tablets/{deed}", data={"counter_id": "q1"})
            assert answer.headers["location"] == "/supervisor/sign-in"
    unpair(running)


def test_a_counter_that_is_none_gets_no_code(leading: httpx.Client) -> None:
    answer = leading.post("/supervisor/tablets/code", data={"counter_id": "none"})
    assert answer.status_code == 403
    assert "Không có quầy này" in answer.text


@pytest.mark.browser
def test_pairing_and_unpairing_in_a_browser(running: RunningHall, desk_page: Page, tmp_path: Path) -> None:
    lead(desk_page, running)
    desk_page.get_by_role("link", name="Máy đánh giá").click()
    desk_page.get_by_role("button", name="Mã ghép máy cho Quầy 2").click()
    expect(desk_page.locator(".code")).to_be_visible()
    check(desk_page, tmp_path, "code")
    with running.visitor() as tablet:
        tablet.post("/counter/q2/rating/pair", data={"code": new_code(running, "q2")})
        desk_page.get_by_role("link", name="Máy đánh giá").click()
        row = desk_page.get_by_role("row", name="Quầy 2")
        row.get_by_text("Bỏ ghép", exact=True).click()
        check(desk_page, tmp_path, "unpair")
        row.get_by_role("button", name="Bỏ ghép tất cả").click()
        expect(desk_page.locator(".tablets .since")).to_have_count(0)
        assert tablet.get("/counter/q2/rating/state").status_code == 403
    desk_page.set_viewport_size({"width": 390, "height": 780})
    check(desk_page, tmp_path, "narrow")
