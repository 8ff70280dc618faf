"""Today by hour as pictures: drawn by the server, so that the page needs no script for them."""

import hashlib
import sys
from collections.abc import Sequence
from typing import Any

import msgspec
from pygal import PluginImportFixer
from pygal.graph.bar import Bar
from pygal.style import Style

from protocol.replies import HourWaits
from web.supervisor.scene import Scene, decimal

# pygal leaves a finder of the old kind behind, for plugins with maps: every later import would warn of it.
sys.meta_path[:] = [finder for finder in sys.meta_path if not isinstance(finder, PluginImportFixer)]

WIDTH, HEIGHT = 560, 250
_FONT = 'system-ui, -apple-system, Roboto, "Noto Sans", sans-serif'
_INK = "#10233b"
_STYLE = Style(  # type: ignore[no-untyped-call]
    background="#ffffff",
    plot_background="#ffffff",
    foreground=_INK,
    foreground_strong=_INK,
    foreground_subtle="#c9d2dd",
    guide_stroke_color="#d6dde6",
    major_guide_stroke_color="#d6dde6",
    opacity="1",
    opacity_hover="1",
    font_family=_FONT,
    label_font_family=_FONT,
    major_label_font_family=_FONT,
    value_font_family=_FONT,
    legend_font_family=_FONT,
    no_data_font_family=_FONT,
    label_font_size=15,
    major_label_font_size=15,
    legend_font_size=15,
    no_data_font_size=16,
    colors=("#0b3a6b", "#e08a00"),
)


def waits_svg(scene: Scene) -> bytes:
    """How long the numbers of each hour waited: the median, and what nine of ten did not exceed."""
    hours = scene.overview.hours
    chart = _bars(scene, hours, "chart_no_waits")
    chart.add(scene.say("chart_median"), [hour.median_minutes for hour in hours])
    chart.add(scene.say("chart_p90"), [hour.p90_minutes for hour in hours])
    return _drawn(chart)


def flow_svg(scene: Scene) -> bytes:
    """How many numbers were issued in each hour, and how many of those were called."""
    hours = scene.overview.hours
    chart = _bars(scene, hours, "chart_nothing")
    chart.add(scene.say("chart_issued"), [hour.issued for hour in hours])
    chart.add(scene.say("chart_called"), [hour.called for hour in hours])
    return _drawn(chart)


CHARTS = {"waits": waits_svg, "flow": flow_svg}


def version(hours: Sequence[HourWaits]) -> str:
    """Changes when the pictures do, so that a page asks for them no more often than needed."""
    return hashlib.sha256(msgspec.json.encode(hours)).hexdigest()[:12]


def hour_rows(scene: Scene) -> list[tuple[str, str, str, str, str]]:
    """The same figures to read: hour, issued, called, median, 90th percentile."""

    def shown(minutes: float | None) -> str:
        return "–" if minutes is None else decimal(minutes, scene.language)

    return [
        (f"{one.hour}:00", str(one.issued), str(one.called), shown(one.median_minutes), shown(one.p90_minutes))
        for one in scene.overview.hours
    ]


def _bars(scene: Scene, hours: Sequence[HourWaits], nothing: str) -> Any:
    chart: Any = Bar(  # type: ignore[no-untyped-call]
        style=_STYLE,
        js=[],
        width=WIDTH,
        height=HEIGHT,
        margin=6,
        spacing=8,
        legend_at_bottom=True,
        legend_box_size=12,
        show_x_guides=False,
        rounded_bars=2,
        min_scale=3,
        max_scale=6,
        include_x_axis=True,
        explicit_size=True,
        no_data_text=scene.say(nothing),
    )
    chart.x_labels = [f"{one.hour}h" for one in hours]
    return chart


def _drawn(chart: Any) -> bytes:
    drawn = chart.render()
    assert isinstance(drawn, bytes)
    return drawn
