"""What rules cost, as a table for a terminal or as CSV: per group the day as it was beside each rule."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Sequence

from msgspec import Struct

from config.settings import HallFile
from config.texts import text
from queue_server.rehearsal.calls import Called
from queue_server.rehearsal.figures import EVERYBODY, Cost, cost, groups_of

_COLUMNS = Cost.__struct_fields__
_SHARES = ("within_target", "own_field")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0")


class Variant(Struct, frozen=True):
    """What is compared: the days as they were or a rule, and its calls over all days."""

    name: str
    calls: list[Called]


def _heads(language: str) -> list[str]:
    return [text(f"rehearsal.{column}", language) for column in _COLUMNS]


def _group_name(file: HallFile, group: str, language: str) -> str:
    for found in file.classes:
        if found.id == group:
            return found.name if language == "vi" else found.name_en
    return text(f"rehearsal.group_{group}", language)


def _rows(file: HallFile, variants: Sequence[Variant]) -> list[tuple[str, list[tuple[str, Cost]]]]:
    """Per group with any call the costs under each variant."""
    found = []
    for group in groups_of(one.id for one in file.classes):
        costs = [(variant.name, cost(variant.calls, group)) for variant in variants]
        if group == EVERYBODY or any(one.called for _, one in costs):
            found.append((group, costs))
    return found


def as_text(file: HallFile, days: list[dt.date], variants: Sequence[Variant], language: str) -> str:
    heads, lines = _heads(language), list[list[str]]()
    for group, costs in _rows(file, variants):
        lines.append([_group_name(file, group, language), *[""] * len(heads)])
        lines += [[f"  {name}", *_cells(found, language)] for name, found in costs]
    lines.insert(0, ["", *heads])
    widths = [max(len(line[i]) for line in lines) for i in range(len(heads) + 1)]
    name = file.hall.name if language == "vi" else file.hall.name_en
    title = text("rehearsal.title", language, hall=name, days=", ".join(f"{day:%d/%m/%Y}" for day in days))
    shown = [
        "  ".join(
            [line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True))]
        )
        for line in lines
    ]
    return "\n".join([title, "", *(line.rstrip() for line in shown), "", text("rehearsal.note", language), ""])


def _cells(found: Cost, language: str) -> list[str]:
    return [_cell(getattr(found, column), column, language) for column in _COLUMNS]


def _cell(value: float | None, column: str, language: str) -> str:
    """A figure for reading: a dash for nothing, a percentage for a share, the decimal sign of the language."""
    if value is None:
        return "–"
    if column in _SHARES:
        return f"{value:.0%}"
    shown = f"{value:.1f}" if isinstance(value, float) else str(value)
    return shown.replace(".", ",") if language == "vi" else shown


def as_csv(file: HallFile, days: list[dt.date], variants: Sequence[Variant], language: str) -> str:
    """A row per group and rule; with a mark, so that spreadsheets read Vietnamese."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        [
            text("rehearsal.days", language),
            text("rehearsal.group", language),
            text("rehearsal.rule", language),
            *_heads(language),
        ]
    )
    shown_days = " ".join(map(str, days))
    for group, costs in _rows(file, variants):
        for name, found in costs:
            figures = [getattr(found, column) for column in _COLUMNS]
            writer.writerow([shown_days, _safe(_group_name(file, group, language)), _safe(name), *figures])
    return "\ufeff" + out.getvalue()


def _safe(value: str) -> str:
    """A text that a spreadsheet would run as a formula gets a quote before it (OWASP ASVS 5, 1.2.10)."""
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


FORMATS: dict[str, Callable[[HallFile, list[dt.date], Sequence[Variant], str], str]] = {
    "text": as_text,
    "csv": as_csv,
}
