"""The notice of a day is one A4 page, however long the names are."""

import pytest
from playwright.sync_api import Browser

from figures.notice import notice
from figures.report import report_of
from figures.rows import Rows
from figures.tables import Tables
from figures.words import Dimension, Question
from tests.figures.sample import DAY, directory, stay, visit, vote

LONG = "Trung tâm Phục vụ hành chính công xã Nguyễn Huệ và các điểm tiếp nhận hồ sơ tại bưu điện văn hóa xã"


@pytest.mark.browser
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_notice_is_one_page_with_nothing_cut_off(browser: Browser, language: str) -> None:
    services = {f"s{number:02}": f"{number}. {LONG}" for number in range(40)}
    rows = Rows(
        visits=[visit(n, service=f"s{n % 40:02}", hour=7 + n % 11, quoted_low=5, quoted_high=15) for n in range(400)],
        stays=[stay(n, service=f"s{n % 40:02}") for n in range(400)],
        votes=[vote(5, service="s00")] * 9,
    )
    with Tables(directory(services=services, name=LONG)) as tables:
        tables.add(rows)
        report = report_of(tables, Question(DAY, DAY), [Dimension.SERVICE])
    page = browser.new_page()
    try:
        page.set_content(notice(report, language).decode())
        main = page.locator("main")
        assert main.evaluate("sheet => sheet.scrollHeight <= sheet.clientHeight"), "the page would cut it off"
        assert main.evaluate("sheet => sheet.scrollWidth <= sheet.clientWidth")
        assert page.pdf(prefer_css_page_size=True, print_background=True).count(b"/Type /Page\n") == 1
    finally:
        page.close()
