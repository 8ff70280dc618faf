"""The bottom line as it is drawn: Vietnamese large, English below; what is too long runs along."""

from typing import Any, NamedTuple

from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.label import Label
from kivy.uix.stencilview import StencilView

from config import theme
from display import ticker
from display.screens.parts import Part
from display.screens.words import extent, fits
from display.surround import Pair

_SHARES = (0.58, 0.42)
_SIZES = (38, 28)
_ANY_HEIGHT = 10_000.0


class TickerLine(Part):
    """Shows one text after the other; call `move` often while it `moves`. `loud`: it stands on the accent colour."""

    loud = BooleanProperty(False)

    def __init__(self, **values: Any) -> None:
        super().__init__(orientation="vertical", **values)
        self.strips = (Strip(), Strip())
        for strip in self.strips:
            self.add_widget(strip)
        self.moves = False
        """Whether the text of this moment runs."""
        self._laid_out: tuple[object, ...] = ()
        self._round: list[_Stay] = []

    def show(self, lines: list[Pair], now: float) -> None:
        """Show the text whose turn it is."""
        wanted = (tuple(lines), self.width, self.height, self.u, self.upright, self.loud)
        if wanted != self._laid_out:
            self._laid_out = wanted
            self._round = [self._measured(line) for line in lines]
        self.move(now)

    def move(self, now: float) -> None:
        """Time passed."""
        if not self._round:
            self.moves = False
            self._say(("", ""))
            return
        place, passed = ticker.whose_turn([stay.seconds for stay in self._round], now)
        stay = self._round[place]
        self.moves = stay.overflow > 0
        self._say(stay.line)
        share = ticker.run_share(passed, stay.overflow / self.u, stay.seconds)
        for strip in self.strips:
            strip.run(share)

    def _say(self, line: Pair) -> None:
        heights = (1.0, 0.0) if not line[1] else _SHARES
        for strip, text, share, style in zip(self.strips, line, heights, self._styles(), strict=True):
            strip.size_hint_y = share
            strip.say(text, style)

    def _styles(self) -> tuple["Style", "Style"]:
        rows, (large, small) = 2 if self.upright else 1, _SIZES
        if self.loud:
            return Style(large * self.u, True, rows, theme.INK), Style(small * self.u, False, rows, theme.INK)
        return Style(large * self.u, False, rows, theme.ON_DEEP), Style(small * self.u, False, rows, theme.ON_DEEP_SOFT)

    def _measured(self, line: Pair) -> "_Stay":
        over = [style.overflow(text, self.width) for text, style in zip(line, self._styles(), strict=True)]
        overflow = max(over)
        return _Stay(line, overflow, ticker.stay_seconds(len(line[0]), overflow / self.u))


class Style(NamedTuple):
    """How a text of the line is set: font size in pixels, and in how many rows at most."""

    size: float
    bold: bool
    rows: int
    colour: theme.Colour

    def overflow(self, text: str, width: float) -> float:
        """Pixels by which a text is too wide for its place; none if it fits in its rows."""
        if not text or width < 2 or fits(text, (width, _ANY_HEIGHT), self.size, self.bold, self.rows):
            return 0.0
        return max(0.0, extent(text, self.size, self.bold)[0] - width)


class _Stay(NamedTuple):
    line: Pair
    overflow: float
    seconds: float


class Strip(StencilView):  # type: ignore[misc]
    """A text that may be wider than its place."""

    overflow = NumericProperty(0)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.label = Label(font_name=theme.FONT, markup=False, halign="left", valign="middle")
        self.add_widget(self.label)
        self._share = 0.0
        self._said: tuple[object, ...] = ()
        self.bind(pos=self._place, size=self._place)

    def say(self, text: str, style: Style) -> None:
        """Show a text from its beginning."""
        wanted = (text, style, *self.size)
        if wanted == self._said:
            return
        self._said = wanted
        self.overflow = style.overflow(text, self.width)
        self.label.font_size, self.label.bold, self.label.color = style.size, style.bold, style.colour
        self.label.text = text
        self.label.text_size = (None, None) if self.overflow else (self.width, None)
        self._place()

    def run(self, share: float) -> None:
        """Show the part that is left after so much of the overflow."""
        if share != self._share:
            self._share = share
            self._place()

    def _place(self, *_: object) -> None:
        self.label.size = (self.width + self.overflow, self.height)
        self.label.pos = (self.x - self._share * self.overflow, self.y)
