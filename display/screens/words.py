"""Labels whose text never leaves its box: the font starts at its full size and gives way only to words too long."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from kivy.core.text import Label as CoreLabel
from kivy.lang import Builder
from kivy.properties import NumericProperty
from kivy.uix.label import Label

from config import theme

Builder.load_file(str(Path(__file__).with_suffix(".kv")), rulesonly=True)

_STEP = 0.94
_SMALLEST = 0.6
"""Below this share of the full size the text is cut with an ellipsis instead."""
_ONE_LINE = 0.84
"""At this share of the full size one line is better than two."""
_CLOSE = 8


@lru_cache(maxsize=4096)
def extent(text: str, font_size: float, bold: bool, wrap_width: int | None = None) -> tuple[int, int]:
    """Width and height in pixels of a text, on one line or wrapped."""
    label = CoreLabel(text=text, font_size=font_size, font_name=theme.FONT, bold=bold, text_size=(wrap_width, None))
    label.resolve_font_name()
    width, height = label.render()
    return int(width), int(height)


def fitting_size(
    text: str, box: tuple[float, float], full: float, bold: bool, lines: int, smallest: float = _SMALLEST
) -> float:
    """The largest font size (pixels, at most `full`) at which the text fits the box in so many lines.

    Rather than a last word alone on a second line there is one line a little smaller.
    """
    if lines == 2 and fits(text, box, full * _ONE_LINE, bold, 1):
        lines, smallest = 1, _ONE_LINE
    size = full
    while size > full * smallest and not fits(text, box, size, bold, lines):
        size *= _STEP
    return size


def fits(text: str, box: tuple[float, float], size: float, bold: bool, lines: int) -> bool:
    """Whether a text at a font size (pixels) fits a box in so many lines."""
    width, height = int(box[0]), box[1]
    if lines == 1:
        wide, high = extent(text, size, bold)
        return wide <= width and high <= height
    words_wide = max((extent(word, size, bold)[0] for word in text.split()), default=0)
    wide, high = extent(text, size, bold, width)
    one = extent("Ẫg", size, bold)[1]
    return words_wide <= width and wide <= width and high <= min(height, lines * one * 1.02)


def balanced_width(text: str, width: int, size: float, bold: bool) -> int:
    """The least width in which a text takes no more lines than in `width`, give or take a few pixels."""
    high = extent(text, size, bold, width)[1]
    least, enough = width // 2, width
    while enough - least > _CLOSE:
        middle = (least + enough) // 2
        wide, needed = extent(text, size, bold, middle)
        least, enough = (least, middle) if needed <= high and wide <= middle else (middle, enough)
    return enough


class Words(Label):  # type: ignore[misc]
    """A text in a box: at most `lines` lines, `full` pixels of font size, or less down to `smallest` of it."""

    full = NumericProperty(34)
    lines = NumericProperty(1)
    smallest = NumericProperty(_SMALLEST)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.fbind("text", self._fit)
        self.fbind("size", self._fit)
        self.fbind("full", self._fit)
        self.fbind("lines", self._fit)
        self.fbind("smallest", self._fit)
        self._fit()

    def _fit(self, *_: object) -> None:
        if not self.text or self.width < 2 or self.height < 2:
            return
        box, lines = (self.width, self.height), int(self.lines)
        self.font_size = fitting_size(self.text, box, self.full, self.bold, lines, self.smallest)
        self.shorten = not fits(self.text, box, self.font_size, self.bold, lines)
        self.padding = self._balance(lines)
        self.text_size = (self.width, self.height if self.shorten else None)

    def _balance(self, lines: int) -> list[float]:
        """What two lines leave free on both sides, so that they are about as long as each other."""
        if lines != 2 or self.shorten:
            return [0, 0, 0, 0]
        spare = float(self.width) - balanced_width(self.text, int(self.width), self.font_size, self.bold)
        left = {"left": 0.0, "center": spare / 2}.get(self.halign, spare)
        return [left, 0, spare - left, 0]
