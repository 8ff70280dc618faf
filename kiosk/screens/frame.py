"""What surrounds every screen: header, back and home, pages, languages, switches; and the choice of the screen."""

from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.lang import Builder
from kivy.properties import BooleanProperty, ListProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.screenmanager import NoTransition, ScreenManager
from kivy.uix.widget import Widget

from kiosk.access import AccessTouch, Switch
from kiosk.screens.cards import NameList
from kiosk.screens.fitting import least_height, settle, top_of_touches, touchables
from kiosk.screens.look import Look, let_files_say
from kiosk.screens.widgets import FitLabel, TextButton, TileGrid, Touchable
from kiosk.touches import Speak, Touch
from kiosk.view import View
from kiosk.visit import Screen

NO_PAPER = "no_paper"
"""The result of a ticket whose paper did not come."""
FEW_LANGUAGES = 3
"""So many fit beside the switches of an upright screen."""
_TRIES = 8
_LEAST_ZOOM = 0.8
_SMALL = 0.75
"""Who reaches no higher is helped more by what lies low than by its size."""
_BUILDING_SECONDS = 0.15


class LanguageButton(TextButton):
    """A language to go on in."""


class SwitchButton(Touchable):
    """A switch of the bar, or one of the three keys: its picture above its words."""

    switch = ObjectProperty(Switch(None, "", ""), rebind=True)  # type: ignore[arg-type]


class NavigationButton(TextButton):
    """Back, home, another page; gone without text, hidden while it leads nowhere."""

    usable = BooleanProperty(True)


class Countdown(Widget):  # type: ignore[misc]
    """How much of the time is left, 0 to 1."""

    share = NumericProperty(0.0)


class BottomRow(BoxLayout):  # type: ignore[misc]
    """Navigation above languages and switches; side by side, languages left, in a window that lies."""

    lying = BooleanProperty(False)

    def on_lying(self, _row: Any, lying: bool) -> None:
        """Turn with the window: the order on the screen is the reverse of `children`."""
        in_other_order = self.children[:]
        self.orientation = "horizontal" if lying else "vertical"
        self.clear_widgets()
        for child in in_other_order:
            self.add_widget(child)


class SwitchRow(BoxLayout):  # type: ignore[misc]
    """Switches side by side; keeps its buttons as long as their number stays, so that a finger's does not vanish."""

    switches = ListProperty([])

    def on_switches(self, _row: Any, switches: list[Switch]) -> None:
        """Show other switches."""
        if len(switches) != len(self.children):
            self.clear_widgets()
            for _ in switches:
                self.add_widget(SwitchButton())
        for button, switch in zip(reversed(self.children), switches, strict=True):
            button.switch = switch


class Pages(ScreenManager):  # type: ignore[misc]
    """The pages of all screens; each is built when it is shown first, or when there is time."""

    def __init__(self, **values: Any) -> None:
        from kiosk.screens import pages

        self._kinds: dict[str, Any] = {**_pages_of(pages), **{str(name): kind for name, kind in pages.PAGES.items()}}
        super().__init__(transition=NoTransition(), **values)

    def has_screen(self, name: str) -> bool:
        """Whether there is a page for a screen."""
        return name in self._kinds

    def get_screen(self, name: str) -> Any:
        """The page of a screen."""
        self.build(name)
        return super().get_screen(name)

    def build(self, name: str) -> None:
        """Build a page, if it was not built yet."""
        if name not in self.screen_names:
            self.add_widget(self._kinds[name](name=name))

    def build_another(self) -> bool:
        """Build one that was not built yet; whether there was one."""
        missing = next((name for name in self._kinds if name not in self.screen_names), None)
        if missing is not None:
            self.build(missing)
        return missing is not None


class KioskFrame(BoxLayout):  # type: ignore[misc]
    """The whole window in one look; another look is another frame."""

    view = ObjectProperty(None, allownone=True, rebind=True)
    navigable = BooleanProperty(False)
    listening = BooleanProperty(False)
    many_languages = BooleanProperty(False)
    setting_rows = NumericProperty(1)
    page_before = StringProperty("")
    page = StringProperty("")
    page_after = StringProperty("")
    trouble = StringProperty("")
    """What is wrong with the voice, for who wants to listen."""
    lowered = NumericProperty(0.0)
    """How far (pixels) the screen's page was brought down."""

    def __init__(self, look: Look, *, low: bool = False, **values: Any) -> None:
        # their .kv files make `theme` the plain one again
        import kiosk.screens.pages  # noqa: F401

        let_files_say(look)
        super().__init__(**values)
        self._look, self._low = look, low
        self._fitted: Any = None
        self._noticed = ""
        self._rings = False
        self._building = Clock.schedule_interval(self._build_another, _BUILDING_SECONDS)

    def _build_another(self, _seconds: float) -> bool:
        """Build the pages that nobody has seen yet, one at a time, so that the first to see them need not wait."""
        let_files_say(self._look)
        return bool(self.ids.manager.build_another())

    # ---- drawing ----

    def show(self, view: View, switches: tuple[Switch, ...] = (), keys: tuple[Switch, ...] = ()) -> None:
        """Draw a view, the switches under it, and the three keys for who listens."""
        manager: Pages = self.ids.manager
        name = NO_PAPER if view.code else view.screen.value
        page = manager.get_screen(name)
        page.view = view
        if manager.current != name:
            manager.current = name
            self._catch_up(page)
        self._show_languages(view)
        self.ids.switches.switches, self.ids.three.switches = switches, keys
        self.listening = bool(keys)
        self.navigable = bool(view.frame.home) and not self.listening
        self.page_before, self.page, self.page_after = view.frame.pages
        self.view = view
        self._fit(page, view)

    def close(self) -> None:
        """Let what moves on the page shown come to rest, and build no more."""
        self._building.cancel()
        self.ids.manager.current_screen.dispatch("on_leave")

    def focus(self, touch: Touch | AccessTouch | None) -> None:
        """Draw a ring around what means this touch, and around nothing else."""
        if touch is None and not self._rings:
            return
        self._rings = touch is not None
        found = next((widget for widget in touchables(self) if touch is not None and widget.means == touch), None)
        for widget in self.walk():
            if isinstance(widget, Touchable):
                widget.focused = widget is found

    def _catch_up(self, page: Any) -> None:
        for widget in page.walk():
            if isinstance(widget, FitLabel):
                widget.catch_up()

    def _show_languages(self, view: View) -> None:
        row, look = self.ids.languages, self._look
        self.many_languages = len(view.frame.languages) > FEW_LANGUAGES
        if len(row.children) != len(view.frame.languages):
            row.clear_widgets()
            for code, name in view.frame.languages:
                row.add_widget(LanguageButton(means=Speak(code), text=name))
        for button in row.children:
            spoken = button.means == Speak(view.frame.language)
            button.ground = look.ON_DEEP if spoken else look.DEEP
            button.ink = look.DEEP if spoken else look.ON_DEEP

    # ---- larger text, lower reach ----

    def _fit(self, page: Any, view: View) -> None:
        """Larger text only as far as the page has room; lower only as far as all is in the lower half."""
        shown = (page, view.page, [tile.name for tile in view.tiles], view.title, self.size[:])
        if shown != self._fitted:
            self._fitted, self.lowered = shown, 0.0
            App.get_running_app().zoom = self._look.ZOOM
        elif view.notice == self._noticed:
            return
        self._noticed = view.notice
        if self._low and self.height > self.width:
            self._lower(page)
        self._make_room(page)

    def _make_room(self, page: Any) -> None:
        app = App.get_running_app()
        for _ in range(_TRIES):
            self._settle(page)
            needed = self._needed(page, text=_SMALL if self._low else 1.0)
            if needed <= page.height + 1 or app.zoom <= _LEAST_ZOOM:
                return
            app.zoom = max(app.zoom * min(page.height / needed, 0.98), _LEAST_ZOOM)

    def _needed(self, page: Any, text: float = 1.0) -> float:
        unit = App.get_running_app().bar_unit
        return max((least_height(child, unit, text) for child in page.children), default=0.0)

    def _settle(self, page: Any) -> None:
        """Lay everything out; a page that shows only now still lies where it was built."""
        settle(self)
        manager = self.ids.manager
        page.pos, page.size = manager.pos, manager.size
        settle(page)

    def _lower(self, page: Any) -> None:
        for widget in page.walk():
            if isinstance(widget, TileGrid):
                widget.size_hint_y = 1
            elif isinstance(widget, NameList):
                widget.lying = True
        for _ in range(_TRIES):
            self._settle(page)
            excess = top_of_touches(page) - self.height / 2
            if excess < 1:
                break
            self.lowered += excess
        self._settle(page)
        # what finds no room below, even with small text, stays where it can be read
        lacking = self._needed(page, text=_SMALL) - page.height
        self.lowered = max(self.lowered - max(lacking, 0.0), 0.0)


def _pages_of(pages: Any) -> dict[str, Any]:
    """The pages of the screens that `pages.PAGES` does not name."""
    return {
        Screen.AWAY.value: pages.NoticePage,
        Screen.SUSPENDED.value: pages.NoticePage,
        Screen.IDLE.value: pages.IdlePage,
        Screen.AGENCY.value: pages.ChoicePage,
        Screen.SERVICE.value: pages.ChoicePage,
        Screen.NO_NUMBER.value: pages.OfferPage,
        Screen.PRIORITY.value: pages.PriorityPage,
        Screen.ISSUING.value: pages.IssuingPage,
        Screen.RESULT.value: pages.ResultPage,
        Screen.PLACE.value: pages.ResultPage,
        NO_PAPER: pages.NoPaperPage,
        Screen.REFUSED.value: pages.NoticePage,
    }


Builder.load_file(str(Path(__file__).with_name("frame.kv")))
