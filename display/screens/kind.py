"""What every kind of display is: a picture between header and bottom line that shows a board."""

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from display.board import Board
from display.calls import Call


class Kind(BoxLayout):  # type: ignore[misc]
    """One kind of display; the frame gives it its measures and shows something else while the data are lost.

    `u`: how many pixels one pixel of the reference is; `picture_height`: pixels of the whole picture, of which a called
    number takes a tenth.
    """

    u = NumericProperty(1)
    upright = BooleanProperty(False)
    picture_height = NumericProperty(1080)
    has_aside = False
    """Whether the kind has a place beside its numbers for a notice or media; else notices are in the bottom line."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.aside: Widget | None = None
        """What the frame wants to stand in that place."""
        self.aside_fills = True
        """Whether it needs all of that place, as words do; a picture leaves some."""
        self.called: list[Call] = []
        """The calls in the picture that `show` made last: the hall is told that the room could see them."""

    def show(self, board: Board, now: float) -> None:
        """Show what the board says at `now` (monotonic seconds); called several times each second."""
        raise NotImplementedError
