"""The paper of the emulated printer: what was printed on it becomes a picture."""

import importlib.util
from functools import cache, lru_cache
from pathlib import Path

from msgspec import Struct
from PIL import Image, ImageChops, ImageDraw, ImageFont

_CELL = (12, 24)
"""Width and height of a letter of the printer's own font, in dots."""
_SMALL_CELL = (9, 22)
_MARGIN_MM = 4
_DOTS_PER_MM = 8
_FIRST_ROWS = 1024


class Letter(Struct, frozen=True):
    """A letter of the printer's own font, and how it looks."""

    text: str
    bold: bool = False
    white_on_black: bool = False


class Sheet:
    """A strip of paper; set dots are ink, `top` is the row below all that was printed."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.top = 0
        self._image = Image.new("1", (width, _FIRST_ROWS))

    @property
    def blank(self) -> bool:
        """Whether nothing was printed on it."""
        return self._image.getbbox() is None

    def feed(self, rows: int) -> None:
        """Leave white rows."""
        self.top += rows
        while self.top > self._image.height:
            longer = Image.new("1", (self.width, self._image.height * 2))
            longer.paste(self._image, (0, 0))
            self._image = longer

    def print_picture(self, picture: Image.Image, align: int) -> None:
        """Print a picture (set dots are ink) at 0 left, 1 centre or 2 right; what is too wide is lost, as on paper."""
        room = self.width - picture.width
        left = max(0, (0, room // 2, room)[align])
        top = self.top
        self.feed(picture.height)
        self._image.paste(picture, (left, top))

    def print_text(self, letters: list[Letter], align: int, across: int, down: int, *, small: bool = False) -> None:
        """Print one line in the printer's own font, each letter `across` and `down` times as large."""
        width, height = _SMALL_CELL if small else _CELL
        picture = Image.new("1", (max(1, len(letters)) * width, height))
        for place, letter in enumerate(letters):
            picture.paste(_cell(letter, small), (place * width, 0))
        large = picture.resize((picture.width * across, picture.height * down), Image.Resampling.NEAREST)
        self.print_picture(large, align)

    def picture(self) -> Image.Image:
        """Return the paper with what was printed on it and its margins."""
        margin = _MARGIN_MM * _DOTS_PER_MM
        ink = ImageChops.invert(self._image.crop((0, 0, self.width, max(1, self.top))))
        paper = Image.new("1", (self.width + 2 * margin, ink.height + 2 * margin), 1)
        paper.paste(ink, (margin, margin))
        return paper

    def tear(self) -> None:
        """Begin a new strip."""
        self.top = 0
        self._image = Image.new("1", (self.width, _FIRST_ROWS))


@lru_cache(maxsize=1024)
def _cell(letter: Letter, small: bool) -> Image.Image:
    """One letter in its cell."""
    width, height = _SMALL_CELL if small else _CELL
    cell = Image.new("1", (width, height))
    pen = ImageDraw.Draw(cell)
    pen.fontmode = "1"
    at = (0, height * 19 // 24)
    pen.text(at, letter.text, fill=255, font=_own_font(small), anchor="ls", stroke_width=int(letter.bold))
    return ImageChops.invert(cell) if letter.white_on_black else cell


@cache
def _own_font(small: bool) -> ImageFont.FreeTypeFont:
    """A fixed-width font, found in the installed Kivy without importing it."""
    spec = importlib.util.find_spec("kivy")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the fonts come with kivy, which is not installed")
    return ImageFont.truetype(
        Path(spec.origin).parent / "data" / "fonts" / "RobotoMono-Regular.ttf", 15 if small else 20
    )
