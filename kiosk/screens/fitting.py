"""Measures a page that is laid out: how high it must be, and where its topmost thing to touch is."""

from typing import Any

from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.recyclelayout import RecycleLayout
from kivy.uix.scrollview import ScrollView

from config import theme
from kiosk.screens.widgets import FitLabel, Touchable

_LINE = 1.2
"""The height of a line, by its font size."""
_NOTHING = 0.01
"""A share of the height that only keeps a place."""


def settle(widget: Any) -> None:
    """Lay out at once what otherwise is laid out before the next frame."""
    if isinstance(widget, BoxLayout | GridLayout | FloatLayout) and not isinstance(widget, RecycleLayout):
        widget.do_layout()
    for child in widget.children:
        settle(child)


def least_height(widget: Any, unit: float, text: float = 1.0) -> float:
    """The height (pixels) under which something in a widget would be cut off or too small to touch.

    `text`: so much of the least size of a text is enough.
    """
    if widget.size_hint_y is None:
        return float(widget.height)
    return _least_inside(widget, unit, text)


def _least_inside(widget: Any, unit: float, text: float) -> float:
    heights = [least_height(child, unit, text) for child in widget.children]
    least = theme.FINGER * unit if isinstance(widget, Touchable | ScrollView) and not widget.disabled else 0.0
    if isinstance(widget, GridLayout) and heights:
        rows = -(-len(heights) // max(widget.cols or 1, 1))
        return max(rows * max(heights) + _gaps(widget, rows), least)
    if isinstance(widget, BoxLayout) and heights:
        upright = widget.orientation == "vertical"
        inside = _stacked(widget, heights) if upright else max(heights) + _gaps(widget, 1)
        return max(inside, least)
    if isinstance(widget, FitLabel):
        return _least_text(widget, text)
    return max([least, *heights])


def _stacked(box: Any, heights: list[float]) -> float:
    """A column: what is left beside the fixed heights is shared out by `size_hint_y`, not by need."""
    fixed = sum(height for child, height in zip(box.children, heights, strict=True) if child.size_hint_y is None)
    sharing = [
        (child.size_hint_y, high) for child, high in zip(box.children, heights, strict=True) if child.size_hint_y
    ]
    whole = sum(share for share, _ in sharing)
    shared = max((height * whole / share for share, height in sharing if share > _NOTHING), default=0.0)
    return fixed + shared + _gaps(box, len(heights))


def _least_text(label: Any, text: float) -> float:
    """The lines of a label, as small as they may get."""
    if not label.text or label.size_hint_y <= _NOTHING:
        return 0.0
    # nobody who asks for larger text is helped by larger headings above smaller lines
    least = max(label.least, theme.TEXT_SMALL) if label.unit > label.least_unit else label.least
    size = least * label.least_unit * text
    lines = 1 if label.single_line else -(-label.length_at(size) // max(label.width, 1))
    return float(lines * size * _LINE)


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
