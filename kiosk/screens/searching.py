"""The screens with a keyboard: looking for a procedure, writing a note."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder
from kivy.properties import AliasProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

import kiosk.screens.cards  # noqa: F401 - registers the cards that search.kv names
from kiosk.keyboard import KEYS_PER_ROW, Key
from kiosk.paging import row_lines
from kiosk.screens.page import Page
from kiosk.screens.widgets import Touchable
from kiosk.touches import ClearTyped
from kiosk.view import View

_LINES = {False: 20.0, True: 28.0}
"""How many lines the room above the keyboard has; with all in the lower half the upper one counts too."""


class KeyButton(Touchable):
    """A key."""

    key = ObjectProperty(Key(ClearTyped()), rebind=True)


class LetterRow(BoxLayout):  # type: ignore[misc]
    """Keys side by side; a row of fewer keys is set in on both sides."""

    keys = ObjectProperty((), rebind=True)
    spare = NumericProperty(0.0)
    """How many keys are missing to a whole row."""

    def on_keys(self, *_: Any) -> None:
        """Show other keys, in the same widgets if they are as many."""
        if len(self.children) != len(self.keys):
            self.clear_widgets()
            for _key in self.keys:
                self.add_widget(KeyButton())
        self.spare = KEYS_PER_ROW - sum(key.width for key in self.keys)
        for button, key in zip(reversed(self.children), self.keys, strict=True):
            button.key = key


class Keyboard(BoxLayout):  # type: ignore[misc]
    """Rows of keys."""

    rows = ObjectProperty((), rebind=True)

    def on_rows(self, *_: Any) -> None:
        """Show other rows."""
        if len(self.children) != len(self.rows):
            self.clear_widgets()
            for _ in self.rows:
                self.add_widget(LetterRow())
        for child, row in zip(reversed(self.children), self.rows, strict=True):
            child.keys = row


class TypedField(BoxLayout):  # type: ignore[misc]
    """What was typed, or what may be."""

    typed = StringProperty("")
    hint = StringProperty("")


class SearchPage(Page):
    """The keyboard, what was typed, and what fits; few hits do not fill the page, the rest of it stays empty."""

    used = NumericProperty(0.0)
    """How many lines the hits take."""
    spare = AliasProperty(lambda page: page._spare(), bind=("used", "low"))

    def on_view(self, _page: Any, view: View) -> None:
        """Count the lines of the hits."""
        self.used = sum(row_lines(tile.name, tile.waiting) for tile in view.tiles)

    def _spare(self) -> float:
        """How much stays empty, as a share of what the hits take."""
        return max((_LINES[self.low] - self.used) / self.used, 0.001) if self.used else 0.001


Builder.load_file(str(Path(__file__).with_name("search.kv")))
