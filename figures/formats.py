"""A report as text, CSV, a workbook or a page to print; cells that look like formulas are kept as text."""

import csv
import io
import re
from collections.abc import Callable, Iterable

from jinja2 import Environment, PackageLoader, select_autoescape
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from config.texts import text
from figures.report import Report
from figures.sheets import (
    BRIEF,
    COLUMNS,
    NARROW,
    Cell,
    Sheet,
    figure_sheets,
    kind_of,
    law_sheet,
    other_sheets,
    shown,
    title,
)

_FORMULA = re.compile(r"(^|[;,|\t\r\n])(?=[\s\0]*[=+\-@＝＋－＠])|^(?=[\t\r\n\0])")
"""Where a spreadsheet would see a formula begin: also after what some country's spreadsheets take for a new cell."""
_NUMBER_FORMATS = {"share": "0.0%", "minutes": "#,##0.0", "score": "0.00", "count": "#,##0"}
_BEYOND_XML = {code: None for code in range(32) if chr(code) not in "\t\n\r"} | {0xFFFE: None, 0xFFFF: None}
_TITLE_LETTERS = 31


def render(report: Report, form: str, language: str = "vi") -> bytes:
    """The report in one of FORMATS; raises KeyError for another."""
    return FORMATS[form](report, language)


# ---- text ----


def as_text(report: Report, language: str) -> bytes:
    """Tables for a terminal, groups without tickets left out."""
    lines = [title(report, language), "", text("report.whole", language), *_whole(report, language), ""]
    for sheet in [*figure_sheets(report, language, NARROW)[1:], *other_sheets(report, language)]:
        if rows := [row for row in sheet.rows if any(row[1:])]:
            lines += [sheet.heading, *_lines(rows, sheet, language), ""]
    return "\n".join([*lines, text("report.note", language), ""]).encode()


def _whole(report: Report, language: str) -> list[str]:
    """One figure a line: all of them would make a line too wide."""
    heads = [text(f"report.{column}", language) for column in COLUMNS]
    cells = [shown(getattr(report.whole, column), kind_of(column), language) for column in COLUMNS]
    wide, wider = max(map(len, heads)), max(map(len, cells))
    return [f"  {head.ljust(wide)}  {cell.rjust(wider)}" for head, cell in zip(heads, cells, strict=True)]


def _lines(cells: list[list[Cell]], sheet: Sheet, language: str) -> list[str]:
    rows = [_shown(row, sheet, language) for row in cells]
    widths = [max(map(len, column)) for column in zip(sheet.heads, *rows, strict=True)]

    def line(cells: list[str]) -> str:
        padded = [
            cell.ljust(width) if kind == "name" else cell.rjust(width)
            for cell, width, kind in zip(cells, widths, sheet.kinds, strict=True)
        ]
        return ("  " + "  ".join(padded)).rstrip()

    return [line(sheet.heads), *map(line, rows)]


def _shown(row: list[Cell], sheet: Sheet, language: str) -> list[str]:
    return [shown(cell, kind, language) for cell, kind in zip(row, sheet.kinds, strict=True)]


# ---- CSV and XLSX ----


def as_csv(report: Report, language: str) -> bytes:
    """One row for everything and for each group; UTF-8 with a mark, so that spreadsheets read Vietnamese."""
    sheets = figure_sheets(report, language)
    rows = ([sheet.heading, *row] for sheet in sheets for row in sheet.rows)
    return csv_of([text("report.group", language), *sheets[0].heads], rows)


def sheet_as_csv(sheet: Sheet) -> bytes:
    """One table as CSV."""
    return csv_of(sheet.heads, sheet.rows)


def csv_of(heads: list[str], rows: Iterable[list[Cell]]) -> bytes:
    """Rows as CSV whose cells no spreadsheet runs."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(map(safe, heads))
    writer.writerows(map(safe, row) for row in rows)
    return out.getvalue().encode("utf-8-sig")


def safe(value: Cell) -> Cell:
    """A text that a spreadsheet would run as a formula gets a quote before it (OWASP ASVS 5, 1.2.10)."""
    return _FORMULA.sub(r"\1'", value) if isinstance(value, str) else value


def as_xlsx(report: Report, language: str) -> bytes:
    """A workbook with a sheet for everything, for each dimension and for what is told besides."""
    return xlsx_of([*figure_sheets(report, language), *other_sheets(report, language), law_sheet(report, language)])


def xlsx_of(sheets: Iterable[Sheet]) -> bytes:
    """Tables as a workbook, a sheet each."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        _add_sheet(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _add_sheet(book: Workbook, sheet: Sheet) -> None:
    page = book.create_sheet(sheet.heading[:_TITLE_LETTERS])
    rows: list[list[Cell]] = [[*sheet.heads], *sheet.rows]
    for line, row in enumerate(rows, 1):
        for place, (value, kind) in enumerate(zip(row, sheet.kinds, strict=True), 1):
            cell = page.cell(line, place)
            if isinstance(value, str):
                cell.value, cell.data_type = value.translate(_BEYOND_XML), "s"
            else:
                cell.value, cell.number_format = value, _NUMBER_FORMATS.get(kind, "General")
    for place, (head, kind) in enumerate(zip(sheet.heads, sheet.kinds, strict=True), 1):
        page.cell(1, place).font = Font(bold=True)
        page.column_dimensions[get_column_letter(place)].width = 50 if kind == "name" else max(10, len(head) + 2)
    page.freeze_panes = "B2"


# ---- pages ----

PAGES = Environment(loader=PackageLoader("figures"), autoescape=select_autoescape())


def as_html(report: Report, language: str) -> bytes:
    """A page of its own to read and print."""
    sheets = [*figure_sheets(report, language, BRIEF), *other_sheets(report, language), law_sheet(report, language)]
    page = PAGES.get_template("report.html").render(
        language=language,
        title=title(report, language),
        sheets=[(sheet, [_shown(row, sheet, language) for row in sheet.rows]) for sheet in sheets],
        note=text("report.note", language),
    )
    return page.encode()


FORMATS: dict[str, Callable[[Report, str], bytes]] = {
    "text": as_text,
    "csv": as_csv,
    "xlsx": as_xlsx,
    "html": as_html,
}
