"""What stands beside the calls of the main board: waiting people, satisfaction."""

from pathlib import Path

from kivy.lang import Builder
from kivy.properties import BooleanProperty, StringProperty

from display.screens.parts import Panel, Part
from display.wall import Waiting, Wall

Builder.load_file(str(Path(__file__).with_suffix(".kv")), rulesonly=True)

SERVICE_ROW = 96
"""Height of a waiting service in pixels of the reference."""


class WaitingRow(Part):
    """A service, its waiting range and how many wait for it."""

    service = StringProperty("")
    span = StringProperty("")
    count = StringProperty("")


class WaitingPanel(Panel):
    """The services somebody waits for, a page at a time."""

    page = StringProperty("")
    empty = BooleanProperty(True)

    def places(self) -> int:
        """How many services one page holds."""
        return max(1, int(self.ids.place.height / (SERVICE_ROW * self.u)))

    def show(self, wall: Wall) -> None:
        """Show a page of services."""
        box = self.ids.services
        places = max(self.places(), len(wall.waiting))
        while len(box.children) < places:
            box.add_widget(WaitingRow(u=self.u))
        while len(box.children) > places:
            box.remove_widget(box.children[0])
        rows = list(reversed(box.children))
        for index, row in enumerate(rows):
            _fill(row, self.u, wall.waiting[index] if index < len(wall.waiting) else None)
        self.page, self.empty = wall.waiting_page, not wall.waiting


def _fill(row: WaitingRow, u: float, waiting: Waiting | None) -> None:
    row.u = u
    row.opacity = 1 if waiting else 0
    if waiting:
        row.service, row.span, row.count = waiting.service, waiting.span, waiting.count


class SatisfactionPanel(Panel):
    """The share of satisfied citizens today and of how many ratings."""

    share = StringProperty("")
    ratings = StringProperty("")

    def show(self, wall: Wall) -> None:
        """Show share and number."""
        self.share, self.ratings = wall.share, wall.ratings
