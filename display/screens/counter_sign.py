"""The sign of one counter: its number as large as the picture allows, and in words how it stands."""

from pathlib import Path
from typing import Any

from kivy.lang import Builder
from kivy.properties import BooleanProperty, ColorProperty, ListProperty, NumericProperty, StringProperty

from config import theme
from display.board import Board
from display.screens import look
from display.screens.kind import Kind
from display.screens.look import Look
from display.sign import Sign, SignState, compose_sign

Builder.load_file(str(Path(__file__).with_suffix(".kv")), rulesonly=True)

DIGIT_SHARE = 0.262
"""Height of the number's digits as a share of the picture's height, where its width allows it."""

PAUSED = Look(theme.WARNING, theme.WARNING_INK, theme.WARNING_INK, theme.WARNING_INK, theme.WARNING)
CLOSED = Look(theme.DEEP, theme.ON_DEEP, theme.ON_DEEP_SOFT, look.PLATE_SERVED, theme.ON_DEEP)


class CounterSignScreen(Kind):
    """Shows the display's own counter."""

    ground = ColorProperty(look.SERVED.ground)
    number_colour = ColorProperty(look.SERVED.number)
    words_colour = ColorProperty(look.SERVED.words)
    plate_colour = ColorProperty(look.SERVED.plate)
    plate_ink = ColorProperty(look.SERVED.counter)
    number_size = NumericProperty(400)
    counter = StringProperty("")
    services = StringProperty("")
    number = StringProperty("")
    state_words = ListProperty(["", ""])
    more = ListProperty(["", ""])
    officer = StringProperty("")
    paused = BooleanProperty(False)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.fbind("picture_height", self._measure)
        self._measure()

    def _measure(self, *_: object) -> None:
        self.number_size = self.picture_height * DIGIT_SHARE / look.DIGIT_OF_FONT

    def show(self, board: Board, now: float) -> None:
        """Show how the counter stands."""
        sign = compose_sign(board, board.counters, now)
        self.called = sign.calls
        self._colour(_look_of(sign))
        self.counter, self.services, self.officer = sign.counter, sign.services, sign.officer
        self.number, self.paused = sign.number, sign.state is SignState.PAUSED
        self.state_words, self.more = list(sign.state_words), list(sign.more)

    def _colour(self, found: Look) -> None:
        self.ground, self.number_colour, self.words_colour = found.ground, found.number, found.words
        self.plate_colour, self.plate_ink = found.plate, found.counter


def _look_of(sign: Sign) -> Look:
    if sign.blinks:
        return look.LIT if sign.lit else look.UNLIT
    if sign.state is SignState.PAUSED:
        return PAUSED
    if sign.state in (SignState.CLOSED, SignState.NOBODY):
        return CLOSED
    return look.AWAITED if sign.state is SignState.CALLED else look.SERVED
