"""A report as tables of cells with headings: what files and pages are made of."""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from config.texts import text
from figures.report import Report
from figures.words import CounterTimes, Dimension, Figures

Cell = str | int | float | None
Kind = Literal["name", "count", "minutes", "share", "score"]
COLUMNS = [name for name in Figures.__struct_fields__ if name != "key"]
"""The figures of a group, in the order of reports."""
BRIEF = [
    "issued",
    "served",
    "no_show",
    "abandoned",
    "transferred",
    "waiting_median",
    "waiting_p90",
    "within_target",
    "walk_median",
    "service_median",
    "service_p90",
    "quoted_inside",
    "ratings",
    "response_rate",
    "satisfied",
]
"""Those that find room on a page."""
NARROW = [
    "issued",
    "served",
    "no_show",
    "abandoned",
    "waiting_median",
    "waiting_p90",
    "within_target",
    "service_median",
    "ratings",
    "satisfied",
]
"""Those that find room on a terminal."""
_SHARES = {
    "within_target",
    "quoted_inside",
    "quoted_late",
    "response_rate",
    "satisfied",
    "occupancy",
    "idle_share",
    "paused_share",
}
_TIMES = [name for name in CounterTimes.__struct_fields__ if name != "key"]


class Sheet(Struct, frozen=True):
    """A table: one kind and one head for each column, the first one naming the row."""

    heading: str
    heads: list[str]
    kinds: list[Kind]
    rows: list[list[Cell]]


def kind_of(column: str) -> Kind:
    """How a column is to be shown."""
    if column in _SHARES:
        return "share"
    if column == "score":
        return "score"
    return "minutes" if column.endswith(("_median", "_p90", "_p95", "_minutes", "_error")) else "count"


def title(report: Report, language: str) -> str:
    """Which hall and which days."""
    hall, question = report.directory.hall_name(language), report.question
    first, last = (f"{day:%d/%m/%Y}" for day in (question.first_day, question.last_day))
    if first == last:
        return text("report.title", language, hall=hall, day=first)
    return text("report.title_days", language, hall=hall, first=first, last=last)


def figure_sheets(report: Report, language: str, columns: Iterable[str] = tuple(COLUMNS)) -> list[Sheet]:
    """The figures of everything, and of the groups of each dimension of the report."""
    chosen = list(columns)
    heads = [text("report.name", language), *(text(f"report.{column}", language) for column in chosen)]
    kinds: list[Kind] = ["name", *(kind_of(column) for column in chosen)]

    def sheet(heading: str, rows: Iterable[tuple[str, Figures]]) -> Sheet:
        cells = [[name, *(getattr(one, column) for column in chosen)] for name, one in rows]
        return Sheet(heading, heads, kinds, cells)

    found = [sheet(text("report.whole", language), [(report.directory.hall_name(language), report.whole)])]
    for dimension, groups in report.groups.items():
        named = ((report.directory.name(dimension, one.key, language), one) for one in groups)
        found.append(sheet(text(f"report.by_{dimension.value}", language), named))
    return found


def other_sheets(report: Report, language: str) -> list[Sheet]:
    """Counters' time, the hours of the week and the ratings by criterion, where there are any."""
    found = [_counters(report, language), _hours(report, language), _ratings(report, language)]
    return [sheet for sheet in found if sheet.rows]


def _counters(report: Report, language: str) -> Sheet:
    heads = [text("report.by_counter_name", language), *(text(f"report.{column}", language) for column in _TIMES)]
    name = report.directory.name
    rows: list[list[Cell]] = [
        [name(Dimension.COUNTER, one.key, language), *(getattr(one, column) for column in _TIMES)]
        for one in report.counters
    ]
    return Sheet(text("report.counters", language), heads, ["name", *map(kind_of, _TIMES)], rows)


def _hours(report: Report, language: str) -> Sheet:
    """Weekdays down, hours across: issued numbers."""
    hours = sorted({cell.hour for cell in report.hours})
    issued = {(cell.weekday, cell.hour): cell.issued for cell in report.hours}
    heads = [text("report.weekday", language), *(f"{hour}–{hour + 1}" for hour in hours)]
    rows: list[list[Cell]] = [
        [text(f"report.weekday_{weekday}", language), *(issued.get((weekday, hour), 0) for hour in hours)]
        for weekday in sorted({cell.weekday for cell in report.hours})
    ]
    kinds: list[Kind] = ["name", *(kind_of("issued") for _ in hours)]
    return Sheet(text("report.hours", language), heads, kinds, rows)


_OF_RATINGS = ["ratings", "response_rate", "satisfied", "score"]


def _ratings(report: Report, language: str) -> Sheet:
    heads = [text("report.criterion", language), *(text(f"report.{column}", language) for column in _OF_RATINGS)]
    found = report.ratings
    rows: list[list[Cell]] = []
    if found:
        whole = text("report.whole_visit", language)
        rows.append([whole, found.ratings, found.response_rate, found.satisfied, found.score])
        for one in found.criteria:
            rate = round(one.ratings / found.served, 3) if found.served else None
            name = report.directory.criterion(one.criterion_id, language)
            rows.append([name, one.ratings, rate, one.satisfied, one.score])
        for reason, count in sorted(found.reasons.items(), key=lambda pair: -pair[1]):
            named = report.directory.reason(reason, language)
            rows.append([text("report.reason", language, name=named), count, None, None, None])
    return Sheet(text("report.satisfaction", language), heads, ["name", *map(kind_of, _OF_RATINGS)], rows)


def law_sheet(report: Report, language: str) -> Sheet:
    """What the law's indices ask, each with its article; those that are not measured here too."""
    heads = [text("report.index", language), text("report.article", language), text("report.told", language)]
    heads += [text(f"report.{column}", language) for column in _OF_RATINGS]
    rows: list[list[Cell]] = []
    for one in report.indicators:
        named = text(f"report.law_{one.rule}_{one.number}", language)
        told = text("report.measured" if one.measured else "report.not_measured", language)
        measured = [one.ratings, one.response_rate, one.share, one.score] if one.measured else [None] * 4
        rows.append([named, text(f"report.law_{one.rule}", language), told, *measured])
    kinds: list[Kind] = ["name", "name", "name", *map(kind_of, _OF_RATINGS)]
    return Sheet(text("report.law", language), heads, kinds, rows)


def shown(cell: Cell, kind: Kind, language: str) -> str:
    """A cell for reading: a dash for nothing, a percentage for a share, signs of the language in numbers."""
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return cell
    if kind == "share":
        figure, after = f"{cell * 100:,.0f}", "%"
    elif kind == "count":
        figure, after = f"{cell:,d}", ""
    else:
        figure, after = f"{cell:,.{2 if kind == 'score' else 1}f}", ""
    return (figure.translate(str.maketrans(",.", ".,")) if language == "vi" else figure) + after
