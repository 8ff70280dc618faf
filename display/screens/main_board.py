"""The main board, lying or upright: calls, and beside them a notice, media, or who waits and how satisfied they are."""

from typing import Any

from kivy.uix.boxlayout import BoxLayout

from config import theme
from display.board import Board
from display.screens.call_table import CallTable
from display.screens.kind import Kind
from display.screens.panels import SatisfactionPanel, WaitingPanel
from display.screens.parts import Message, swap
from display.wall import Shape, Wall, compose
from display.wording import both

_SIDE_SHARE = 0.28
_SIDE_LEAST = 500
_FILM = 9 / 16
"""Height of most films as a share of their width."""
_CALLS_SHARE_UPRIGHT = 0.722


class MainScreen(Kind):
    """Shows every call of its services."""

    has_aside = True

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.calls, self.waiting, self.satisfaction = CallTable(), WaitingPanel(), SatisfactionPanel()
        self.message = Message(said=both("no_calls"), more=both("no_calls_more"))
        self.place, self.side = BoxLayout(), BoxLayout()
        self.add_widget(self.place)
        self.add_widget(self.side)
        for watched in ("size", "u", "upright", "picture_height"):
            self.fbind(watched, self._measure)
        self._measure()

    def _measure(self, *_: object) -> None:
        """Give every part its size for this picture."""
        u, upright = self.u, self.upright
        for part in (self.calls, self.waiting, self.satisfaction, self.message):
            part.u, part.upright = u, upright
        self.calls.picture_height = self.picture_height
        margin = (theme.GAP if upright else theme.SPACE) * u
        self.orientation = "vertical" if upright else "horizontal"
        self.side.orientation = "horizontal" if upright else "vertical"
        self.spacing = self.side.spacing = margin
        side = max(_SIDE_SHARE, _SIDE_LEAST * u / max(1.0, self.width - margin))
        self.place.size_hint = (1, _CALLS_SHARE_UPRIGHT) if upright else (1 - side, 1)
        self.side.size_hint = (1, 1 - _CALLS_SHARE_UPRIGHT) if upright else (side, 1)
        self.satisfaction.size_hint = (0.42, 1) if upright else (1, None)
        self.satisfaction.height = 200 * u
        self.waiting.size_hint = (0.58, 1) if upright else (1, 1)

    def show(self, board: Board, now: float) -> None:
        """Show calls and what stands beside them."""
        columns = self.calls.columns_for(board.numbers())
        wall = compose(board, now, Shape(self.calls.rows(), columns, self.waiting.places()))
        self.called = wall.calls
        if wall.rows:
            self.calls.show(wall, columns)
        swap(self.place, self.calls if wall.rows else self.message)
        self._show_side(wall)

    def _show_side(self, wall: Wall) -> None:
        """Upright there is no room beside a film; lying there is, below it."""
        self.waiting.show(wall)
        self.satisfaction.show(wall)
        if self.aside is None:
            swap(self.side, self.waiting, self.satisfaction)
        elif self.aside_fills or self.upright:
            self.aside.size_hint = (1, 1)
            swap(self.side, self.aside)
        else:
            self.aside.size_hint, self.aside.height = (1, None), self.side.width * _FILM
            swap(self.side, self.aside, self.waiting)
