"""What stands around the calls: header, waiting people, satisfaction, notices, footer."""

from typing import Any

from kivy.properties import BooleanProperty, ListProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from display.wall import Waiting, Wall

SERVICE_ROW = 96
"""Height of a waiting service in pixels of the reference."""


class _Part(BoxLayout):  # type: ignore[misc]
    """A part of the wall; `u` is how many pixels one pixel of the reference is."""

    u = NumericProperty(1)
    upright = BooleanProperty(False)


class ColumnHead(_Part):
    """A head in Vietnamese with English beside it."""

    pair = ListProperty(["", ""])
    stacked = BooleanProperty(False)


class Header(_Part):
    """The hall's name, its time and date."""

    def show(self, wall: Wall) -> None:
        """Show name and time."""
        self.ids.hall.text, self.ids.hall_en.text = wall.hall
        self.ids.clock.text, self.ids.date.text = wall.clock, wall.date


class ServiceRow(_Part):
    """A service, its waiting range and how many wait for it."""

    service = StringProperty("")
    span = StringProperty("")
    count = StringProperty("")


class WaitingPanel(_Part):
    """The services somebody waits for, a page at a time."""

    page = StringProperty("")
    empty = BooleanProperty(True)

    def places(self) -> int:
        """How many services one page holds."""
        return max(1, int(self.ids.place.height / (SERVICE_ROW * self.u)))

    def show(self, wall: Wall) -> None:
        """Show a page of services."""
        box = self.ids.services
        places = max(self.places(), len(wall.waiting))
        while len(box.children) < places:
            box.add_widget(ServiceRow(u=self.u))
        while len(box.children) > places:
            box.remove_widget(box.children[0])
        rows = list(reversed(box.children))
        for index, row in enumerate(rows):
            _fill(row, self.u, wall.waiting[index] if index < len(wall.waiting) else None)
        self.page, self.empty = wall.waiting_page, not wall.waiting


def _fill(row: ServiceRow, u: float, waiting: Waiting | None) -> None:
    row.u = u
    row.opacity = 1 if waiting else 0
    if waiting:
        row.service, row.span, row.count = waiting.service, waiting.span, waiting.count


class SatisfactionPanel(_Part):
    """The share of satisfied citizens today and of how many ratings."""

    share = StringProperty("")
    ratings = StringProperty("")

    def show(self, wall: Wall) -> None:
        """Show share and number."""
        self.share, self.ratings = wall.share, wall.ratings


class Message(_Part):
    """A sentence in the place of numbers: none called, or none that can be trusted."""

    said = ListProperty(["", ""])
    more = ListProperty(["", ""])
    loud = BooleanProperty(False)


class StaleNotice(_Part):
    """In words, that the data are old."""

    said = ListProperty(["", ""])


class Footer(_Part):
    """The calling rule in one sentence, and the mark of old data."""

    rule = ListProperty(["", ""])
    age_mark = StringProperty("")

    def show(self, wall: Wall) -> None:
        """Show the rule and the mark."""
        self.rule, self.age_mark = list(wall.rule), wall.age_mark


def swap(holder: Any, widget: Widget) -> None:
    """Make a widget the only child of its holder."""
    if holder.children != [widget]:
        holder.clear_widgets()
        holder.add_widget(widget)
