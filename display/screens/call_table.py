"""The table of calls in one or two columns, newest on top."""

from typing import Any

from kivy.properties import BooleanProperty, NumericProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.floatlayout import FloatLayout

from display import wording
from display.screens import look
from display.screens.call_row import INSET, PAD, CallRow, TypeSize
from display.screens.parts import ColumnHead, swap
from display.screens.words import Words
from display.wall import Row, Wall

_GAP = 10
_HEAD = 66
_COLUMN_GAP = 14
_LAYOUTS = 4
"""So many arrangements are kept: a table that grows or shrinks by a column is not built anew each time."""


class CallTable(BoxLayout):  # type: ignore[misc]
    """The calls in one or two columns under their heads; how many rows there are follows from the picture's height."""

    u = NumericProperty(1)
    picture_height = NumericProperty(1080)
    upright = BooleanProperty(False)

    def __init__(self, **values: Any) -> None:
        super().__init__(orientation="horizontal", **values)
        self._built: dict[tuple[int, int, TypeSize], list[Column]] = {}

    def type_size(self, numbers: list[str], columns: int) -> TypeSize:
        """How large the calls are: the numbers by the picture's height alone, the counters by what width is left."""
        font = self.picture_height * look.DIGIT_SHARE / look.DIGIT_OF_FONT
        scales = look.COUNTER_SCALES_UPRIGHT if self.upright else look.COUNTER_SCALES_NARROW
        wide = columns == 1 and not self.upright
        sizes = [TypeSize(font, font * n, self.u, wide) for n in (look.COUNTER_SCALES_WIDE if wide else scales)]
        return next((size for size in sizes if self._fits(size, numbers, columns)), sizes[-1])

    def _fits(self, size: TypeSize, numbers: list[str], columns: int) -> bool:
        column = float(self.width - (columns - 1) * _COLUMN_GAP * self.u) / columns
        return size.widest(numbers) + size.plate + (PAD + 2 * INSET) * float(self.u) <= column

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
        found = self._arranged(columns, type_size)
        words_left, signs = type_size.widest(numbers), any(row.sign for row in wall.rows)
        for place, column in enumerate(found):
            here = wall.rows[place * self.rows() : (place + 1) * self.rows()]
            column.show(here, words_left, signs=signs)
        found[-1].head.page = wall.calls_page
        self.spacing = _COLUMN_GAP * self.u
        swap(self, *found)
        if columns == 1 and not self.upright:
            self._arranged(2, self.type_size(numbers, 2))  # before a call has to wait for it

    def _arranged(self, columns: int, type_size: TypeSize) -> "list[Column]":
        wanted = (columns, self.rows(), type_size)
        if wanted not in self._built:
            self._built[wanted] = [Column(type_size, self.rows()) for _ in range(columns)]
        while len(self._built) > _LAYOUTS:
            del self._built[next(iter(self._built))]
        return self._built[wanted]


class Column(BoxLayout):  # type: ignore[misc]
    """A head and the rows of calls below it."""

    def __init__(self, type_size: TypeSize, rows: int, **values: Any) -> None:
        u = type_size.u
        super().__init__(orientation="vertical", spacing=_GAP * u, **values)
        self.head = TableHead(u=u, size_hint_y=None, height=(_HEAD - _GAP) * u, plate=type_size.plate)
        self._rows = [CallRow(type_size, u=u) for _ in range(rows)]
        for part in (self.head, *self._rows):
            self.add_widget(part)

    def show(self, calls: list[Row], words_left: float, *, signs: bool) -> None:
        """Show these calls, the first on top."""
        for place, row in enumerate(self._rows):
            row.opacity = 1 if place < len(calls) else 0
            if place < len(calls):
                row.words_left, row.signs = words_left, signs
                row.show(calls[place])


class TableHead(FloatLayout):  # type: ignore[misc]
    """The heads over a column of calls: number, page, counter."""

    u = NumericProperty(1)
    plate = NumericProperty(100)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self._number = ColumnHead(pair=wording.both("number"), u=self.u, size_hint=(None, None))
        self._counter = ColumnHead(pair=wording.both("counter"), u=self.u, size_hint=(None, None))
        self._page = Words(full=36 * self.u, halign="center", size_hint=(None, None))
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
        right, left = self.x + self.width, self.x + PAD * self.u
        wide = self._counter.minimum_width
        counter_left = min(right - (INSET * self.u) - (self.plate + wide) / 2, right - wide)
        self._number.size, self._number.pos = (self._number.minimum_width, self.height), (left, self.y)
        self._counter.size, self._counter.pos = (wide, self.height), (counter_left, self.y)
        middle = (left + self._number.minimum_width + counter_left) / 2
        self._page.size, self._page.pos = (90 * self.u, self.height), (middle - 45 * self.u, self.y)
