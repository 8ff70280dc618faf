"""A picture for people who do not read, in one ink: drawn from `shapes` at the size at which it is shown."""

from functools import lru_cache
from typing import Any

from kivy.graphics import Color, Rectangle
from kivy.graphics.texture import Texture
from kivy.properties import ColorProperty, StringProperty
from kivy.uix.widget import Widget
from PIL import Image, ImageDraw

from config import theme
from kiosk.screens.shapes import FIELD, SHAPES, Area, Box, Disc, Shape, Stroke

_FINER = 4
"""So many times larger is drawn what is then made smooth."""


class Pictogram(Widget):  # type: ignore[misc]
    """The picture `name`, as large as its box allows; nothing for a name that it does not know."""

    name = StringProperty("")
    ink = ColorProperty(theme.INK)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        with self.canvas:
            self._colour = Color(*self.ink)
            self._picture = Rectangle(size=(0, 0))
        for name in ("name", "ink", "pos", "size"):
            self.fbind(name, self._draw)
        self._draw()

    def _draw(self, *_: Any) -> None:
        side = int(min(self.size))
        self._colour.rgba = self.ink
        self._picture.size = (side, side) if self.name in SHAPES and side > 0 else (0, 0)
        if self._picture.size[0]:
            self._picture.texture = _texture(self.name, side)
            # `center` may still be that of before: it is told after whoever listens to `pos`
            self._picture.pos = (round(self.x + (self.width - side) / 2), round(self.y + (self.height - side) / 2))


@lru_cache(maxsize=256)
def _texture(name: str, side: int) -> Any:
    texture = Texture.create(size=(side, side), colorfmt="rgba")
    picture = Image.new("RGBA", (side, side), (255, 255, 255, 0))
    picture.putalpha(picture_of(name, side))
    texture.blit_buffer(picture.tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    texture.flip_vertical()
    return texture


def picture_of(name: str, side: int) -> Image.Image:
    """How much ink lies where, 0 to 255, on a square of `side` pixels."""
    fine = Image.new("L", (side * _FINER, side * _FINER), 0)
    pen, scale = ImageDraw.Draw(fine), side * _FINER / FIELD
    for shape in SHAPES[name]:
        _draw_shape(pen, shape, scale)
    return fine.resize((side, side), Image.Resampling.LANCZOS)


def _draw_shape(pen: ImageDraw.ImageDraw, shape: Shape, scale: float) -> None:
    ink = 0 if shape.cut else 255
    match shape:
        case Stroke(points, width):
            _draw_stroke(pen, [(x * scale, y * scale) for x, y in points], width * scale, ink)
        case Area(points):
            pen.polygon([(x * scale, y * scale) for x, y in points], fill=ink)
        case Disc(x, y, radius):
            _draw_disc(pen, x * scale, y * scale, radius * scale, ink)
        case Box(x, y, width, height, radius):
            corners = (x * scale, y * scale, (x + width) * scale, (y + height) * scale)
            pen.rounded_rectangle(corners, radius * scale, fill=ink)


def _draw_stroke(pen: ImageDraw.ImageDraw, points: list[tuple[float, float]], width: float, ink: int) -> None:
    pen.line(points, fill=ink, width=round(width), joint="curve")
    for x, y in points:
        _draw_disc(pen, x, y, width / 2, ink)


def _draw_disc(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float, ink: int) -> None:
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink)
