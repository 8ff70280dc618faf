"""What the supervisor says to the room: a notice beside the numbers, an emergency over everything."""

from pathlib import Path
from typing import Any

from kivy.graphics import Color, Quad
from kivy.lang import Builder
from kivy.properties import ListProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget

from config import theme
from display import paging, wording
from display.screens.parts import Part
from display.surround import Pair, Surround

Builder.load_file(str(Path(__file__).with_suffix(".kv")), rulesonly=True)

_PAGE_SECONDS = 10.0
_STRIPE_SECONDS = 0.5


class _InTurn(Part):
    """Texts that take turns; as soon as they change the first one, which is the newest, is shown."""

    said = ListProperty(["", ""])
    page = StringProperty("")

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self._texts: list[Pair] = []
        self._since = 0.0

    def _turn(self, texts: list[Pair], now: float) -> None:
        if texts != self._texts:
            self._texts, self._since = texts, now
        found = paging.turn(texts, 1, now - self._since, _PAGE_SECONDS)
        self.said, self.page = list(found.items[0]), wording.page_mark(found)


class NoticePanel(_InTurn):
    """The announcements of this moment, one after the other."""

    def show(self, notices: list[Pair], now: float) -> None:
        """Show the one whose turn it is; there is at least one."""
        self._turn(notices, now)


class Emergency(_InTurn):
    """A warning that nobody takes for anything else: its ground, its sign, its stripes that march, its words."""

    clock = StringProperty("")
    step = NumericProperty(0)

    def show(self, around: Surround, now: float) -> None:
        """Show the emergency whose turn it is; there is at least one."""
        self._turn(around.emergencies, now)
        self.clock = around.clock
        self.step = int(now / _STRIPE_SECONDS) % 2


class Stripes(Widget):  # type: ignore[misc]
    """A band of slanting stripes; `step` 0 or 1 moves them by their breadth."""

    step = NumericProperty(0)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.bind(pos=self._draw, size=self._draw, step=self._draw)

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        breadth = float(self.height)
        if breadth < 1:
            return
        with self.canvas:
            Color(*theme.ACCENT)
            for place in range(-2 + self.step, int(self.width / breadth) + 1, 2):
                Quad(points=self._stripe(self.x + place * breadth, breadth))

    def _stripe(self, left: float, breadth: float) -> list[float]:
        low, high, begin, end = self.y, self.y + self.height, self.x, self.x + self.width
        corners = ((left, low), (left + breadth, low), (left + 2 * breadth, high), (left + breadth, high))
        return [part for x, y in corners for part in (min(max(x, begin), end), y)]
