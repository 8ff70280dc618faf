"""The screens themselves, one .kv each; every one draws the `view` it is given."""

from pathlib import Path
from typing import Any

from kivy.animation import Animation
from kivy.lang import Builder
from kivy.properties import NumericProperty, ObjectProperty
from kivy.uix.screenmanager import Screen as KivyScreen

from kiosk.screens.parts import Card
from kiosk.screens.widgets import TextButton
from kiosk.view import View

TURN_SECONDS = 1.2


class Page(KivyScreen):  # type: ignore[misc]
    """A screen; `view` is a `kiosk.view.View`, none before it was shown first."""

    view = ObjectProperty(None, allownone=True, rebind=True)


class IdlePage(Page):
    """Greets, says how busy the hall is, offers a number."""


class ChoicePage(Page):
    """Agencies or services as tiles."""


class OfferPage(Page):
    """Says why no number is given, when it will be, and offers a place instead."""


class PriorityPage(Page):
    """Asks for the priority class; no priority is the biggest button."""

    wanted = NumericProperty(0)

    def on_view(self, _page: Any, view: View) -> None:
        """The height of all buttons (pixels of the reference) where there is room for it."""
        self.wanted = 400 + (len(view.tiles) - 1) * 162


class IssuingPage(Page):
    """Says that the number is on its way."""

    angle = NumericProperty(0)
    _turning: Any = None

    def on_enter(self, *_: Any) -> None:
        """Turn the ring."""
        self._turning = Animation(angle=360, duration=TURN_SECONDS)
        self._turning.repeat = True
        self._turning.start(self)

    def on_leave(self, *_: Any) -> None:
        """Stop the ring."""
        if self._turning is not None:
            self._turning.cancel(self)
        self.angle = 0


class ResultPage(Page):
    """The number, what to expect, and where the paper is."""


class NumberCard(Card):
    """The number and what to expect."""

    view = ObjectProperty(None, allownone=True, rebind=True)


class DoneButton(TextButton):
    """Ends the visit."""


class NoPaperPage(Page):
    """The number without paper: its page's QR, to be photographed."""


class NoticePage(Page):
    """Says in words what is wrong: no connection, or a refusal."""


for _name in ("idle", "choice", "offer", "priority", "issuing", "result", "no_paper", "notice"):
    Builder.load_file(str(Path(__file__).with_name(f"{_name}.kv")))
