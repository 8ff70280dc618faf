"""What every screen of the kiosk is to Kivy."""

from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.properties import BooleanProperty, ObjectProperty
from kivy.uix.screenmanager import Screen as KivyScreen


class Page(KivyScreen):  # type: ignore[misc]
    """A screen; `view` is a `kiosk.view.View`, none before it was shown first."""

    view = ObjectProperty(None, allownone=True, rebind=True)
    low = BooleanProperty(False)
    """Whether all that can be touched lies in the lower half."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.fbind("view", self._tell_reach)

    def _tell_reach(self, *_: Any) -> None:
        """Let the flow know how much room there is, and have the page drawn anew if it did not know."""
        app = App.get_running_app()
        self.low = app.access.low and not app.lying
        if app.flow.low is not self.low:
            app.flow.low = self.low
            Clock.schedule_once(lambda _seconds: app.session.tick(), 0)
