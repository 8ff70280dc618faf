"""What all kinds of display are put together from: words, parts that know their measure, heads, messages."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder
from kivy.properties import BooleanProperty, ListProperty, NumericProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from display.screens.words import Words

__all__ = ["ColumnHead", "Message", "Panel", "Part", "Words", "swap"]

Builder.load_file(str(Path(__file__).with_suffix(".kv")), rulesonly=True)


class Part(BoxLayout):  # type: ignore[misc]
    """A part of the wall; `u` is how many pixels one pixel of the reference is."""

    u = NumericProperty(1)
    upright = BooleanProperty(False)


class Panel(Part):
    """A part with a ground of its own and round corners."""


class ColumnHead(Part):
    """A head in Vietnamese with English beside it."""

    pair = ListProperty(["", ""])
    stacked = BooleanProperty(False)


class Message(Panel):
    """A sentence in the place of numbers: none called, or none that can be trusted."""

    said = ListProperty(["", ""])
    more = ListProperty(["", ""])
    loud = BooleanProperty(False)


def swap(holder: Any, *widgets: Widget) -> None:
    """Make these widgets the only children of their holder, in this order, whoever held them before."""
    if holder.children == list(reversed(widgets)):
        return
    holder.clear_widgets()
    for widget in widgets:
        if widget.parent is not None:
            widget.parent.remove_widget(widget)
        holder.add_widget(widget)
