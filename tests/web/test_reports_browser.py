"""The report pages in a real browser: to look at, to fill in, to print, and closed to what wants to be run."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Response, expect

from tests.web.looking import check
from tests.web.report_halls import FORMULA, ReportHall, enter, figures_of, payloads, played_figures, today
from tests.web.test_reports import five_weeks

pytestmark = pytest.mark.browser
MOST_BYTES = 120_000
MOST_REQUESTS = 6
"""The page, two sheets of style, the icon and two charts."""
QUERY = "&".join(f"{name}={value}" for name, value in five_weeks().items())


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReportHall]:
    """A hall with five weeks of figures, whose names are traps."""
    folder = tmp_path_factory.mktemp("figures")
    with ReportHall(played_figures(folder), folder) as hall:
        yield hall


def executed(page: Page) -> bool:
    """Whether any of the names was run."""
    return bool(page.title() == "pwned" or page.evaluate("window.pwned === 1"))


def pages_of(pdf: bytes) -> int:
    """How many sheets of paper a PDF needs."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.mark.parametrize(
    "view",
    [
        *("", "/tables", "/hours", "/sheet"),
        *(pytest.param(f"/{name}", marks=pytest.mark.long) for name in ("counters", "quotes", "ratings", "rules")),
    ],
)
def test_a_page_is_light_and_for_everybody(reports: ReportHall, desk_page: Page, tmp_path: Path, view: str) -> None:
    answers: list[Response] = []
    desk_page.on("response", lambda answer: answers.append(answer))
    enter(desk_page, reports, f"{view}?{QUERY}" if view != "/sheet" else view)
    assert len(answers) <= MOST_REQUESTS
    assert sum(len(answer.body()) for answer in answers if answer.ok) < MOST_BYTES
    assert all(answer.url.startswith(reports.url) for answer in answers)
    check(desk_page, tmp_path, view.strip("/") or "reports")
    assert not executed(desk_page)


@pytest.mark.parametrize("view", ["", pytest.param("/hours", marks=pytest.mark.long), "/sheet"])
def test_a_phone_shows_all_of_it(reports: ReportHall, phone_page: Page, tmp_path: Path, view: str) -> None:
    enter(phone_page, reports, f"{view}?{QUERY}" if view != "/sheet" else view)
    check(phone_page, tmp_path, "phone")


def test_days_and_a_part_are_chosen_with_the_form(reports: ReportHall, desk_page: Page) -> None:
    enter(desk_page, reports)
    first, last = five_weeks()["from"], five_weeks()["to"]
    desk_page.get_by_label("Từ ngày").fill(first)
    desk_page.get_by_label("Đến ngày").fill(last)
    desk_page.keyboard.press("Enter")
    expect(desk_page.locator(".period")).to_contain_text(f"đến {today():%d/%m/%Y}")
    desk_page.get_by_text("Chỉ xem một phần").click()
    desk_page.locator("#f-service").select_option("civil")
    desk_page.get_by_role("button", name="Xem báo cáo").click()
    expect(desk_page.locator(".narrowed")).to_contain_text(FORMULA)
    expect(desk_page.locator(".figures-table tbody tr")).to_have_count(1)
    desk_page.get_by_role("link", name="Bảng số liệu").click()
    expect(desk_page.locator(".narrowed")).to_contain_text(FORMULA)
    desk_page.get_by_role("link", name="ngày", exact=True).click()
    expect(desk_page.locator("caption")).to_have_text("Theo ngày")
    desk_page.get_by_role("link", name=re.compile("Bỏ điều kiện này")).click()
    expect(desk_page.locator(".narrowed")).to_have_count(0)
    desk_page.get_by_role("button", name="Hôm nay").click()
    expect(desk_page.locator(".period")).to_have_text(f"Ngày {today():%d/%m/%Y}")


def test_the_days_sheet_is_one_page_of_paper_however_many_services(desk_page: Page, tmp_path: Path) -> None:
    names = [f"Lĩnh vực có tên rất dài để thử xem một trang giấy A4 có đủ chỗ hay không, số {n}" for n in range(120)]
    with ReportHall(figures_of(tmp_path, names), tmp_path) as hall:
        enter(desk_page, hall, "/sheet")
        expect(desk_page.get_by_role("heading", level=1)).to_have_text(f"Kết quả phục vụ ngày {today():%d/%m/%Y}")
        expect(desk_page.locator("main")).to_contain_text("Và 46 lĩnh vực khác: 46 lượt lấy số.")
        assert pages_of(desk_page.pdf(prefer_css_page_size=True)) == 1
        desk_page.emulate_media(media="print")
        assert desk_page.evaluate("(m => m.scrollHeight <= m.clientHeight)(document.querySelector('main'))")
        desk_page.emulate_media(media="screen")


def test_tables_are_printed_whole_and_without_buttons(reports: ReportHall, desk_page: Page) -> None:
    enter(desk_page, reports, f"/tables?by=day&{QUERY}")
    days = desk_page.locator(".figures-table tbody tr").count()
    desk_page.set_viewport_size({"width": 1047, "height": 718})  # A4 landscape within its margins
    desk_page.emulate_media(media="print")
    for hidden in (".top", ".tabs", ".ask", ".files"):
        expect(desk_page.locator(hidden)).to_be_hidden()
    expect(desk_page.locator(".printed")).to_be_visible()
    assert desk_page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert days > 20
    assert pages_of(desk_page.pdf(prefer_css_page_size=True)) <= 2


def test_a_thousand_payloads_run_nowhere(desk_page: Page, tmp_path: Path) -> None:
    with ReportHall(figures_of(tmp_path, payloads()), tmp_path) as hall:
        for address in ("/tables?by=service", "/counters?by=counter", "/sheet?"):
            enter(desk_page, hall, f"{address}&quick=today")
            assert not executed(desk_page)
            assert desk_page.url.startswith(hall.url)
            assert (
                desk_page.evaluate("document.querySelectorAll('main script, main b[onmouseover], main style').length")
                == 0
            )
