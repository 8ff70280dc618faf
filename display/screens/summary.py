"""The summary: service by service, who is served where, how many wait and for how long."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder
from kivy.properties import BooleanProperty, ColorProperty, ListProperty, NumericProperty, StringProperty
from kivy.uix.widget import Widget

from display.board import Board
from display.names import said
from display.screens import look
from display.screens.kind import Kind
from display.screens.look import Look
from display.screens.parts import Message, Part, swap
from display.screens.words import extent
from display.summary import Served, ServiceLine, Summary, compose_summary

Builder.load_file(str(Path(__file__).with_suffix(".kv")), rulesonly=True)

ROW, ROW_UPRIGHT = 120, 244
"""Least height of a service in pixels of the reference."""
MOST, MOST_UPRIGHT = 196, 320
"""The height that few services do not exceed."""
HEAD = 120
_GAP = 8
_NUMBER = 72
_PLATE = 84
_PAIR_GAP = 14
_RIGHT_UPRIGHT = 484
"""What upright rows hold beside the numbers: who waits, and how long; in pixels of the reference."""


class Pair(Part):
    """A number and the counter that serves it."""

    number = StringProperty("")
    counter = StringProperty("")
    ground = ColorProperty(look.SERVED.ground)
    number_colour = ColorProperty(look.SERVED.number)
    plate_colour = ColorProperty(look.SERVED.plate)
    plate_ink = ColorProperty(look.SERVED.counter)

    def show(self, served: Served) -> None:
        """Show a number at its counter."""
        found = _look_of(served)
        self.ground, self.number_colour = found.ground, found.number
        self.plate_colour, self.plate_ink = found.plate, found.counter
        self.number, self.counter = served.number, served.counter


class ServiceRow(Part):
    """A service of the summary."""

    service = ListProperty(["", ""])
    waiting = StringProperty("")
    span = ListProperty(["", ""])
    none = StringProperty("")
    page = StringProperty("")
    shut = BooleanProperty(False)
    served_width = NumericProperty(600)

    def show(self, line: ServiceLine, pair_width: float) -> None:
        """Show a service."""
        self.service, self.waiting, self.page = list(line.service), line.waiting, line.page
        self.shut = bool(line.shut[0])
        self.span = list(line.shut if self.shut else line.span)
        self.none = "" if line.served else said("nobody_served")[0]
        pairs = self.ids.pairs
        while len(pairs.children) < len(line.served):
            pairs.add_widget(Pair(size_hint_x=None))
        while len(pairs.children) > len(line.served):
            pairs.remove_widget(pairs.children[0])
        for pair, served in zip(reversed(pairs.children), line.served, strict=True):
            pair.u, pair.width = self.u, pair_width
            pair.show(served)


class SummaryHead(Part):
    """The heads over the services."""

    page = StringProperty("")
    served_width = NumericProperty(600)


def _look_of(served: Served) -> Look:
    if served.blinks:
        return look.LIT if served.lit else look.UNLIT
    return look.AWAITED if served.awaited else look.SERVED


class SummaryScreen(Kind):
    """Shows the services of its zone, a page at a time."""

    def __init__(self, **values: Any) -> None:
        super().__init__(orientation="vertical", **values)
        self.head = SummaryHead(size_hint_y=None)
        self.message = Message(said=said("services_none"), more=said("services_none_more"))
        self._rows: list[ServiceRow] = []
        self._rest = Widget()

    def show(self, board: Board, now: float) -> None:
        """Show a page of services."""
        pair = self._pair_width(board)
        pairs = max(1, int((self._served_width() + _PAIR_GAP * self.u) / (pair + _PAIR_GAP * self.u)))
        found = compose_summary(board, self.places(), pairs, now)
        self.called = found.calls
        if not found.lines:
            self.message.u, self.message.upright = self.u, self.upright
            swap(self, self.message)
            return
        self._show(found, pair)

    def places(self) -> int:
        """How many services one page holds."""
        row = ROW_UPRIGHT if self.upright else ROW
        return max(1, int((self.height / self.u - HEAD) / (row + _GAP)))

    def _served_width(self) -> float:
        if self.upright:
            return float(self.width) - _RIGHT_UPRIGHT * float(self.u)
        return float(self.width) * 0.362

    def _pair_width(self, board: Board) -> float:
        """The same for all pairs, so that they stand in columns."""
        numbers = [*board.numbers(), "A000"]
        return max(extent(number, _NUMBER * self.u, True)[0] for number in numbers) + (_PLATE + 2 * 12) * float(self.u)

    def _show(self, found: Summary, pair: float) -> None:
        while len(self._rows) < len(found.lines):
            self._rows.append(ServiceRow())
        shown = self._rows[: len(found.lines)]
        swap(self, self.head, *shown, self._rest)
        self.spacing = _GAP * self.u
        for part in (self.head, *shown):
            part.u, part.upright, part.served_width = self.u, self.upright, self._served_width()
        self.head.height, self.head.page = (HEAD - _GAP) * self.u, found.page
        for row, line in zip(shown, found.lines, strict=True):
            row.size_hint_y, row.height = None, self._row_height(len(shown))
            row.show(line, pair)

    def _row_height(self, rows: int) -> float:
        most = (MOST_UPRIGHT if self.upright else MOST) * float(self.u)
        return min(most, (float(self.height) - HEAD * float(self.u)) / rows - _GAP * float(self.u))
