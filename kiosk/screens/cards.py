"""The tiles of long names, the one button of a screen, and the buttons beside it."""

from typing import Any

from kivy.properties import BooleanProperty, ListProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

import kiosk.screens.marked
import kiosk.screens.pictogram  # noqa: F401 - registers the picture that the .kv files name
from kiosk.paging import row_lines
from kiosk.screens.widgets import TileCard, Touchable
from kiosk.tiles import Tile

_SMALL_LETTERS_PER_LINE = 68


class Strut(Widget):  # type: ignore[misc]
    """Keeps a row as high as all lines of its words need in the smallest text; nothing is to be seen of it."""

    words = StringProperty("")
    lines = NumericProperty(1)

    def on_words(self, *_: Any) -> None:
        """Count the lines."""
        self.lines = -(-len(self.words) // _SMALL_LETTERS_PER_LINE) or 1


class NameCard(Touchable):
    """A procedure to touch, by its name."""

    tile = ObjectProperty(Tile(None, ""), rebind=True)  # type: ignore[arg-type]


class NameColumn(BoxLayout):  # type: ignore[misc]
    """Cards one under the other, the higher the longer their names are."""

    tiles = ListProperty([])
    fields = BooleanProperty(False)
    """Whether the cards are fields, with how many procedures they have."""

    def on_tiles(self, _column: Any, tiles: list[Tile]) -> None:
        """Show other tiles; cards stay as long as their number does, so that a finger's card does not vanish."""
        card = TileCard if self.fields else NameCard
        if [type(child) for child in self.children] != [card] * len(tiles):
            self.clear_widgets()
            for _ in tiles:
                self.add_widget(card())
        for child, tile in zip(reversed(self.children), tiles, strict=True):
            child.tile = tile
            child.size_hint_y = row_lines(tile.name, tile.waiting)


class NameList(BoxLayout):  # type: ignore[misc]
    """Long names in one column, or in two of about the same height where a window lies."""

    tiles = ListProperty([])
    columns = ListProperty([])
    fields = BooleanProperty(False)
    lying = BooleanProperty(False)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        for name in ("tiles", "fields", "lying"):
            self.fbind(name, self._arrange)

    def _arrange(self, *_: Any) -> None:
        parts = halves(self.tiles) if self.lying else [self.tiles]
        while len(self.children) < len(parts):
            self.add_widget(NameColumn())
        for spare in self.children[: len(self.children) - len(parts)]:
            self.remove_widget(spare)
        heights = [height_of(part) for part in parts]
        for column, part, height in zip(reversed(self.children), parts, heights, strict=True):
            column.fields = self.fields
            column.tiles = part
            column.size_hint_y = max(height / max(*heights, 1.0), 0.01)


def height_of(tiles: list[Tile]) -> float:
    """How many lines tiles take one under the other."""
    return sum(row_lines(tile.name, tile.waiting) for tile in tiles)


def halves(tiles: list[Tile]) -> list[list[Tile]]:
    """The tiles in two parts that need about the same height; the first is not the shorter one."""
    heights = [row_lines(tile.name, tile.waiting) for tile in tiles]
    cut = next((at for at in range(len(tiles) + 1) if sum(heights[:at]) * 2 >= sum(heights)), 0)
    return [tiles[:cut], tiles[cut:]]


class Magnifier(Widget):  # type: ignore[misc]
    """The sign of a search."""


class SideButton(Touchable):
    """A further button of a screen, or a card in its place that says what it did."""

    tile = ObjectProperty(Tile(None, ""), rebind=True)  # type: ignore[arg-type]


class SideButtons(BoxLayout):  # type: ignore[misc]
    """The further buttons of a screen, side by side; gone without any."""

    tiles = ObjectProperty((), rebind=True)

    def on_tiles(self, *_: Any) -> None:
        """Show other buttons."""
        if len(self.tiles) != len(self.children):
            self.clear_widgets()
            for _ in self.tiles:
                self.add_widget(SideButton())
        for child, tile in zip(reversed(self.children), self.tiles, strict=True):
            child.tile = tile


class MainButton(Touchable):
    """The one button of a screen; gone where there is none."""

    view = ObjectProperty(None, allownone=True, rebind=True)
