"""The hours of the week as a table whose colours say at a glance what its figures say exactly."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from config.texts import text
from figures.words import HourCell
from web.supervisor.reports import wording

SHADES = 6


@dataclass(frozen=True)
class Cell:
    """A figure and its shade: 0 for nothing, SHADES - 1 for the most."""

    text: str
    shade: int


@dataclass(frozen=True)
class Heat:
    """A matrix: hours as columns, weekdays as rows."""

    key: str
    hours: Sequence[int]
    rows: Sequence[tuple[str, Sequence[Cell]]]


def heats(cells: Sequence[HourCell], language: str) -> list[Heat]:
    """How many come in each hour of such a day, and how long half of them and nine of ten of them wait."""
    return [
        _heat("per_day", cells, lambda cell: cell.issued / cell.days if cell.days else None, language),
        _heat("waiting_median", cells, lambda cell: cell.waiting_median, language),
        _heat("waiting_p90", cells, lambda cell: cell.waiting_p90, language),
    ]


def _heat(key: str, cells: Sequence[HourCell], figure: Callable[[HourCell], float | None], language: str) -> Heat:
    found = {(cell.weekday, cell.hour): figure(cell) for cell in cells}
    most = max((value for value in found.values() if value is not None), default=0.0)
    hours = range(min(cell.hour for cell in cells), max(cell.hour for cell in cells) + 1) if cells else range(0)
    days = sorted({cell.weekday for cell in cells})
    return Heat(
        key,
        list(hours),
        [
            (text(f"report.weekday_{day}", language), [_cell(found.get((day, hour)), most, language) for hour in hours])
            for day in days
        ],
    )


def _cell(value: float | None, most: float, language: str) -> Cell:
    if value is None:
        return Cell("", 0)
    shade = round(value / most * (SHADES - 1)) if most else 0
    return Cell(wording.minutes(value, language), max(shade, 1 if value else 0))
