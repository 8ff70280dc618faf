"""The one-call board of a small hall: one huge call, beside it those before it, and a notice or media."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder
from kivy.properties import ColorProperty, ListProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from config import theme
from display.board import Board
from display.names import said
from display.one_call import OneCall, Shown, Stage, compose_one_call
from display.screens import look
from display.screens.kind import Kind
from display.screens.look import Look
from display.screens.parts import Message, Panel, Part, swap
from display.wording import both

Builder.load_file(str(Path(__file__).with_suffix(".kv")), rulesonly=True)

DIGIT_SHARE = 0.262
"""Height of the large number's digits as a share of the picture's height, where its width allows it."""
_CALL_SHARE, _CALL_SHARE_UPRIGHT, _CALL_SHARE_WITH_ASIDE_UPRIGHT = 0.6, 0.59, 0.5
_ROWS_WITH_ASIDE, _ROWS_WITH_ASIDE_UPRIGHT = 2, 1
_HEAD = 66
_PLATE, _NARROW_PLATE = 0.29, 0.21
_SHORT = 4
"""Longer numbers keep their size, and the plates of the counters give way."""


class LargeCall(Part):
    """The call that has the large place."""

    ground = ColorProperty(look.SERVED.ground)
    number_colour = ColorProperty(look.SERVED.number)
    words_colour = ColorProperty(look.SERVED.words)
    plate_colour = ColorProperty(look.SERVED.plate)
    plate_ink = ColorProperty(look.SERVED.counter)
    number_size = NumericProperty(400)
    number = StringProperty("")
    counter = StringProperty("")
    head = ListProperty(["", ""])
    to = ListProperty(["", ""])
    service = ListProperty(["", ""])

    def show(self, call: Shown) -> None:
        """Show a call."""
        _colour(self, call)
        self.number, self.counter = call.number, call.counter
        self.head, self.to, self.service = list(call.head), list(call.to), list(call.service)


class EarlierRow(Part):
    """A call that came before."""

    ground = ColorProperty(look.SERVED.ground)
    number_colour = ColorProperty(look.SERVED.number)
    words_colour = ColorProperty(look.SERVED.words)
    plate_colour = ColorProperty(look.SERVED.plate)
    plate_ink = ColorProperty(look.SERVED.counter)
    number_size = NumericProperty(150)
    plate_share = NumericProperty(_PLATE)
    number = StringProperty("")
    counter = StringProperty("")

    def show(self, call: Shown) -> None:
        """Show a call."""
        _colour(self, call)
        self.number, self.counter = call.number, call.counter


class Earlier(Panel):
    """The calls before the large one, a page at a time."""

    page = StringProperty("")
    none = StringProperty("")
    number_size = NumericProperty(150)

    def places(self) -> int:
        """How many calls fit."""
        gap = theme.GAP * self.u
        return max(1, int((self.ids.place.height + gap) / (self._row() + gap)))

    def height_of(self, rows: int) -> float:
        """What so many calls need, in pixels."""
        gaps = theme.GAP * (rows + 1) * float(self.u)
        return rows * self._row() + gaps + _HEAD * float(self.u) + 1

    def _row(self) -> float:
        return float(self.number_size * look.DIGIT_OF_FONT * look.ROW_OF_DIGIT)

    def show(self, wanted: OneCall) -> None:
        """Show a page of calls."""
        rows = self.ids.rows
        while len(rows.children) < len(wanted.earlier):
            rows.add_widget(EarlierRow(size_hint_y=None))
        while len(rows.children) > len(wanted.earlier):
            rows.remove_widget(rows.children[0])
        plate = _PLATE if all(len(call.number) <= _SHORT for call in wanted.earlier) else _NARROW_PLATE
        for row, call in zip(reversed(rows.children), wanted.earlier, strict=True):
            row.u, row.number_size, row.height, row.plate_share = self.u, self.number_size, self._row(), plate
            row.show(call)
        self.page, self.none = wanted.page, "" if wanted.earlier else said("earlier_none")[0]


def _colour(part: LargeCall | EarlierRow, call: Shown) -> None:
    found = _look_of(call)
    part.ground, part.number_colour, part.words_colour = found.ground, found.number, found.words
    part.plate_colour, part.plate_ink = found.plate, found.counter


def _look_of(call: Shown) -> Look:
    if call.blinks:
        return look.LIT if call.lit else look.UNLIT
    return look.AWAITED if call.awaited else look.SERVED


class OneCallScreen(Kind):
    """Shows the calls of a hall with few counters."""

    has_aside = True

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self._stage = Stage()
        self.large, self.earlier = LargeCall(), Earlier()
        self.message = Message(said=both("no_calls"), more=both("no_calls_more"))
        self.place, self.side = BoxLayout(), BoxLayout(orientation="vertical")
        self.add_widget(self.place)
        self.add_widget(self.side)
        for watched in ("size", "u", "upright", "picture_height"):
            self.fbind(watched, self._measure)
        self._measure()

    def _measure(self, *_: object) -> None:
        u, upright = self.u, self.upright
        for part in (self.large, self.earlier, self.message):
            part.u, part.upright = u, upright
        self.large.number_size = self.picture_height * DIGIT_SHARE / look.DIGIT_OF_FONT
        self.earlier.number_size = self.picture_height * look.DIGIT_SHARE / look.DIGIT_OF_FONT
        self.orientation = "vertical" if upright else "horizontal"
        self.spacing = self.side.spacing = (theme.GAP if upright else theme.SPACE) * u
        self._share()

    def _share(self) -> None:
        """Give the large call its part of the picture."""
        upright = _CALL_SHARE_WITH_ASIDE_UPRIGHT if self.aside else _CALL_SHARE_UPRIGHT
        share = upright if self.upright else _CALL_SHARE
        self.place.size_hint = (1, share) if self.upright else (share, 1)
        self.side.size_hint = (1, 1 - share) if self.upright else (1 - share, 1)

    def show(self, board: Board, now: float) -> None:
        """Show the large call and those before it."""
        self._show_side()
        wanted = compose_one_call(board, self._stage, self.earlier.places(), now)
        self.called = wanted.calls
        if wanted.current:
            self.large.show(wanted.current)
        swap(self.place, self.large if wanted.current else self.message)
        self.earlier.show(wanted)

    def _show_side(self) -> None:
        self._share()
        if self.aside is None:
            self.earlier.size_hint_y = 1
            swap(self.side, self.earlier)
            return
        rows = _ROWS_WITH_ASIDE_UPRIGHT if self.upright else _ROWS_WITH_ASIDE
        self.earlier.size_hint_y, self.earlier.height = None, self.earlier.height_of(rows)
        self.aside.size_hint = (1, 1)
        swap(self.side, self.aside, self.earlier)
