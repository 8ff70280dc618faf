"""A call in the table: number and counter, so large that the whole hall reads them, and words where there is room."""

from pathlib import Path
from typing import Any, NamedTuple

from kivy.lang import Builder
from kivy.properties import BooleanProperty, ColorProperty, ListProperty, NumericProperty
from kivy.uix.floatlayout import FloatLayout

from display.screens import look
from display.screens.words import Words, extent
from display.wall import Row

Builder.load_file(str(Path(__file__).with_suffix(".kv")), rulesonly=True)

PAD = 14
INSET = 6
_ARROW = 36
_LEAST_WORDS = 300
_SMALLEST = 0.2
"""A number or a counter that is cut would be another's: rather it is so small a share of its full size."""
_SIGN, _SIGN_NARROW = (104, 84, 56), (74, 60, 40)
"""Width and height of a class's sign, and size of its letters."""


class CallRow(FloatLayout):  # type: ignore[misc]
    """One call; `wide` rows have room for the service and what is asked for, narrow ones for the numbers alone."""

    u = NumericProperty(1)
    ground = ColorProperty(look.SERVED.ground)
    words_colour = ColorProperty(look.SERVED.words)
    plate_colour = ColorProperty(look.SERVED.plate)
    plate = ListProperty([0] * 4)
    arrow = ListProperty([0] * 6)
    words_left = NumericProperty(0)
    """Width of the widest number in the table: signs and words begin behind it, all in one line."""
    signs = BooleanProperty(False)
    """Whether any row of the table has a sign, so that the words make room for it."""

    def __init__(self, type_size: "TypeSize", **values: Any) -> None:
        super().__init__(**values)
        self._type = type_size
        self.number = _bare(bold=True, full=type_size.number, smallest=_SMALLEST)
        self.counter = _bare(bold=True, full=type_size.counter, halign="center", lines=3, smallest=_SMALLEST)
        self.service = _bare(full=42 * self.u, lines=2)
        self.status = _bare(bold=True, full=38 * self.u)
        self.sign = Sign(size_hint=(None, None), bold=True, halign="center", u=self.u)
        for label in (self.number, self.counter, self.sign, *((self.service, self.status) if type_size.wide else ())):
            self.add_widget(label)
        self.bind(pos=self._place, size=self._place)

    def show(self, row: Row) -> None:
        """Show a call."""
        found = _look_of(row)
        self.ground, self.words_colour, self.plate_colour = found.ground, found.words, found.plate
        self.number.text, self.counter.text = row.number, row.counter
        self.service.text, self.status.text, self.sign.text = row.service, row.status, row.sign
        self.number.color, self.counter.color = found.number, found.counter
        self.service.color = self.status.color = self.sign.color = found.words
        self._place()

    def _place(self, *_: object) -> None:
        plate_width, inset = self._type.plate, INSET * self.u
        plate_left = self.x + self.width - plate_width - inset
        self.plate = [plate_left, self.y + inset, plate_width, self.height - 2 * inset]
        left, room = self.x + PAD * self.u, plate_left - self.x - (PAD + INSET) * self.u
        natural = extent(self.number.text, self._type.number, True)[0] + 1
        self._put(self.number, left, max(10.0, min(natural, room)), extent("0", self._type.number, True)[1] + 1)
        self._place_counter(plate_left, plate_width)
        self._place_sign(left + self.number.width, plate_left)
        self._place_words(plate_left)
        self._place_arrow(left + self.number.width, plate_left)

    def _place_counter(self, left: float, width: float) -> None:
        """A counter's figure may overhang its row as the number does; a counter's name keeps off its plate's edges."""
        natural, high = extent(self.counter.text, self._type.counter, True)
        if natural <= width:
            self._put(self.counter, left, width, high + 1)
        else:
            edge = INSET * self.u
            self._put(self.counter, left + edge, width - 2 * edge, self.height - 4 * edge)

    def _put(self, label: Words, left: float, width: float, height: float) -> None:
        label.size = (width, height)
        label.pos = (left, self.y + self.height / 2 - height / 2)

    def _place_sign(self, left: float, right: float) -> None:
        """Behind the numbers where there are words, else right behind its number, if there is room."""
        wide, high, full = (measure * self.u for measure in (_SIGN if self._type.wide else _SIGN_NARROW))
        if self._type.wide:
            left = self.x + self.words_left + (PAD + 20) * self.u
        left += PAD * self.u
        self.sign.full, self.sign.size = full, (wide, high)
        self.sign.pos = (left, self.y + self.height / 2 - high / 2)
        self.sign.opacity = 1 if self.sign.text and left + wide <= right - INSET * self.u else 0

    def _place_words(self, right: float) -> None:
        left = self.x + self.words_left + (2 * PAD + 20) * self.u
        if self.signs:
            left += (_SIGN[0] + 2 * PAD) * self.u
        width = max(10.0, right - (_ARROW + 20) * self.u - left)
        for label, share, bottom in ((self.service, 0.6, 0.37), (self.status, 0.32, 0.04)):
            label.size = (width, self.height * share)
            label.opacity = 1 if width >= _LEAST_WORDS * self.u else 0
            label.pos = (left, self.y + self.height * bottom)

    def _place_arrow(self, left: float, right: float) -> None:
        """A triangle that points from the number to the counter; narrow rows have no room for one in every row."""
        side = _ARROW * self.u
        if not self._type.wide or right - left < side * 1.4:
            self.arrow = [0] * 6
            return
        tip, middle = right - side * 0.35, self.y + self.height / 2
        self.arrow = [tip - side * 0.8, middle + side * 0.6, tip - side * 0.8, middle - side * 0.6, tip, middle]


def _look_of(row: Row) -> look.Look:
    if row.blinks:
        return look.LIT if row.lit else look.UNLIT
    return look.AWAITED if row.awaited else look.SERVED


def _bare(**values: Any) -> Words:
    return Words(size_hint=(None, None), **values)


class Sign(Words):
    """The letters of a priority class on a plate of their own."""

    u = NumericProperty(1)


class TypeSize(NamedTuple):
    """Sizes in pixels of a row's type, and the widths that follow from them."""

    number: float
    counter: float
    u: float
    wide: bool

    def widest(self, numbers: list[str]) -> float:
        """Width of the widest of these numbers."""
        return max((float(extent(number, self.number, True)[0]) for number in numbers), default=0.0)

    @property
    def plate(self) -> float:
        """Width of the plate that holds the counter."""
        return float(extent("00", self.counter, True)[0]) * (1.25 if self.wide else 1.0) + 10 * self.u
