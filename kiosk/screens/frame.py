"""What surrounds every screen: header, back and home, pages, languages; and the choice of the screen to show."""

from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.lang import Builder
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.screenmanager import NoTransition, ScreenManager
from kivy.uix.widget import Widget

from config import theme
from kiosk.screens.widgets import TextButton
from kiosk.touches import Speak
from kiosk.view import View
from kiosk.visit import Screen

NO_PAPER = "no_paper"
"""The result of a ticket whose paper did not come."""


class LanguageButton(TextButton):
    """A language to go on in."""


class NavigationButton(TextButton):
    """Back, home, another page; gone without text, hidden while it leads nowhere."""

    usable = BooleanProperty(True)


class Countdown(Widget):  # type: ignore[misc]
    """How much of the time is left, 0 to 1."""

    share = NumericProperty(0.0)


class BottomRow(BoxLayout):  # type: ignore[misc]
    """Navigation above the languages; side by side, languages left, in a window that lies."""

    lying = BooleanProperty(False)

    def on_lying(self, _row: Any, lying: bool) -> None:
        """Turn with the window: the order on the screen is the reverse of `children`."""
        in_other_order = self.children[:]
        self.orientation = "horizontal" if lying else "vertical"
        self.clear_widgets()
        for child in in_other_order:
            self.add_widget(child)


class KioskFrame(BoxLayout):  # type: ignore[misc]
    """The whole window."""

    view = ObjectProperty(None, allownone=True, rebind=True)
    navigable = BooleanProperty(False)
    page_before = StringProperty("")
    page = StringProperty("")
    page_after = StringProperty("")

    def __init__(self, **values: Any) -> None:
        from kiosk.screens import pages

        super().__init__(**values)
        App.get_running_app().fbind("lying", self.ids.bottom.setter("lying"))
        self.ids.bottom.lying = App.get_running_app().lying
        manager: ScreenManager = self.ids.manager
        manager.transition = NoTransition()
        for screen, page in (
            (Screen.AWAY, pages.NoticePage),
            (Screen.SUSPENDED, pages.NoticePage),
            (Screen.IDLE, pages.IdlePage),
            (Screen.AGENCY, pages.ChoicePage),
            (Screen.SERVICE, pages.ChoicePage),
            (Screen.NO_NUMBER, pages.OfferPage),
            (Screen.PRIORITY, pages.PriorityPage),
            (Screen.ISSUING, pages.IssuingPage),
            (Screen.RESULT, pages.ResultPage),
            (Screen.PLACE, pages.ResultPage),
            (NO_PAPER, pages.NoPaperPage),
            (Screen.REFUSED, pages.NoticePage),
        ):
            manager.add_widget(page(name=str(screen)))

    def show(self, view: View) -> None:
        """Draw a view."""
        manager: ScreenManager = self.ids.manager
        name = NO_PAPER if view.code else view.screen.value
        manager.get_screen(name).view = view
        manager.current = name
        self._show_languages(view)
        self.navigable = bool(view.frame.home)
        self.page_before, self.page, self.page_after = view.frame.pages
        self.view = view

    def _show_languages(self, view: View) -> None:
        row = self.ids.languages
        if len(row.children) != len(view.frame.languages):
            row.clear_widgets()
            for code, name in view.frame.languages:
                row.add_widget(LanguageButton(means=Speak(code), text=name))
        for button in row.children:
            spoken = button.means == Speak(view.frame.language)
            button.ground = theme.ON_DEEP if spoken else theme.DEEP
            button.ink = theme.DEEP if spoken else theme.ON_DEEP


Builder.load_file(str(Path(__file__).with_name("frame.kv")))
