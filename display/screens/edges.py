"""The upper and the lower edge of every kind of display: header, bottom line, words about old data."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder
from kivy.properties import BooleanProperty, ListProperty, StringProperty

from display import wording
from display.screens.parts import Part
from display.screens.ticker_line import TickerLine
from display.surround import Surround

Builder.load_file(str(Path(__file__).with_suffix(".kv")), rulesonly=True)


class Header(Part):
    """The hall's name, which part of it this display shows, time and date."""

    zone = StringProperty("")

    def show(self, around: Surround) -> None:
        """Show names and time."""
        self.zone = around.zone
        self.ids.hall.text, self.ids.hall_en.text = around.hall[0], around.zone or around.hall[1]
        self.ids.clock.text, self.ids.date.text = around.clock, around.date


class StaleNotice(Part):
    """In words, that the data are old."""

    said = ListProperty(["", ""])


class Footer(Part):
    """The bottom line, and the mark of old data; `loud` while it holds what the supervisor announces."""

    age_mark = StringProperty("")
    loud = BooleanProperty(False)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.line = TickerLine()
        self.fbind("u", self.line.setter("u"))
        self.fbind("upright", self.line.setter("upright"))
        self.fbind("loud", self.line.setter("loud"))
        self.add_widget(self.line, index=len(self.children))

    def show(self, around: Surround, now: float, *, notices: bool = False) -> None:
        """Show the line and the mark; with `notices` the announcements in place of the line."""
        self.age_mark, self.loud = around.age_mark, notices
        self.line.show([wording.notice(text) for text in around.notices] if notices else around.lines, now)
