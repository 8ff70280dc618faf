"""The satisfaction board: today's share in a ring, services and counters as bars, the past days as columns."""

from pathlib import Path
from typing import Any

from kivy.graphics import Color, Line, Mesh
from kivy.lang import Builder
from kivy.properties import BooleanProperty, ListProperty, NumericProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

from config import theme
from config.theme import colour
from display.board import Board
from display.names import said
from display.satisfaction import DayBar, Group, SatisfactionBoard, Today, compose_satisfaction
from display.screens.kind import Kind
from display.screens.parts import Panel, Part
from display.screens.shapes import star

Builder.load_file(str(Path(__file__).with_suffix(".kv")), rulesonly=True)

TRACK = colour("#1f4684")
"""What a ring or bar is filled from; never text."""
GROUP_ROW, GROUP_ROW_UPRIGHT = 96, 124
"""Height of a service or counter in pixels of the reference."""
_DAY = 104
_TODAY_SHARE, _TODAY_SHARE_UPRIGHT = 0.36, 0.4
_GROUPS_SHARE = 0.62
_STARS = 5


class Ring(Widget):  # type: ignore[misc]
    """A ring that is filled clockwise from the top; `part` from 0 to 1."""

    part = NumericProperty(0)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.bind(pos=self._draw, size=self._draw, part=self._draw)

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        breadth = min(self.width, self.height) * 0.045
        radius = min(self.width, self.height) / 2 - breadth * 1.2
        if radius < 1:
            return
        middle = self.x + self.width / 2, self.y + self.height / 2
        with self.canvas:
            Color(*TRACK)
            Line(circle=(*middle, radius, 0, 360, 180), width=breadth)
            Color(*theme.ACCENT)
            if self.part > 0:
                Line(circle=(*middle, radius, 0, 360 * self.part, 180), width=breadth)


class Stars(Widget):  # type: ignore[misc]
    """Five stars in a row."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.bind(pos=self._draw, size=self._draw)

    def _draw(self, *_: object) -> None:
        self.canvas.clear()
        step = min(self.height * 1.2, self.width / _STARS)
        left = self.x + self.width / 2 - step * (_STARS - 1) / 2
        with self.canvas:
            Color(*theme.ACCENT)
            for place in range(_STARS):
                points, indices = star(left + place * step, self.y + self.height / 2, step * 0.46)
                Mesh(vertices=points, indices=indices, mode="triangle_fan")


class TodayPanel(Panel):
    """The whole hall today."""

    part = NumericProperty(0)
    share = StringProperty("")
    ratings = StringProperty("")
    response = StringProperty("")

    def show(self, today: Today) -> None:
        """Show the share, or that there are too few ratings."""
        self.part, self.share = today.part or 0, today.share
        self.ratings, self.response = today.ratings, today.response


class GroupRow(Part):
    """A service or a counter."""

    name = StringProperty("")
    part = NumericProperty(0)
    share = StringProperty("")
    ratings = StringProperty("")
    track = ListProperty(TRACK)

    def show(self, group: Group) -> None:
        """Show a group."""
        self.name, self.part, self.share, self.ratings = group.name, group.part, group.share, group.ratings


class GroupsPanel(Panel):
    """Services or counters, a page at a time."""

    head = ListProperty(["", ""])
    page = StringProperty("")
    empty = BooleanProperty(True)

    def places(self) -> int:
        """How many groups one page holds."""
        return max(1, int(self.ids.place.height / self._row()))

    def _row(self) -> float:
        return float(self.u) * (GROUP_ROW_UPRIGHT if self.upright else GROUP_ROW)

    def show(self, wanted: SatisfactionBoard) -> None:
        """Show a page of groups."""
        self.head, self.page, self.empty = list(wanted.head), wanted.page, not wanted.groups
        _fill(self.ids.rows, wanted.groups, lambda: GroupRow(size_hint_y=None))
        for row, group in zip(reversed(self.ids.rows.children), wanted.groups, strict=True):
            row.u, row.upright, row.height = self.u, self.upright, self._row()
            row.show(group)


class DayColumn(Part):
    """A past day."""

    day = StringProperty("")
    part = NumericProperty(0)
    share = StringProperty("")
    track = ListProperty(TRACK)

    def show(self, bar: DayBar) -> None:
        """Show a day."""
        self.day, self.part, self.share = bar.day, bar.part, bar.share


class DaysPanel(Panel):
    """The past days, oldest first."""

    empty = BooleanProperty(True)

    def places(self) -> int:
        """How many days fit."""
        return max(1, int(self.ids.days.width / (_DAY * self.u)))

    def show(self, days: list[DayBar]) -> None:
        """Show the days."""
        self.empty = not days
        _fill(self.ids.days, days, DayColumn)
        for column, bar in zip(reversed(self.ids.days.children), days, strict=True):
            column.u = self.u
            column.show(bar)


def _fill(box: Any, wanted: list[Any], make: Any) -> None:
    """Give a box as many children as are wanted."""
    while len(box.children) < len(wanted):
        box.add_widget(make())
    while len(box.children) > len(wanted):
        box.remove_widget(box.children[0])


class SatisfactionScreen(Kind):
    """Shows how satisfied citizens are."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.today, self.groups, self.days = TodayPanel(), GroupsPanel(head=said("by_service")), DaysPanel()
        self.side = BoxLayout(orientation="vertical")
        self.side.add_widget(self.groups)
        self.side.add_widget(self.days)
        self.add_widget(self.today)
        self.add_widget(self.side)
        for watched in ("size", "u", "upright"):
            self.fbind(watched, self._measure)
        self._measure()

    def _measure(self, *_: object) -> None:
        u, upright = self.u, self.upright
        for part in (self.today, self.groups, self.days):
            part.u, part.upright = u, upright
        self.orientation = "vertical" if upright else "horizontal"
        self.spacing = self.side.spacing = (theme.GAP if upright else theme.SPACE) * u
        share = _TODAY_SHARE_UPRIGHT if upright else _TODAY_SHARE
        self.today.size_hint = (1, share) if upright else (share, 1)
        self.side.size_hint = (1, 1 - share) if upright else (1 - share, 1)
        self.groups.size_hint_y, self.days.size_hint_y = _GROUPS_SHARE, 1 - _GROUPS_SHARE

    def show(self, board: Board, now: float) -> None:
        """Show today, the groups and the past days."""
        found = compose_satisfaction(board, self.groups.places(), self.days.places(), now)
        self.today.show(found.today)
        self.groups.show(found)
        self.days.show(found.days)
