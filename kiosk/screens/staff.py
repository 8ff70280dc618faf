"""The staff's corner in the kiosk's window: hears the knock, and covers the citizen's screen while staff are there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.core.window import Window
from kivy.lang import Builder
from kivy.lang.parser import global_idmap
from kivy.properties import (
    BooleanProperty,
    ColorProperty,
    ListProperty,
    NumericProperty,
    ObjectProperty,
    StringProperty,
)
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.gridlayout import GridLayout

from config import theme
from kiosk.screens.look import Look, let_files_say
from kiosk.screens.widgets import Touchable
from kiosk.staff import StaffPage
from kiosk.staff_touches import Enter, EraseDigit, Leave, PressDigit
from kiosk.staff_view import StaffButton, StaffField, StaffView
from kiosk.staff_work import StaffWork

TURN_SECONDS = 0.25
_KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9")


class StaffWindow:
    """Brings the window's fingers to the corner and draws it over everything; `start` when the window is there."""

    def __init__(self, work: StaffWork) -> None:
        self._work = work
        self._cover: StaffCover | None = None
        self._turning: Any = None

    def start(self) -> None:
        """Listen for the knock."""
        Window.bind(on_touch_down=self._down, on_touch_up=self._up)
        self._turning = Clock.schedule_interval(self._turn, TURN_SECONDS)

    def stop(self) -> None:
        """Let go of the window."""
        Window.unbind(on_touch_down=self._down, on_touch_up=self._up)
        if self._turning is not None:
            self._turning.cancel()
        self._uncover()

    @property
    def cover(self) -> "StaffCover | None":
        """What is drawn over the citizen's screen; none: nothing."""
        return self._cover

    def _down(self, _window: Any, touch: Any) -> None:
        unit = theme.unit(*Window.size)
        self._work.finger_down((Window.width - touch.x) / unit, (Window.height - touch.y) / unit)
        self._draw()

    def _up(self, _window: Any, _touch: Any) -> None:
        self._work.finger_up()
        self._draw()

    def _felt(self, means: Any) -> None:
        self._work.touch(means)
        self._draw()

    def _turn(self, _seconds: float) -> None:
        self._work.tick()
        self._draw()

    def _draw(self) -> None:
        view = self._work.view()
        if view is None:
            self._uncover()
            return
        if self._cover is None:
            with plain_look():
                self._cover = StaffCover(self._felt)
        if not Window.children or Window.children[0] is not self._cover:  # a new frame came over it
            Window.remove_widget(self._cover)
            Window.add_widget(self._cover)
        with plain_look():
            self._cover.show(view)

    def _uncover(self) -> None:
        if self._cover is not None:
            Window.remove_widget(self._cover)
            self._cover = None


@contextmanager
def plain_look() -> Iterator[None]:
    """Staff see the usual colours and sizes, whatever the citizen before them chose."""
    before = global_idmap.get("theme")
    let_files_say(Look())
    try:
        yield
    finally:
        let_files_say(before)


class StaffCover(BoxLayout):  # type: ignore[misc]
    """A page of the corner over the whole window; no finger gets through to what lies below."""

    view = ObjectProperty(None, allownone=True, rebind=True)

    def __init__(self, felt: Any, **values: Any) -> None:
        self._felt = felt
        self._pages: dict[StaffPage, Any] = {}
        super().__init__(**values)

    def show(self, view: StaffView) -> None:
        """Draw a view."""
        page = self._pages.get(view.page)
        if page is None:
            page = self._pages[view.page] = _PAGES[view.page]()
        page.view = self.view = view
        if page.parent is None:
            self.ids.body.clear_widgets()
            self.ids.body.add_widget(page)

    def feel(self, means: Any) -> None:
        """A finger touched one of the tiles."""
        self._felt(means)

    def on_touch_down(self, touch: Any) -> bool:
        """Keep every finger."""
        super().on_touch_down(touch)
        return True

    def on_touch_move(self, touch: Any) -> bool:
        """Keep every finger."""
        super().on_touch_move(touch)
        return True


class StaffTile(Touchable):
    """A text to touch, perhaps with a second line; dull where it can't be touched."""

    text = StringProperty("")
    more = StringProperty("")
    usable = BooleanProperty(True)
    chosen = BooleanProperty(False)
    last = BooleanProperty(False)
    ink = ColorProperty(theme.INK)
    largest = NumericProperty(theme.TEXT_LARGE)

    def on_release(self) -> None:
        """Hand the touch to the cover that it lies in."""
        means, _ = self._felt
        above = self.parent
        while above is not None and not isinstance(above, StaffCover) and above is not above.parent:
            above = above.parent
        if means is not None and isinstance(above, StaffCover):
            above.feel(means)


class StaffGrid(GridLayout):  # type: ignore[misc]
    """Buttons in rows; keeps its tiles as long as their number stays, so that a finger's tile does not vanish."""

    buttons = ListProperty([])

    def on_buttons(self, _grid: Any, buttons: list[StaffButton]) -> None:
        """Show other buttons."""
        if len(buttons) != len(self.children):
            self.clear_widgets()
            for _ in buttons:
                self.add_widget(StaffTile())
        for tile, button in zip(reversed(self.children), buttons, strict=True):
            tile.means, tile.text, tile.more = button.touch, button.text, button.more
            tile.usable, tile.chosen, tile.last = button.usable, button.chosen, button.last


class StaffFacts(BoxLayout):  # type: ignore[misc]
    """Names and values, one under the other."""

    facts = ListProperty([])

    def on_facts(self, _box: Any, facts: list[tuple[str, str]]) -> None:
        """Show other facts."""
        if len(facts) != len(self.children):
            self.clear_widgets()
            for _ in facts:
                self.add_widget(StaffFact())
        for row, (name, value) in zip(reversed(self.children), facts, strict=True):
            row.name, row.value = name, value


class StaffFact(BoxLayout):  # type: ignore[misc]
    """A name and its value."""

    name = StringProperty("")
    value = StringProperty("")


class StaffEntry(Touchable):
    """A field that is typed into."""

    entry = ObjectProperty(StaffField(None, "", "", False), rebind=True)  # type: ignore[arg-type]
    on_release = StaffTile.on_release


class StaffEntries(BoxLayout):  # type: ignore[misc]
    """The fields of the PIN pad, one under the other."""

    fields = ListProperty([])

    def on_fields(self, _box: Any, fields: list[StaffField]) -> None:
        """Show other fields."""
        if len(fields) != len(self.children):
            self.clear_widgets()
            for _ in fields:
                self.add_widget(StaffEntry())
        for row, found in zip(reversed(self.children), fields, strict=True):
            row.entry, row.means = found, found.touch


class StaffNote(BoxLayout):  # type: ignore[misc]
    """What became of the last touch; gone without words."""

    text = StringProperty("")
    bad = BooleanProperty(False)


class StaffPad(GridLayout):  # type: ignore[misc]
    """Digits, erase and enter."""

    view = ObjectProperty(None, allownone=True, rebind=True)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        for digit in _KEYS:
            self.add_widget(StaffTile(means=PressDigit(digit), text=digit, largest=theme.TITLE))
        self._erase = StaffTile(means=EraseDigit())
        self._enter = StaffTile(means=Enter())
        for tile in (self._erase, StaffTile(means=PressDigit("0"), text="0", largest=theme.TITLE), self._enter):
            self.add_widget(tile)

    def on_view(self, _pad: Any, view: StaffView | None) -> None:
        """Say what enter does now."""
        if view is not None:
            self._erase.text, self._enter.text = view.erase, view.enter
            self._enter.usable = self._enter.chosen = view.can_enter


class StaffBody(BoxLayout):  # type: ignore[misc]
    """One page of the corner; `view` is none before it was shown first."""

    view = ObjectProperty(None, allownone=True, rebind=True)


class DoorBody(StaffBody):
    """What the PIN is for, number and PIN, and the pad."""


class MenuBody(StaffBody):
    """How the kiosk is, and what can be done."""


class PapersBody(StaffBody):
    """The last tickets."""


class ConfirmBody(StaffBody):
    """A question before the program ends."""


class LeaveTile(StaffTile):
    """Out of the corner."""

    means = ObjectProperty(Leave(), allownone=True)


_PAGES: dict[StaffPage, type[StaffBody]] = {
    StaffPage.DOOR: DoorBody,
    StaffPage.MENU: MenuBody,
    StaffPage.PAPERS: PapersBody,
    StaffPage.CONFIRM: ConfirmBody,
}

Builder.load_file(str(Path(__file__).with_name("staff.kv")))
