"""What every screen of the kiosk is to Kivy."""

from kivy.properties import ObjectProperty
from kivy.uix.screenmanager import Screen as KivyScreen


class Page(KivyScreen):  # type: ignore[misc]
    """A screen; `view` is a `kiosk.view.View`, none before it was shown first."""

    view = ObjectProperty(None, allownone=True, rebind=True)
