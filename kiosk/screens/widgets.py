"""The parts that the kiosk's screens are made of: fitting labels, things to touch, a QR code."""

from pathlib import Path
from typing import Any

import qrcode
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

from config import theme
from kiosk.view import Tile
from protocol.client import new_request_id

_SHRINK = 0.95


class FitLabel(Label):  # type: ignore[misc]
    """A label whose text wraps and shrinks from `largest` to `least` (pixels of the reference) until it fits."""

    unit = NumericProperty(1.0)
    largest = NumericProperty(theme.TEXT)
    least = NumericProperty(theme.TEXT_SMALL)
    single_line = BooleanProperty(False)

    def __init__(self, **values: Any) -> None:
        self._fit_soon = Clock.create_trigger(self._fit, -1)
        super().__init__(**values)
        for name in ("text", "size", "unit", "largest", "least", "bold", "single_line"):
            self.fbind(name, self._fit_soon)
        self._fit_soon()

    def _fit(self, _seconds: float) -> None:
        size, least = self.largest * self.unit, self.least * self.unit
        self.text_size = (self.width, None)
        while not self._fits(size) and size > least:
            size = max(size * _SHRINK, least)

    def _fits(self, size: float) -> bool:
        self.font_size = size
        ruler = CoreLabel(font_name=self.font_name, font_size=size, bold=self.bold)
        pieces = [self.text] if self.single_line else self.text.split()
        if any(ruler.get_extents(piece)[0] > self.width for piece in pieces):
            return False
        self.texture_update()
        return bool(self.texture_size[1] <= self.height)


class Touchable(ButtonBehavior, BoxLayout):  # type: ignore[misc]
    """A card to touch: shows at once that it was felt; its request_id is made when the finger comes down."""

    means = ObjectProperty(None, allownone=True)
    ground = ColorProperty(theme.SURFACE)
    ground_pressed = ColorProperty(theme.PRESSED)
    edge = ColorProperty(theme.LINE)
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


class TileCard(Touchable):
    """A `kiosk.view.Tile` to touch."""

    tile = ObjectProperty(Tile(None, ""), rebind=True)  # type: ignore[arg-type]


class ClassCard(Touchable):
    """A priority class to touch, with its sign."""

    tile = ObjectProperty(Tile(None, ""), rebind=True)  # type: ignore[arg-type]


class TileGrid(GridLayout):  # type: ignore[misc]
    """Tiles in rows; keeps its cards as long as their number stays, so that a finger's card does not vanish."""

    tiles = ListProperty([])
    card: type[Touchable] = TileCard

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
    ruled = BooleanProperty(True)


class Step(BoxLayout):  # type: ignore[misc]
    """One of the steps of a visit: its sign and what to do."""

    sign = StringProperty("")
    text = StringProperty("")


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
    code = qrcode.QRCode(border=4, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(data)
    rows = code.get_matrix()
    texture = Texture.create(size=(len(rows), len(rows)), colorfmt="luminance")
    texture.mag_filter = texture.min_filter = "nearest"
    pixels = bytes(0 if dark else 255 for row in reversed(rows) for dark in row)
    texture.blit_buffer(pixels, colorfmt="luminance", bufferfmt="ubyte")
    return texture


Builder.load_file(str(Path(__file__).with_name("widgets.kv")))
