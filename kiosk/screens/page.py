"""What every screen of the kiosk is to Kivy."""

from typing import Any

from kivy.app import App
from kivy.properties import BooleanProperty, ObjectProperty
from kivy.uix.screenmanager import Screen as KivyScreen


class Page(KivyScreen):  # type: ignore[misc]
    """A screen; `view` is a `kiosk.view.View`, none before it was shown first."""

    view = ObjectProperty(None, allownone=True, rebind=True)
    low = BooleanProperty(False)
    """Whether all that can be touched lies in the lower half."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.fbind("view", self._take_reach)

    def _take_reach(self, *_: Any) -> None:
        self.low = App.get_running_app().flow.low
