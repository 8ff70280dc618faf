"""Measures a page that is laid out: how high it must be, and where its topmost thing to touch is."""

from typing import Any

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.label import Label
from kivy.uix.recyclelayout import RecycleLayout
from kivy.uix.scrollview import ScrollView

from config import theme
from kiosk.screens.widgets import FitLabel, Touchable

_LINE = 1.2
"""The height of a line, by its font size."""


def settle(widget: Any) -> None:
    """Lay out at once what otherwise is laid out before the next frame."""
    if isinstance(widget, BoxLayout | GridLayout | FloatLayout) and not isinstance(widget, RecycleLayout):
        widget.do_layout()
    for child in widget.children:
        settle(child)


def least_height(widget: Any, unit: float) -> float:
    """The height (pixels) under which something in a widget would be cut off or too small to touch."""
    if widget.size_hint_y is None:
        return float(widget.height)
    return _least_inside(widget, unit)


def _least_inside(widget: Any, unit: float) -> float:
    heights = [least_height(child, unit) for child in widget.children]
    least = theme.TOUCH * unit if isinstance(widget, Touchable | ScrollView) and not widget.disabled else 0.0
    if isinstance(widget, GridLayout) and heights:
        rows = -(-len(heights) // max(widget.cols or 1, 1))
        return max(rows * max(heights) + _gaps(widget, rows), least)
    if isinstance(widget, BoxLayout) and heights:
        upright = widget.orientation == "vertical"
        inside = sum(heights) + _gaps(widget, len(heights)) if upright else max(heights) + _gaps(widget, 1)
        return max(inside, least)
    if isinstance(widget, Label):
        return _least_text(widget)
    return max([least, *heights])


def _least_text(label: Any) -> float:
    """One line of a label, as small as it may get."""
    if not label.text or label.size_hint_y < 0.01:
        return 0.0
    return float(label.least * label.least_unit * _LINE) if isinstance(label, FitLabel) else 0.0


def _gaps(layout: Any, count: int) -> float:
    spacing = layout.spacing[1] if isinstance(layout, GridLayout) else layout.spacing
    return float(layout.padding[1] + layout.padding[3] + spacing * (count - 1))


def top_of_touches(page: Any) -> float:
    """The top (pixels of the window) of the highest thing on a page that can be touched; 0 without any."""
    return max((widget.to_window(widget.x, widget.top)[1] for widget in touchables(page)), default=0.0)


def touchables(widget: Any) -> list[Any]:
    """What can be seen and touched within a widget."""
    if widget.disabled or not widget.opacity:
        return []
    if isinstance(widget, Touchable):
        return [widget] if widget.means is not None and widget.width > 1 else []
    return [found for child in widget.children for found in touchables(child)]
