"""A counter's tablet in a real browser: from idle to stars to thanks, and when something is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.running import PATIENCE, eventually
from tests.web.looking import check
from tests.web.losing import lose_the_first_answer
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


def test_the_page_of_pairing_fits_a_small_screen(running: RunningHall, phone_page: Page) -> None:
    phone_page.goto(f"{running.url}/counter/q1/rating")
    expect(phone_page.get_by_role("button")).to_be_visible()
    assert phone_page.evaluate("work => work.scrollWidth - work.clientWidth", phone_page.query_selector("main")) == 0


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


def press(page: Page, name: str) -> None:
    """Touch one of the faces."""
    page.get_by_role("button", name=name, exact=True).tap()


def test_a_vote_in_a_lost_network_is_sent_when_it_is_back(running: RunningHall, tablet: Page, tmp_path: Path) -> None:
    pair_page(tablet, running)
    served(running)
    expect(tablet.locator("[data-view=stars]")).to_be_visible()
    tablet.context.set_offline(True)
    press(tablet, "Rất hài lòng Very satisfied")
    expect(tablet.locator("#sending")).to_have_text("Mất kết nối, đang gửi lại đánh giá…")
    check(tablet, tmp_path, "sending")
    tablet.context.set_offline(False)
    # the thanks stand for some seconds only: a busy machine may miss them
    eventually(lambda: running.desk_of("q1").done[0].rated, what="the vote arrives")


def test_a_vote_whose_answer_was_lost_counts_once(running: RunningHall, tablet: Page) -> None:
    pair_page(tablet, running)
    served(running)
    expect(tablet.locator("[data-view=stars]")).to_be_visible()
    bodies = lose_the_first_answer(tablet, "**/vote*")
    press(tablet, "Hài lòng Satisfied")
    expect(tablet.locator("[data-view=thanks]")).to_be_visible()
    assert len(bodies) == 2
    assert bodies[0] == bodies[1]


def test_the_stars_go_by_themselves_and_a_silent_hall_is_told(
    running: RunningHall, tablet: Page, tmp_path: Path
) -> None:
    tablet.clock.install()
    pair_page(tablet, running)
    served(running)
    expect(tablet.locator("[data-view=stars]")).to_be_visible()
    tablet.clock.run_for(10_000)
    expect(tablet.locator("[data-view=stars]")).to_be_visible()
    tablet.clock.run_for(21_000)
    expect(tablet.locator("[data-view=stars]")).to_be_hidden()
    tablet.route("**/rating/**", lambda route: route.abort())
    tablet.clock.run_for(12_000)
    expect(tablet.locator("#lost")).to_be_visible()
    expect(tablet.locator("[data-view=idle]")).to_be_visible()
    check(tablet, tmp_path, "lost")


def test_who_walks_away_from_the_reasons_has_voted_and_left_nothing(running: RunningHall, tablet: Page) -> None:
    tablet.clock.install()
    pair_page(tablet, running)
    served(running)
    press(tablet, "Bình thường Neutral")
    tablet.locator("#comment").fill("Chờ lâu")
    tablet.get_by_role("button", name="Thời gian chờ lâu").tap()
    tablet.clock.run_for(61_000)
    expect(tablet.locator("[data-view=thanks]")).to_be_visible()
    assert running.desk_of("q1").done[0].rated
    assert tablet.locator("#comment").input_value() == ""
    assert tablet.locator("[aria-pressed=true]").count() == 0


def test_who_pressed_the_wrong_face_chooses_again(running: RunningHall, tablet: Page) -> None:
    pair_page(tablet, running)
    served(running)
    press(tablet, "Rất không hài lòng Very dissatisfied")
    tablet.get_by_role("button", name="Chọn lại").tap()
    press(tablet, "Rất hài lòng Very satisfied")
    expect(tablet.locator("[data-view=thanks]")).to_be_visible()


def test_calling_on_does_not_take_the_stars_away(running: RunningHall, tablet: Page) -> None:
    pair_page(tablet, running)
    mine, following = served(running), running.issue()
    expect(tablet.locator("[data-rated]")).to_have_text(mine.ticket.number)
    running.call_next("q1")
    running.start("q1", following.ticket.ticket_id)
    press(tablet, "Hài lòng Satisfied")
    expect(tablet.locator("[data-view=thanks]")).to_be_visible()
    expect(tablet.locator("[data-view=serving] .number")).to_have_text(following.ticket.number)


def test_nothing_can_be_selected_dragged_or_opened(running: RunningHall, tablet: Page) -> None:
    pair_page(tablet, running)
    assert tablet.locator("a").count() == 0
    assert tablet.evaluate("getComputedStyle(document.body).userSelect") == "none"
    for kind in ("contextmenu", "dragstart", "drop"):
        prevented = "(kind) => !document.body.dispatchEvent(new Event(kind, { bubbles: true, cancelable: true }))"
        assert tablet.evaluate(prevented, kind)


def test_a_desk_open_in_the_same_browser_cannot_rate(running: RunningHall, tablet: Page) -> None:
    pair_page(tablet, running)
    served(running)
    ballot = tablet.evaluate("fetch('/counter/q1/rating/state').then((answer) => answer.json())")["stars"]["ballot"]
    tablet.goto(f"{running.url}/desk/sign-in")
    status = tablet.evaluate(
        "(ballot) => fetch('/counter/q1/rating/vote', { method: 'POST', "
        "body: new URLSearchParams({ ballot, score: 5, request_id: 'abcdefghijkl' }) }).then((sent) => sent.status)",
        ballot,
    )
    assert status == 403
    assert not running.desk_of("q1").done[0].rated
