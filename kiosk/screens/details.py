"""The parts of the pages of a procedure, a code and of who helps."""

from typing import Any

from kivy.properties import ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout
from kivy.uix.widget import Widget

from kiosk.paging import lines
from kiosk.screens.widgets import FactRow, TileGrid, Touchable
from kiosk.tiles import Tile


class PaperLine(BoxLayout):  # type: ignore[misc]
    """A paper to bring."""

    text = StringProperty("")


class PaperList(BoxLayout):  # type: ignore[misc]
    """The papers to bring, each as high as its name needs."""

    papers = ObjectProperty(())

    def on_papers(self, *_: Any) -> None:
        """Show other papers."""
        self.clear_widgets()
        for paper in self.papers:
            self.add_widget(PaperLine(text=paper, size_hint_y=lines(paper) + 0.2))


class SmallFact(BoxLayout):  # type: ignore[misc]
    """A name and its value, in one row."""

    name = StringProperty("")
    value = StringProperty("")


class ProcedureFacts(GridLayout):  # type: ignore[misc]
    """What is known of a procedure."""

    facts = ObjectProperty(())

    def on_facts(self, *_: Any) -> None:
        """Show other facts."""
        self.clear_widgets()
        for name, value in self.facts:
            self.add_widget(SmallFact(name=name, value=value))


class FoundFacts(BoxLayout):  # type: ignore[misc]
    """What is known of a ticket or a dossier."""

    facts = ObjectProperty(())

    def on_facts(self, *_: Any) -> None:
        """Show other facts."""
        self.clear_widgets()
        for name, value in self.facts:
            self.add_widget(FactRow(name=name, value=value))


class ScanSign(Widget):  # type: ignore[misc]
    """A paper under the light of a scanner."""


class ChipCard(Touchable):
    """A class that may be the one for the next number."""

    tile = ObjectProperty(Tile(None, ""), rebind=True)  # type: ignore[arg-type]


class ChipGrid(TileGrid):
    """Classes of which one is chosen."""

    card = ChipCard
