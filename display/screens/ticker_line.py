"""The bottom line as it is drawn: Vietnamese large, English below; what is too long runs along."""

from typing import Any, NamedTuple

from kivy.properties import NumericProperty
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
    """Shows one text after the other; call `move` often while it `moves`."""

    def __init__(self, **values: Any) -> None:
        super().__init__(orientation="vertical", **values)
        self.strips = (Strip(color=theme.ON_DEEP), Strip(color=theme.ON_DEEP_SOFT))
        for strip in self.strips:
            self.add_widget(strip)
        self.moves = False
        """Whether the text of this moment runs."""
        self._laid_out: tuple[object, ...] = ()
        self._round: list[_Stay] = []

    def show(self, lines: list[Pair], now: float) -> None:
        """Show the text whose turn it is."""
        wanted = (tuple(lines), self.width, self.height, self.u, self.upright)
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
        for strip, text, share, size in zip(self.strips, line, heights, _SIZES, strict=True):
            strip.size_hint_y = share
            strip.say(text, size * self.u, self._rows)

    @property
    def _rows(self) -> int:
        return 2 if self.upright else 1

    def _measured(self, line: Pair) -> "_Stay":
        over = [self._overflow(text, size) for text, size in zip(line, _SIZES, strict=True) if text]
        overflow = max(over, default=0.0)
        return _Stay(line, overflow, ticker.stay_seconds(len(line[0]), overflow / self.u))

    def _overflow(self, text: str, size: float) -> float:
        """Pixels by which a text is too wide; none if it fits in its rows."""
        if self.width < 2 or fits(text, (self.width, _ANY_HEIGHT), size * self.u, False, self._rows):
            return 0.0
        return max(0.0, extent(text, size * self.u, False)[0] - float(self.width))


class _Stay(NamedTuple):
    line: Pair
    overflow: float
    seconds: float


class Strip(StencilView):  # type: ignore[misc]
    """A text that may be wider than its place."""

    overflow = NumericProperty(0)

    def __init__(self, color: theme.Colour, **values: Any) -> None:
        super().__init__(**values)
        self.label = Label(font_name=theme.FONT, markup=False, color=color, halign="left", valign="middle")
        self.add_widget(self.label)
        self._share = 0.0
        self._said: tuple[object, ...] = ()
        self.bind(pos=self._place, size=self._place)

    def say(self, text: str, font_size: float, rows: int) -> None:
        """Show a text from its beginning."""
        wanted = (text, font_size, rows, *self.size)
        if wanted == self._said:
            return
        self._said = wanted
        still = not text or fits(text, (self.width, _ANY_HEIGHT), font_size, False, rows)
        self.label.font_size, self.label.text = font_size, text
        self.label.text_size = (self.width, None) if still else (None, None)
        self.overflow = 0 if still else max(0, extent(text, font_size, False)[0] - self.width)
        self._place()

    def run(self, share: float) -> None:
        """Show the part that is left after so much of the overflow."""
        if share != self._share:
            self._share = share
            self._place()

    def _place(self, *_: object) -> None:
        self.label.size = (self.width + self.overflow, self.height)
        self.label.pos = (self.x - self._share * self.overflow, self.y)
