"""The table of calls: number and counter, so large that the whole hall reads them, newest on top."""

from pathlib import Path
from typing import Any, NamedTuple

from kivy.lang import Builder
from kivy.properties import BooleanProperty, ColorProperty, ListProperty, NumericProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout
from kivy.uix.widget import Widget

from display import wording
from display.screens import look
from display.screens.parts import ColumnHead
from display.screens.words import Words, extent
from display.wall import Row, Wall

Builder.load_file(str(Path(__file__).with_suffix(".kv")), rulesonly=True)

_PAD = 14
_GAP = 10
_HEAD = 66
_INSET = 6
_ARROW = 36
_LEAST_WORDS = 300
_COLUMN_GAP = 14
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
        self.number = _bare(bold=True, full=type_size.number)
        self.counter = _bare(bold=True, full=type_size.counter, halign="center", lines=2)
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
        plate_width, inset = self._type.plate, _INSET * self.u
        plate_left = self.x + self.width - plate_width - inset
        self.plate = [plate_left, self.y + inset, plate_width, self.height - 2 * inset]
        left, room = self.x + _PAD * self.u, plate_left - self.x - (_PAD + _INSET) * self.u
        natural = extent(self.number.text, self._type.number, True)[0] + 1
        self._put(self.number, left, max(10.0, min(natural, room)), extent("0", self._type.number, True)[1] + 1)
        self._put(self.counter, plate_left, plate_width, self._counter_height())
        self._place_sign(left + self.number.width, plate_left)
        self._place_words(plate_left)
        self._place_arrow(left + self.number.width, plate_left)

    def _counter_height(self) -> float:
        """A counter's figure may overhang its row as the number does; a counter's name may not."""
        wide, high = extent(self.counter.text, self._type.counter, True)
        return high + 1 if wide <= self._type.plate else self.height - 4 * _INSET * self.u

    def _put(self, label: Words, left: float, width: float, height: float) -> None:
        label.size = (width, height)
        label.pos = (left, self.y + self.height / 2 - height / 2)

    def _place_sign(self, left: float, right: float) -> None:
        """Behind the numbers where there are words, else right behind its number, if there is room."""
        wide, high, full = (measure * self.u for measure in (_SIGN if self._type.wide else _SIGN_NARROW))
        if self._type.wide:
            left = self.x + self.words_left + (_PAD + 20) * self.u
        left += _PAD * self.u
        self.sign.full, self.sign.size = full, (wide, high)
        self.sign.pos = (left, self.y + self.height / 2 - high / 2)
        self.sign.opacity = 1 if self.sign.text and left + wide <= right - _INSET * self.u else 0

    def _place_words(self, right: float) -> None:
        left = self.x + self.words_left + (2 * _PAD + 20) * self.u
        if self.signs:
            left += (_SIGN[0] + 2 * _PAD) * self.u
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


class CallTable(BoxLayout):  # type: ignore[misc]
    """The calls in one or two columns under their heads; how many rows there are follows from the picture's height."""

    u = NumericProperty(1)
    picture_height = NumericProperty(1080)
    upright = BooleanProperty(False)

    def __init__(self, **values: Any) -> None:
        super().__init__(orientation="horizontal", **values)
        self._columns: list[list[CallRow]] = []
        self._heads: list[TableHead] = []
        self._built: tuple[object, ...] = ()

    def type_size(self, numbers: list[str], columns: int) -> TypeSize:
        """How large the calls are: the numbers by the picture's height alone, the counters by what width is left."""
        font = self.picture_height * look.DIGIT_SHARE / look.DIGIT_OF_FONT
        scales = look.COUNTER_SCALES_UPRIGHT if self.upright else look.COUNTER_SCALES_NARROW
        wide = columns == 1 and not self.upright
        sizes = [TypeSize(font, font * n, self.u, wide) for n in (look.COUNTER_SCALES_WIDE if wide else scales)]
        return next((size for size in sizes if self._fits(size, numbers, columns)), sizes[-1])

    def _fits(self, size: TypeSize, numbers: list[str], columns: int) -> bool:
        column = float(self.width - (columns - 1) * _COLUMN_GAP * self.u) / columns
        return size.widest(numbers) + size.plate + (_PAD + 2 * _INSET) * float(self.u) <= column

    def rows(self) -> int:
        """How many rows fit under the heads."""
        least = self.picture_height * look.DIGIT_SHARE * look.ROW_OF_DIGIT
        return max(1, int((self.height - _HEAD * self.u) / (least + _GAP * self.u)))

    def columns_for(self, numbers: list[str]) -> int:
        """Two columns when the calls need them and every number fits at its full size."""
        if self.upright or len(numbers) <= self.rows():
            return 1
        return 2 if self._fits(self.type_size(numbers, 2), numbers, 2) else 1

    def show(self, wall: Wall, columns: int) -> None:
        """Show the calls of the wall."""
        numbers = [row.number for row in wall.rows]
        type_size = self.type_size(numbers, columns)
        self._build(columns, type_size)
        cells = [row for column in self._columns for row in column]
        for index, cell in enumerate(cells):
            cell.opacity = 1 if index < len(wall.rows) else 0
            if index < len(wall.rows):
                cell.words_left = type_size.widest(numbers)
                cell.signs = any(row.sign for row in wall.rows)
                cell.show(wall.rows[index])
        self._heads[-1].page = wall.calls_page

    def _build(self, columns: int, type_size: TypeSize) -> None:
        wanted = (columns, self.rows(), type_size)
        if wanted == self._built:
            return
        self._built = wanted
        self.clear_widgets()
        self.spacing = _COLUMN_GAP * self.u
        self._columns.clear()
        self._heads.clear()
        for _ in range(columns):
            self.add_widget(self._column(type_size))

    def _column(self, type_size: TypeSize) -> Widget:
        column = BoxLayout(orientation="vertical", spacing=_GAP * self.u)
        head = TableHead(u=self.u, size_hint_y=None, height=(_HEAD - _GAP) * self.u, plate=type_size.plate)
        self._heads.append(head)
        column.add_widget(head)
        cells = [CallRow(type_size, u=self.u) for _ in range(self.rows())]
        for cell in cells:
            column.add_widget(cell)
        self._columns.append(cells)
        return column


class TableHead(FloatLayout):  # type: ignore[misc]
    """The heads over a column of calls: number, page, counter."""

    u = NumericProperty(1)
    plate = NumericProperty(100)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self._number = ColumnHead(pair=wording.both("number"), u=self.u, size_hint=(None, None))
        self._counter = ColumnHead(pair=wording.both("counter"), u=self.u, size_hint=(None, None))
        self._page = _bare(full=36 * self.u, halign="center")
        for widget in (self._number, self._counter, self._page):
            self.add_widget(widget)
        for watched in (self, self._number, self._counter):
            watched.bind(size=self._place, pos=self._place)
        for head in (self._number, self._counter):
            head.bind(minimum_width=self._place)

    @property
    def page(self) -> str:
        """Which page of older calls this column shows."""
        return str(self._page.text)

    @page.setter
    def page(self, mark: str) -> None:
        self._page.text = mark

    def _place(self, *_: object) -> None:
        right, left = self.x + self.width, self.x + _PAD * self.u
        wide = self._counter.minimum_width
        counter_left = min(right - (_INSET * self.u) - (self.plate + wide) / 2, right - wide)
        self._number.size, self._number.pos = (self._number.minimum_width, self.height), (left, self.y)
        self._counter.size, self._counter.pos = (wide, self.height), (counter_left, self.y)
        middle = (left + self._number.minimum_width + counter_left) / 2
        self._page.size, self._page.pos = (90 * self.u, self.height), (middle - 45 * self.u, self.y)
