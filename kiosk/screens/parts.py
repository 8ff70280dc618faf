"""The parts of the kiosk's screens that are only looked at."""

from pathlib import Path

from kivy.lang import Builder
from kivy.properties import BooleanProperty, ColorProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout
from kivy.uix.widget import Widget

import kiosk.screens.widgets  # noqa: F401 - registers the labels that parts.kv names
from config import theme


class Card(BoxLayout):  # type: ignore[misc]
    """A surface that is not to be touched."""

    ground = ColorProperty(theme.SURFACE)
    edge = ColorProperty(theme.LINE)


class Notice(BoxLayout):  # type: ignore[misc]
    """A warning across the screen; gone without text."""

    text = StringProperty("")


class Steps(BoxLayout):  # type: ignore[misc]
    """The three steps of a visit; gone where there are none."""

    facts = ObjectProperty((), rebind=True)


class Chosen(BoxLayout):  # type: ignore[misc]
    """What was chosen on the screens before; gone when nothing was."""

    view = ObjectProperty(None, allownone=True, rebind=True)


class Heading(BoxLayout):  # type: ignore[misc]
    """The question of a screen."""

    title = StringProperty("")
    text = StringProperty("")
    tall = BooleanProperty(False)


class ArrivalCard(Card):
    """The code for who took a place from home; gone without one."""

    arrival = ObjectProperty(("", ""), rebind=True)
    words = ObjectProperty(("", ""), rebind=True)


class PaperArrow(Widget):  # type: ignore[misc]
    """Points down to where the paper comes out."""


class ExclamationSign(Widget):  # type: ignore[misc]
    """A sign that something is wrong, readable without its colour."""


Builder.load_file(str(Path(__file__).with_name("parts.kv")))
