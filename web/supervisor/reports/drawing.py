"""The figures as pictures: drawn by the server, each beside a table that says the same."""

from collections.abc import Callable, Sequence
from typing import Any

from pygal.graph.bar import Bar
from pygal.graph.horizontalstackedbar import HorizontalStackedBar
from pygal.graph.line import Line
from pygal.style import Style

from figures import ask
from figures.directory import Directory
from figures.tables import Tables
from figures.words import Dimension, Figures
from web.supervisor.charts import HEIGHT
from web.supervisor.reports.asking import Asked
from web.supervisor.reports.wording import say

WIDTH = 640
_FONT = 'system-ui, -apple-system, Roboto, "Noto Sans", sans-serif'
_INK, _LINE = "#10233b", "#d6dde6"
_STYLE = Style(  # type: ignore[no-untyped-call]
    background="#ffffff",
    plot_background="#ffffff",
    foreground=_INK,
    foreground_strong=_INK,
    foreground_subtle=_LINE,
    guide_stroke_color=_LINE,
    major_guide_stroke_color=_LINE,
    opacity="1",
    opacity_hover="1",
    label_font_size=14,
    major_label_font_size=14,
    legend_font_size=14,
    no_data_font_size=16,
    colors=("#0b3a6b", "#e08a00", "#9fb6cf", "#6a4bb0"),
    **{f"{part}font_family": _FONT for part in ("", "label_", "major_label_", "value_", "legend_", "no_data_")},
)
_FEW_LABELS = 16
_MOST_COUNTERS = 60
_LINE_OF_A_COUNTER = 22


def flow(tables: Tables, asked: Asked, language: str) -> bytes:
    """How many took a number and how many were served, over time."""
    found = _over_time(tables, asked)
    chart = _bars(tables.directory, asked, found, language, order_min=0)
    chart.add(say("head_issued", language), [one.issued for one in found])
    chart.add(say("head_served", language), [one.served for one in found])
    return _drawn(chart)


def waits(tables: Tables, asked: Asked, language: str) -> bytes:
    """How long half of them and nine of ten of them waited at most, over time."""
    found = _over_time(tables, asked)
    chart = _bars(tables.directory, asked, found, language)
    chart.add(say("half", language), [one.waiting_median for one in found])
    chart.add(say("nine", language), [one.waiting_p90 for one in found])
    return _drawn(chart)


def quotes(tables: Tables, asked: Asked, language: str) -> bytes:
    """The share of those who were called within the range that they were told, over time."""
    found = _over_time(tables, asked)
    chart = _percents(tables.directory, asked, found, language)
    chart.add(say("head_quoted_inside", language), [_percent(one.quoted_inside) for one in found])
    return _drawn(chart)


def satisfaction(tables: Tables, asked: Asked, language: str) -> bytes:
    """The share of satisfied votes and the share of those who voted, over time."""
    found = _over_time(tables, asked)
    chart = _percents(tables.directory, asked, found, language)
    chart.add(say("head_satisfied", language), [_percent(one.satisfied) for one in found])
    chart.add(say("head_response_rate", language), [_percent(one.response_rate) for one in found])
    return _drawn(chart)


def counters(tables: Tables, asked: Asked, language: str) -> bytes:
    """How each counter's time was spent, in hours."""
    found = ask.counter_times(tables, asked.question, Dimension.COUNTER)[:_MOST_COUNTERS]
    chart = _chart(HorizontalStackedBar, language, height=110 + _LINE_OF_A_COUNTER * len(found))
    # drawn from below
    found.reverse()
    chart.x_labels = [tables.directory.name(Dimension.COUNTER, one.key, language) for one in found]
    for name in ("serving", "called", "idle", "paused"):
        minutes = [getattr(one, f"{name}_minutes") for one in found]
        chart.add(say(f"head_{name}_minutes", language), [round(one / 60, 1) for one in minutes])
    return _drawn(chart)


CHARTS: dict[str, Callable[[Tables, Asked, str], bytes]] = {
    "flow": flow,
    "waits": waits,
    "quotes": quotes,
    "satisfaction": satisfaction,
    "counters": counters,
}


def _over_time(tables: Tables, asked: Asked) -> list[Figures]:
    return ask.by(tables, asked.question, asked.over_time())


def _percent(share: float | None) -> float | None:
    return None if share is None else round(share * 100)


def _bars(directory: Directory, asked: Asked, found: Sequence[Figures], language: str, **more: Any) -> Any:
    return _labelled(_chart(Bar, language, **more), directory, asked, found, language)


def _percents(directory: Directory, asked: Asked, found: Sequence[Figures], language: str) -> Any:
    chart = _chart(Line, language, range=(0, 100), show_dots=len(found) <= _FEW_LABELS * 2, dots_size=3)
    return _labelled(chart, directory, asked, found, language)


def _labelled(chart: Any, directory: Directory, asked: Asked, found: Sequence[Figures], language: str) -> Any:
    """Name the groups; of many only some, so that they can be read."""
    names = [_short(asked.over_time(), one.key, directory, language) for one in found]
    every = -(-len(names) // _FEW_LABELS) if names else 1
    chart.x_labels = [name if place % every == 0 else "" for place, name in enumerate(names)]
    return chart


def _short(dimension: Dimension, key: str, directory: Directory, language: str) -> str:
    match dimension:
        case Dimension.HOUR:
            return f"{key}h"
        case Dimension.DAY:
            return f"{key[8:10]}/{key[5:7]}"
        case Dimension.MONTH:
            return f"{key[5:7]}/{key[2:4]}"
    return directory.name(dimension, key, language)


def _chart(kind: Any, language: str, **more: Any) -> Any:
    wanted = {
        "style": _STYLE,
        "js": [],
        "width": WIDTH,
        "height": HEIGHT,
        "margin": 6,
        "spacing": 8,
        "legend_at_bottom": True,
        "legend_at_bottom_columns": 2,
        "truncate_label": 24,
        "truncate_legend": 40,
        "allow_interruptions": True,
        "legend_box_size": 12,
        "show_x_guides": False,
        "min_scale": 3,
        "max_scale": 6,
        "include_x_axis": True,
        "explicit_size": True,
        "no_data_text": say("chart_nothing", language),
    }
    return kind(**{**wanted, **more})


def _drawn(chart: Any) -> bytes:
    drawn = chart.render()
    assert isinstance(drawn, bytes)
    return drawn
