"""Reports as files that people open: Vietnamese intact, nothing runs, and every figure where its head says."""

import csv
import io
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from figures.directory import Directory
from figures.formats import FORMATS, render, safe, sheet_as_csv
from figures.notice import notice
from figures.report import Report, report_of
from figures.rows import Rows
from figures.sheets import COLUMNS, Sheet, kind_of, law_sheet, shown
from figures.tables import Tables
from figures.words import Dimension, Procedure, Question
from tests.figures.sample import DANGEROUS, DAY, VIETNAMESE, hall, reason, span, stay, visit, vote

SERVICES = {f"s{place}": name for place, name in enumerate([*DANGEROUS, VIETNAMESE])}


def report(rows: Rows | None = None, **names: Any) -> Report:
    """The day's report of a hall whose names want to be formulas."""
    given = Rows(
        visits=[visit(place, service=service, waiting_seconds=750.0) for place, service in enumerate(SERVICES)],
        stays=[stay(place, service=service) for place, service in enumerate(SERVICES)],
        spans=[span("idle", 90.0), span("serving", 270.0)],
        votes=[vote(5, service="s0")] * 6 + [vote(2, "=cmd", service="s0")] * 5,
        reasons=[reason("-1+1")],
    )
    directory = Directory(hall(SERVICES, **names), {"=9": Procedure("=1+9", "@x")})
    with Tables(directory) as tables:
        tables.add(rows or given)
        return report_of(tables, Question(DAY, DAY), [Dimension.SERVICE, Dimension.COUNTER])


def is_formula(cell: str) -> bool:
    return cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))


def test_cells_of_a_csv_are_no_formulas_and_read_back_as_they_were() -> None:
    content = render(report(), "csv")
    assert content.startswith(b"\xef\xbb\xbf"), "spreadsheets need the mark to read Vietnamese"
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert {len(row) for row in rows} == {len(COLUMNS) + 2}
    assert not [cell for row in rows for cell in row if is_formula(cell)]
    assert [row[1].replace("'", "") for row in rows[2 : 2 + len(DANGEROUS)]] == DANGEROUS
    whole = dict(zip(rows[0], rows[1], strict=True))
    assert whole["Tên"] == VIETNAMESE
    assert (whole["Đã cấp số"], whole["Chờ, trung vị (phút)"], whole["Hài lòng (4–5 sao)"]) == ("9", "12.5", "1.0")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_cells_of_a_workbook_are_texts_and_numbers_and_no_formulas(language: str) -> None:
    book = load_workbook(io.BytesIO(render(report(), "xlsx", language)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    whole, services, _, counters, hours, ratings, law = book.worksheets
    assert [row[0] for row in services.iter_rows(min_row=2, values_only=True)] == list(SERVICES.values())
    assert (whole["A2"].value, whole["B2"].value) == (VIETNAMESE, 9)
    assert counters["A2"].value == "Quầy 1"
    assert hours["B2"].value == 9
    assert "=cmd" in [row[0] for row in ratings.iter_rows(values_only=True)]
    assert law.max_row == 1 + 9 + 6, "every index is named, measured or not"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_pages_escape_names_and_keep_vietnamese(language: str) -> None:
    found = report(counters={"1": "<script>alert(1)</script>", "2": "'\"><img src=x onerror=alert(1)>"})
    for page in (render(found, "html", language).decode(), notice(found, language).decode()):
        assert "<script" not in page
        assert "<img" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert VIETNAMESE in page
        assert ("12,5" in page) == (language == "vi")
        assert "http" not in page.replace("=HYPERLINK(&#34;http://x&#34;;&#34;y&#34;)", ""), "nothing from elsewhere"


def test_letters_that_no_file_can_hold_are_left_out() -> None:
    broken = report(name="Hội trường \x00\x0b\ufffe")
    for form in FORMATS:
        assert render(broken, form)
    assert load_workbook(io.BytesIO(render(broken, "xlsx"))).worksheets[0]["A2"].value.startswith("Hội trường")


def test_a_text_stands_in_columns_and_leaves_idle_groups_out() -> None:
    text = render(report(), "text").decode()
    assert text.startswith(f"Báo cáo ngày 23/11/2026: {VIETNAMESE}")
    assert "Quầy 1" in text
    assert "Quầy 2" not in text, "nobody was there"
    assert "12,5" in text
    assert "75%" in text, "the counter served three quarters of its time"


def test_the_formats_are_those_that_the_command_offers() -> None:
    assert sorted(FORMATS) == ["csv", "html", "text", "xlsx"]
    with pytest.raises(KeyError):
        render(report(), "pdf")


@given(st.text(st.sampled_from(list("=+-@＝＠;,|\t\r\n \0'\"aĐ1")), max_size=12))
def test_no_text_begins_a_formula_wherever_a_spreadsheet_cuts_it(text: str) -> None:
    kept = safe(text)
    assert isinstance(kept, str)
    for cell in re.split("[;,|\t\r\n]", kept):
        assert not cell.lstrip(" \0").startswith(tuple("=+-@＝＋－＠"))
    assert kept.replace("'", "") == text.replace("'", ""), "nothing but quotes is added"


def test_names_as_halls_have_them_stay_as_they_are() -> None:
    for name in (VIETNAMESE, "Hộ tịch, quốc tịch - chứng thực", "Phòng A+B; tầng 2", "e-mail: a@b.vn"):
        assert safe(name) == name
    assert (safe(None), safe(-5), safe(0.5)) == (None, -5, 0.5)


def test_a_single_table_is_a_csv_of_its_own() -> None:
    sheet = Sheet("Bảng", ["Tên", "Số"], ["name", "count"], [["=1", 1], ["Đất đai", None]])
    assert sheet_as_csv(sheet).decode("utf-8-sig").splitlines() == ["Tên,Số", "'=1,1", "Đất đai,"]


def test_every_figure_is_shown_as_what_it_is() -> None:
    kinds = {column: kind_of(column) for column in COLUMNS}
    assert {column for column, kind in kinds.items() if kind == "share"} == {
        "within_target",
        "quoted_inside",
        "quoted_late",
        "response_rate",
        "satisfied",
    }
    assert kinds["quote_error"] == kinds["walk_p95"] == "minutes"
    assert kinds["issued"] == kinds["ratings"] == kinds["quoted"] == "count"
    assert [shown(1234, "count", one) for one in ("vi", "en")] == ["1.234", "1,234"]
    assert [shown(1234.5, "minutes", one) for one in ("vi", "en")] == ["1.234,5", "1,234.5"]
    assert (shown(0.857, "share", "vi"), shown(None, "share", "vi"), shown(4.333, "score", "vi")) == (
        "86%",
        "–",
        "4,33",
    )


def test_the_law_asks_more_than_a_hall_can_measure_and_the_report_says_so() -> None:
    rows = Rows(
        visits=[visit(n) for n in range(10)], votes=[vote(4)] * 5 + [vote(2, "attitude")] * 5 + [vote(5, "time")] * 3
    )
    sheet = law_sheet(report(rows), "en")
    told = {row[0]: row[2:] for row in sheet.rows}
    assert told["5. Attitude of staff"] == ["yes", 5, 0.5, 0.0, 2.0]
    assert told["1. Time of the result"] == ["yes", 3, 0.3, None, None]
    assert told["5. Satisfaction"] == ["yes", 5, 0.5, 1.0, 4.0]
    assert told["8. Online service"] == ["not measured here", None, None, None, None]
    assert all(row[1] for row in sheet.rows), "the article stands beside each"


def test_the_notice_of_a_day_without_votes_or_visits_says_so() -> None:
    page = notice(report(Rows())).decode()
    assert "Chưa đủ 5 lượt đánh giá" in page
    assert "None" not in page
