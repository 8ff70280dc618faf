"""The figures as files that people open: Vietnamese intact, nothing runs, and the command's words."""

import csv
import datetime as dt
import io
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from queue_server.report_formats import FORMATS, render
from queue_server.reports import DayReport, Figures
from queue_server.storage.sqlite import SqliteStorage
from tests.conftest import ROOT
from tests.queue_server.factories import MORNING, SmallHall

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", '=HYPERLINK("http://x";"y")', "<script>alert(1)</script>"]
VIETNAMESE = "Đăng ký hộ tịch – Quầy số 5, phường Nghĩa Đô"


def figures(name: str, ratings: int = 7) -> Figures:
    return Figures(
        name, 12, 11, 10, 1, 1, 2, 1, 0, 12.5, 31.0, None, 8.0, 15.2, ratings, 0.857 if ratings >= 5 else None
    )


REPORT = DayReport(
    VIETNAMESE,
    dt.date(2026, 11, 23),
    figures(VIETNAMESE),
    [figures(name) for name in DANGEROUS],
    [figures(VIETNAMESE, ratings=4)],
)


def test_cells_of_a_csv_are_no_formulas_and_read_back_as_they_were() -> None:
    content = render(REPORT, "csv")
    assert content.startswith(b"\xef\xbb\xbf"), "spreadsheets need the mark to read Vietnamese"
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert [row[1].removeprefix("'") for row in rows[2:-1]] == DANGEROUS
    assert rows[1][1] == rows[-1][1] == VIETNAMESE
    assert rows[-1][-1] == "", "no share of four ratings"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_cells_of_a_workbook_are_texts_and_numbers_and_no_formulas(language: str) -> None:
    book = load_workbook(io.BytesIO(render(REPORT, "xlsx", language)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    whole, services, counters = book.worksheets
    assert [row[0] for row in services.iter_rows(min_row=2, values_only=True)] == DANGEROUS
    assert whole["A2"].value == VIETNAMESE
    assert whole["B2"].value == 12
    assert [cell.value for cell in counters[2]][-1] is None


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_page_escapes_names_and_keeps_vietnamese(language: str) -> None:
    page = render(REPORT, "html", language).decode()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert VIETNAMESE in page
    assert "86%" in page
    assert ("12,5" in page) == (language == "vi")


def test_a_text_stands_in_columns_and_leaves_idle_services_out() -> None:
    idle = Figures("Không ai đến", 0, 0, 0, 0, 0, 0, 0, 0, None, None, None, None, None, 0, None)
    shown = render(DayReport("H", REPORT.service_day, REPORT.whole, [*REPORT.services, idle], []), "text").decode()
    assert "23/11/2026" in shown
    assert VIETNAMESE in shown
    assert "Không ai đến" not in shown
    assert "12,5" in shown


def test_the_formats_are_those_that_the_command_offers() -> None:
    assert sorted(FORMATS) == ["csv", "html", "text", "xlsx"]
    with pytest.raises(KeyError):
        render(REPORT, "pdf")


# ---- the command ----


@pytest.fixture
def data(tmp_path: Path) -> Path:
    hall = SmallHall(storage=SqliteStorage(tmp_path / "hall.db"))
    hall.open("1")
    hall.issue("land")
    hall.serve("1")
    hall.storage.close()
    return tmp_path


def report(data: Path, *arguments: str) -> tuple[int, bytes, str]:
    command = [sys.executable, "-m", "queue_server", "report", "--data", str(data), *arguments]
    done = subprocess.run(command, capture_output=True, cwd=ROOT)
    assert b"Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr.decode()


def test_the_command_reports_the_last_day_to_the_terminal_or_a_file(data: Path) -> None:
    code, out, _ = report(data)
    assert code == 0
    assert "Sảnh nhỏ" in out.decode()
    assert f"{MORNING:%d/%m/%Y}" in out.decode()
    assert report(data, "--day", "2026-11-23", "--format", "xlsx", "-o", str(data / "day.xlsx"))[0] == 0
    assert load_workbook(data / "day.xlsx").worksheets[0]["B2"].value == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--day", "2026-11-22"), 2, "2026-11-23"),
        (("--day", "yesterday"), 2, "invalid"),
        (("--format", "pdf"), 2, "invalid choice"),
        (("-o", "/nowhere/day.txt"), 1, "/nowhere/day.txt"),
    ],
)
def test_the_command_says_what_can_not_be_reported(
    data: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    found, out, err = report(data, *arguments)
    assert (found, out) == (code, b"")
    assert words in err


def test_a_log_that_has_not_begun_has_no_day(tmp_path: Path) -> None:
    SqliteStorage(tmp_path / "hall.db").close()
    code, _, err = report(tmp_path)
    assert code == 2
    assert "none" in err
