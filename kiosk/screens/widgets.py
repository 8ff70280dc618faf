"""The parts that the kiosk's screens are made of: fitting labels, things to touch, a QR code."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.core.text import Label as CoreLabel
from kivy.graphics.texture import Texture
from kivy.lang import Builder
from kivy.properties import (
    BooleanProperty,
    ColorProperty,
    ListProperty,
    NumericProperty,
    ObjectProperty,
    StringProperty,
)
from kivy.uix.behaviors import ButtonBehavior
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.label import Label
from kivy.uix.widget import Widget
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from config import theme
from kiosk.screens import pictogram  # noqa: F401 - registers the widget that widgets.kv names
from kiosk.tiles import Tile
from protocol.client import new_request_id

MOST_COLUMNS = 3
_SHRINK = 0.95
_RATHER_SMALL = 0.8
"""A little smaller than the least is better than cut off."""


@lru_cache(maxsize=20_000)
def _width(font_name: str, font_size: float, bold: bool, piece: str) -> int:
    """The width of a text on one line (pixels); the same words are measured again and again."""
    ruler = CoreLabel(font_name=font_name, font_size=font_size, bold=bold)
    return int(ruler.get_extents(piece)[0])


class FitLabel(Label):  # type: ignore[misc]
    """A label whose text wraps and shrinks from `largest` to `least` (pixels of the reference) until it fits."""

    unit = NumericProperty(1.0)
    least_unit = NumericProperty(1.0)
    """Larger text may shrink as far as usual text may."""
    largest = NumericProperty(theme.TEXT)
    least = NumericProperty(theme.TEXT_SMALL)
    single_line = BooleanProperty(False)
    in_bar = BooleanProperty(False)
    """Whether it is part of what surrounds the pages, which larger text does not make larger."""

    def __init__(self, **values: Any) -> None:
        self._fit_soon = Clock.create_trigger(self._fit, -1)
        self._waits = False
        super().__init__(**values)
        for name in ("text", "size", "unit", "least_unit", "largest", "least", "bold", "single_line"):
            self.fbind(name, self._fit_soon)
        self._fit_soon()

    def catch_up(self) -> None:
        """Fit now, if that was put off because nobody could see it."""
        if self._waits:
            self._fit_soon()

    def length_at(self, size: float) -> int:
        """How long its text is on one line at a font size (both pixels)."""
        return _width(self.font_name, size, self.bold, self.text)

    def _fit(self, _seconds: float) -> None:
        self._waits = self.get_parent_window() is None
        if not self._waits:
            self._shrink()

    def _shrink(self) -> None:
        size, least = self.largest * self.unit, self.least * self.least_unit * _RATHER_SMALL
        self.text_size, self.padding = (self.width, None), (0, 0, 0, 0)
        while not self._fits(size) and size > least:
            size = max(size * _SHRINK, least)
        self._balance()

    def _fits(self, size: float) -> bool:
        self.font_size = size
        pieces = [self.text] if self.single_line else self.text.split()
        if any(self._measure(piece) > self.width for piece in pieces):
            return False
        self.texture_update()
        return bool(self.texture_size[1] <= self.height)

    def _measure(self, piece: str) -> int:
        return _width(self.font_name, self.font_size, self.bold, piece)

    def _balance(self) -> None:
        """Break lines so that none is left with a single short word: pad as much as costs no further line."""
        words = [self._measure(word) for word in self.text.split()]
        space = self._measure(" ")
        lines = _count_lines(words, space, self.width)
        if lines < 2:
            return
        spare = next((at / 20 for at in range(9, 0, -1) if self._keeps(words, space, lines, at / 20)), 0.0) * self.width
        sides = {"left": (0, 0, spare, 0), "right": (spare, 0, 0, 0)}
        self.padding = sides.get(self.halign, (spare / 2, 0, spare / 2, 0))
        self.texture_update()
        if self.texture_size[1] > self.height:
            self.padding = (0, 0, 0, 0)

    def _keeps(self, words: list[int], space: int, lines: int, share: float) -> bool:
        width = self.width * (1 - share) - space
        return max(words) <= width and _count_lines(words, space, width) == lines


def _count_lines(words: list[int], space: int, width: float) -> int:
    """How many lines words of these widths need (pixels)."""
    lines, used = 1, 0.0
    for word in words:
        if used and used + space + word > width:
            lines, used = lines + 1, 0.0
        used += word + (space if used else 0)
    return lines


class Touchable(ButtonBehavior, BoxLayout):  # type: ignore[misc]
    """A card to touch: shows at once that it was felt; its request_id is made when the finger comes down."""

    means = ObjectProperty(None, allownone=True)
    ground = ColorProperty(theme.SURFACE)
    ground_pressed = ColorProperty(theme.PRESSED)
    edge = ColorProperty(theme.LINE)
    focused = BooleanProperty(False)
    """Whether the three keys stand on it."""
    _felt: tuple[Any, str] = (None, "")

    def on_press(self) -> None:
        """Keep what was touched: the screen may change under the finger."""
        self._felt = (self.means, new_request_id())

    def on_release(self) -> None:
        """Hand the touch over."""
        means, request_id = self._felt
        if means is not None:
            App.get_running_app().finger(means, request_id)


class TextButton(Touchable):
    """A button that holds one text."""

    text = StringProperty("")
    ink = ColorProperty(theme.INK)
    largest = NumericProperty(theme.TEXT)
    in_bar = BooleanProperty(False)


class TileCard(Touchable):
    """A `kiosk.tiles.Tile` to touch."""

    tile = ObjectProperty(Tile(None, ""), rebind=True)  # type: ignore[arg-type]
    stacked = BooleanProperty(False)


class ClassCard(Touchable):
    """A priority class to touch, with its sign."""

    tile = ObjectProperty(Tile(None, ""), rebind=True)  # type: ignore[arg-type]


class TileGrid(GridLayout):  # type: ignore[misc]
    """Tiles in rows; keeps its cards as long as their number stays, so that a finger's card does not vanish."""

    tiles = ListProperty([])
    unit = NumericProperty(1.0)
    card: type[Touchable] = TileCard
    _wished: int | None = None
    _choosing = False

    def on_cols(self, _grid: Any, cols: int) -> None:
        """Keep how many columns the page wishes."""
        if not self._choosing:
            self._wished = cols

    def do_layout(self, *args: Any) -> None:
        """Lay out in more columns than wished where rows would be too low for a finger."""
        wished, self._choosing = self._wished or 1, True
        least = theme.FINGER * self.unit
        fitting = (count for count in range(wished, MOST_COLUMNS) if self._row_height(count) >= least)
        self.cols = next(fitting, max(wished, MOST_COLUMNS)) if self.children else wished
        self._choosing = False
        super().do_layout(*args)

    def _row_height(self, cols: int) -> float:
        rows = -(-len(self.children) // cols)
        return float((self.height - self.spacing[1] * (rows - 1)) / rows)

    def on_tiles(self, _grid: Any, tiles: list[Tile]) -> None:
        """Show other tiles."""
        if len(tiles) != len(self.children):
            self.clear_widgets()
            for _ in tiles:
                self.add_widget(self.card())
        for card, tile in zip(reversed(self.children), tiles, strict=True):
            card.tile = tile


class ClassGrid(TileGrid):
    """Priority classes in rows."""

    card = ClassCard


class FactRow(BoxLayout):  # type: ignore[misc]
    """A name and its value."""

    name = StringProperty("")
    value = StringProperty("")


class Step(BoxLayout):  # type: ignore[misc]
    """One of the steps of a visit: its sign and what to do."""

    sign = StringProperty("")
    text = StringProperty("")


class TicketSign(Widget):  # type: ignore[misc]
    """A paper ticket."""


class Emblem(Widget):  # type: ignore[misc]
    """The door of the one door."""


class QrCode(Widget):  # type: ignore[misc]
    """A QR code of `data`, with its quiet zone; empty for no data."""

    data = StringProperty("")
    texture = ObjectProperty(None, allownone=True)

    def on_data(self, _widget: Any, data: str) -> None:
        """Draw another code."""
        self.texture = _code_texture(data) if data else None


def _code_texture(data: str) -> Any:
    code: Any = QRCode(border=4, error_correction=ERROR_CORRECT_M)
    code.add_data(data)
    rows: list[list[bool]] = code.get_matrix()
    texture = Texture.create(size=(len(rows), len(rows)), colorfmt="luminance")
    texture.mag_filter = texture.min_filter = "nearest"
    pixels = bytes(0 if dark else 255 for row in reversed(rows) for dark in row)
    texture.blit_buffer(pixels, colorfmt="luminance", bufferfmt="ubyte")
    return texture


Builder.load_file(str(Path(__file__).with_name("widgets.kv")))
