"""A counter's tablet in a real browser: from idle to stars to thanks, and when something is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.running import PATIENCE
from tests.web.looking import check
from tests.web.rating_steps import TABLET, pair_page, served
from tests.web.running import RunningHall

pytestmark = pytest.mark.browser
FINGER = 128
"""Points of 20 mm on a tablet that draws 160 to the inch."""


@pytest.fixture
def tablet(browser: Browser) -> Iterator[Page]:
    """A page on a tablet of ten inches; a script error fails the test."""
    context = browser.new_context(viewport=TABLET, locale="vi-VN", has_touch=True)  # type: ignore[arg-type]
    context.set_default_timeout(1000 * PATIENCE)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda fault: faults.append(str(fault)))
    yield page
    context.close()
    assert faults == []


def small_targets(page: Page) -> list[str]:
    """What can be touched and is smaller than a finger."""
    found: list[str] = page.evaluate(
        """(least) => [...document.querySelectorAll("button, textarea, input")].filter((one) => one.checkVisibility())
          .filter((one) => { const box = one.getBoundingClientRect(); return box.width < least || box.height < least; })
          .map((one) => one.textContent.trim())""",
        FINGER,
    )
    return found


def test_a_tablet_from_idle_to_stars_to_reasons_to_thanks(running: RunningHall, tablet: Page, tmp_path: Path) -> None:
    pair_page(tablet, running)
    expect(tablet.locator("main").get_by_text("Quầy chưa mở")).to_be_visible()
    check(tablet, tmp_path, "closed")
    running.open("q1", "012")
    expect(tablet.locator("main").get_by_text("Kính chào quý khách")).to_be_visible()
    check(tablet, tmp_path, "idle")
    mine = running.issue()
    running.call_next("q1")
    expect(tablet.locator("[data-view=called] .number")).to_have_text(mine.ticket.number)
    check(tablet, tmp_path, "called")
    running.start("q1", mine.ticket.ticket_id)
    expect(tablet.locator("[data-view=serving] .number")).to_have_text(mine.ticket.number)
    check(tablet, tmp_path, "serving")
    running.finish("q1", mine.ticket.ticket_id)
    expect(tablet.locator("main").get_by_text("Quý khách có hài lòng với sự phục vụ của Quầy 1?")).to_be_visible()
    expect(tablet.locator("#left-text")).to_contain_text("giây")
    check(tablet, tmp_path, "stars")
    assert small_targets(tablet) == []
    tablet.get_by_role("button", name="Không hài lòng Dissatisfied", exact=True).tap()
    for reason in ("Thái độ phục vụ", "Thời gian chờ lâu", "Khác"):
        tablet.get_by_role("button", name=reason).tap()
    expect(tablet.get_by_role("button", name="Thu thêm chi phí")).to_be_disabled()
    check(tablet, tmp_path, "reasons")
    assert small_targets(tablet) == []
    tablet.locator("#comment").fill("Chờ hơi lâu")
    tablet.get_by_role("button", name="Gửi đánh giá").tap()
    expect(tablet.locator("main").get_by_text("Cảm ơn quý khách đã đánh giá")).to_be_visible()
    check(tablet, tmp_path, "thanks")
    assert running.desk_of("q1").done[0].rated
    expect(tablet.locator("main").get_by_text("Kính chào quý khách")).to_be_visible()
    assert tablet.locator("#comment").input_value() == ""


def test_on_a_tall_tablet_nothing_is_cut_off(running: RunningHall, tablet: Page, tmp_path: Path) -> None:
    tablet.set_viewport_size({"width": 800, "height": 1280})
    pair_page(tablet, running)
    served(running)
    expect(tablet.locator("[data-view=stars]")).to_be_visible()
    check(tablet, tmp_path, "tall-stars")
    assert small_targets(tablet) == []
    tablet.get_by_role("button", name="Bình thường").tap()
    check(tablet, tmp_path, "tall-reasons")
    assert small_targets(tablet) == []
