"""The whole wall, lying or upright: header, calls, panels, footer."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder
from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.boxlayout import BoxLayout

from config import theme
from display.board import Board, Freshness
from display.screens.call_table import CallTable
from display.screens.panels import Footer, Header, Message, SatisfactionPanel, StaleNotice, WaitingPanel, swap
from display.wall import Shape, Wall, compose
from display.wording import both

Builder.load_file(str(Path(__file__).with_suffix(".kv")), rulesonly=True)

_HEADER, _HEADER_UPRIGHT = 150, 206
_FOOTER, _FOOTER_UPRIGHT = 106, 136
_SIDE_SHARE = 0.28
_SIDE_LEAST = 500
_CALLS_SHARE_UPRIGHT = 0.705


class WallScreen(BoxLayout):  # type: ignore[misc]
    """Shows a board; call `show` whenever it changed or time passed."""

    u = NumericProperty(1)
    upright = BooleanProperty(False)

    def __init__(self, **values: Any) -> None:
        super().__init__(orientation="vertical", **values)
        self.header, self.footer, self.notice = Header(), Footer(), StaleNotice()
        self.calls, self.waiting, self.satisfaction = CallTable(), WaitingPanel(), SatisfactionPanel()
        self.message = Message()
        self.place, self.side, self.body = BoxLayout(), BoxLayout(), BoxLayout()
        self._assemble()
        self.bind(size=self._measure)
        self._measure()

    def _assemble(self) -> None:
        self.side.add_widget(self.waiting)
        self.side.add_widget(self.satisfaction)
        self.body.add_widget(self.place)
        self.body.add_widget(self.side)
        for part in (self.header, self.body, self.footer):
            self.add_widget(part)

    def _measure(self, *_: object) -> None:
        """Give every part its size for this picture."""
        self.u, self.upright = theme.unit(*self.size), self.height > self.width
        for part in (self.header, self.footer, self.notice, self.calls, self.waiting, self.satisfaction, self.message):
            part.u, part.upright = self.u, self.upright
        self.calls.picture_height = self.height
        for part, lying, upright in (
            (self.header, _HEADER, _HEADER_UPRIGHT),
            (self.footer, _FOOTER, _FOOTER_UPRIGHT),
            (self.notice, _FOOTER, _FOOTER_UPRIGHT),
        ):
            part.size_hint_y, part.height = None, (upright if self.upright else lying) * self.u
        self._measure_body()

    def _measure_body(self) -> None:
        u, upright = self.u, self.upright
        self.body.orientation = "vertical" if upright else "horizontal"
        margin = (theme.GAP if upright else theme.SPACE) * u
        self.body.padding = [margin, theme.GAP * u, margin, theme.GAP * u]
        self.body.spacing = margin
        self.side.orientation = "horizontal" if upright else "vertical"
        self.side.spacing = margin
        side = max(_SIDE_SHARE, _SIDE_LEAST * u / max(1.0, self.width - 3 * margin))
        self.place.size_hint = (1, _CALLS_SHARE_UPRIGHT) if upright else (1 - side, 1)
        self.side.size_hint = (1, 1 - _CALLS_SHARE_UPRIGHT) if upright else (side, 1)
        self.satisfaction.size_hint = (0.42, 1) if upright else (1, None)
        self.satisfaction.height = 200 * u
        self.waiting.size_hint = (0.58, 1) if upright else (1, 1)

    def show(self, board: Board, now: float) -> Wall:
        """Show what the board says at `now` (monotonic seconds)."""
        columns = self.calls.columns_for([call.number for call in board.calls(now)])
        wall = compose(board, now, Shape(self.calls.rows(), columns, self.waiting.places()))
        self.header.show(wall)
        self.footer.show(wall)
        self._show_notice(wall)
        self._show_body(wall, columns)
        return wall

    def _show_notice(self, wall: Wall) -> None:
        """Words about old data take the footer's place, so that nothing else moves."""
        wanted = self.notice if wall.freshness is Freshness.SAID else self.footer
        self.notice.said = list(wall.age_words)
        if wanted.parent is None:
            self.remove_widget(self.footer if wanted is self.notice else self.notice)
            self.add_widget(wanted)

    def _show_body(self, wall: Wall, columns: int) -> None:
        lost = wall.freshness is Freshness.LOST
        self.message.loud = lost
        if lost:
            self.message.said, self.message.more = both("connecting" if wall.connecting else "lost"), both("lost_more")
        elif not wall.rows:
            self.message.said, self.message.more = both("no_calls"), both("no_calls_more")
        else:
            self.calls.show(wall, columns)
        swap(self.place, self.message if lost or not wall.rows else self.calls)
        self._show_side(wall, lost)

    def _show_side(self, wall: Wall, lost: bool) -> None:
        if lost and self.side.parent:
            self.body.remove_widget(self.side)
        elif not lost and not self.side.parent:
            self.body.add_widget(self.side)
        self.waiting.show(wall)
        self.satisfaction.show(wall)
