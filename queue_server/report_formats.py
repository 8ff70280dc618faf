"""The day's figures as text, CSV, XLSX or a page to print; cells that look like formulas are kept as text."""

import csv
import io
from collections.abc import Callable, Iterator

from jinja2 import Environment, PackageLoader, select_autoescape
from openpyxl import Workbook
from openpyxl.styles import Font

from config.texts import text
from queue_server.reports import DayReport, Figures

Cell = str | int | float | None
COLUMNS = [name for name in Figures.__struct_fields__ if name != "name"]
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")


def render(report: DayReport, form: str, language: str = "vi") -> bytes:
    """The report in one of FORMATS; raises KeyError for another."""
    return FORMATS[form](report, language)


def _sections(report: DayReport, language: str) -> Iterator[tuple[str, list[Figures]]]:
    yield text("report.whole", language), [report.whole]
    yield text("report.by_service", language), report.services
    yield text("report.by_counter", language), report.counters


def _heads(language: str) -> list[str]:
    return [text("report.name", language), *(text(f"report.{column}", language) for column in COLUMNS)]


def _cells(figures: Figures) -> list[Cell]:
    return [figures.name, *(getattr(figures, column) for column in COLUMNS)]


def _shown(value: Cell, column: str, language: str) -> str:
    """A cell for reading: a dash for nothing, a percentage for a share, the decimal sign of the language."""
    if value is None:
        return "–"
    if column == "satisfied":
        shown = f"{float(value) * 100:.0f}%"
    else:
        shown = f"{value:.1f}" if isinstance(value, float) else str(value)
    return shown.replace(".", ",") if language == "vi" and isinstance(value, float) else shown


def _title(report: DayReport, language: str) -> str:
    return text("report.title", language, hall=report.hall, day=f"{report.service_day:%d/%m/%Y}")


def as_text(report: DayReport, language: str) -> bytes:
    """Tables for a terminal, services and counters without tickets left out."""
    lines = [_title(report, language), ""]
    for heading, rows in _sections(report, language):
        lines += [heading, *_table(_heads(language), rows, language), ""]
    return "\n".join(lines).encode()


def _table(heads: list[str], rows: list[Figures], language: str) -> list[str]:
    shown = [
        [row.name, *(_shown(getattr(row, column), column, language) for column in COLUMNS)]
        for row in rows
        if row.issued or row.called or len(rows) == 1
    ]
    widths = [max(len(line[i]) for line in [heads, *shown]) for i in range(len(heads))]
    return [
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in [heads, *shown]
    ]


def as_csv(report: DayReport, language: str) -> bytes:
    """One row per hall, service and counter; UTF-8 with a mark, so that spreadsheets read Vietnamese."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([text("report.group", language), *_heads(language)])
    for heading, rows in _sections(report, language):
        writer.writerows([_safe(heading), *map(_safe, _cells(row))] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _safe(value: Cell) -> Cell:
    """A text that a spreadsheet would run as a formula gets a quote before it (OWASP ASVS 5, 1.2.10)."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def as_xlsx(report: DayReport, language: str) -> bytes:
    """A workbook with a sheet each for the hall, the services and the counters."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for heading, rows in _sections(report, language):
        sheet = book.create_sheet(heading[:31])
        sheet.append(_heads(language))
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for row in rows:
            sheet.append(_cells(row))
            sheet.cell(sheet.max_row, 1).data_type = "s"
        sheet.column_dimensions["A"].width = 50
        sheet.freeze_panes = "B2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_html(report: DayReport, language: str) -> bytes:
    """A page of its own to read and print."""
    environment = Environment(loader=PackageLoader("queue_server"), autoescape=select_autoescape())
    sections = [
        (
            heading,
            [[row.name, *(_shown(getattr(row, column), column, language) for column in COLUMNS)] for row in rows],
        )
        for heading, rows in _sections(report, language)
    ]
    page = environment.get_template("report.html").render(
        language=language,
        title=_title(report, language),
        heads=_heads(language),
        sections=sections,
        note=text("report.note", language),
    )
    return page.encode()


FORMATS: dict[str, Callable[[DayReport, str], bytes]] = {
    "text": as_text,
    "csv": as_csv,
    "xlsx": as_xlsx,
    "html": as_html,
}
