"""Tables of figures: which columns stand together, and their rows as they are shown."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from config.texts import text
from figures.directory import Directory
from figures.words import Dimension
from web.supervisor.reports import wording
from web.supervisor.reports.wording import say

Shown = Callable[[Any, str], str]


@dataclass(frozen=True)
class Column:
    """A figure: the name of its field and how it is written."""

    field: str
    shown: Shown

    def cell(self, row: object, language: str) -> str:
        """The figure of a row."""
        return self.shown(getattr(row, self.field), language)


@dataclass(frozen=True)
class Band:
    """Columns under one heading."""

    key: str
    columns: Sequence[Column]


def _band(key: str, shown: Shown, *fields: str) -> Band:
    return Band(key, [Column(field, shown) for field in fields])


def _with_share(band: Band, field: str) -> Band:
    return Band(band.key, [*band.columns, Column(field, wording.share)])


COUNTS = _band(
    "visits",
    wording.count,
    "issued",
    "served",
    "no_show",
    "cancelled",
    "abandoned",
    "transferred",
    "came_back",
)
WAITING = _with_share(
    _band("waiting", wording.minutes, "waiting_median", "waiting_p90", "waiting_p95"), "within_target"
)
WALK = _band("walk", wording.minutes, "walk_median", "walk_p90", "walk_p95")
SERVICE = _band("service_time", wording.minutes, "service_median", "service_p90", "service_p95")
SATISFIED = Band(
    "satisfaction",
    [Column("satisfied", wording.share), Column("response_rate", wording.share), Column("ratings", wording.count)],
)
WHOLE: Sequence[Band] = (COUNTS, WAITING, WALK, SERVICE, SATISFIED)
SHORT: Sequence[Band] = (
    _band("visits", wording.count, "issued", "served", "no_show", "abandoned"),
    WAITING,
    _band("service_time", wording.minutes, "service_median", "service_p90"),
    SATISFIED,
)
QUOTES: Sequence[Band] = (
    Band(
        "quotes",
        [
            Column("quoted", wording.count),
            Column("quoted_inside", wording.share),
            Column("quoted_late", wording.share),
            Column("quote_error", wording.minutes),
        ],
    ),
    _band("waiting", wording.minutes, "waiting_median", "waiting_p90"),
)
TIMES: Sequence[Band] = (
    _band(
        "counter_time",
        wording.hours,
        "open_minutes",
        "serving_minutes",
        "called_minutes",
        "idle_minutes",
        "paused_minutes",
    ),
    _band("counter_share", wording.share, "occupancy", "idle_share", "paused_share"),
)
RATINGS: Sequence[Band] = (
    Band(
        "satisfaction",
        [
            Column("satisfied", wording.share),
            Column("score", wording.score),
            Column("ratings", wording.count),
            Column("served", wording.count),
            Column("response_rate", wording.share),
        ],
    ),
)


@dataclass(frozen=True)
class Row:
    """A line of a table: whom it is about, and the cells."""

    key: str
    name: str
    cells: Sequence[str]


@dataclass(frozen=True)
class Table:
    """A table as it is shown; `foot` is the row of everything."""

    caption: str
    first: str
    bands: Sequence[tuple[str, int]]
    heads: Sequence[tuple[str, str]]
    """The short heading of a column, and what it means."""
    rows: Sequence[Row]
    foot: Row | None = None


def table(
    directory: Directory,
    dimension: Dimension,
    bands: Sequence[Band],
    found: Sequence[Any],
    language: str,
    whole: object | None = None,
) -> Table:
    """The figures of groups, one in a line."""
    columns = [column for band in bands for column in band.columns]
    rows = [
        Row(one.key, directory.name(dimension, one.key, language), [column.cell(one, language) for column in columns])
        for one in found
    ]
    foot = Row("", say("everything", language), [c.cell(whole, language) for c in columns]) if whole else None
    return Table(
        text(f"report.by_{dimension.value}", language),
        say(dimension.value, language),
        [(say(f"band_{band.key}", language), len(band.columns)) for band in bands],
        [(say(f"head_{column.field}", language), text(f"report.{column.field}", language)) for column in columns],
        rows,
        foot,
    )
