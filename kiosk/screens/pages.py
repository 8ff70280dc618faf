"""The screens themselves, one .kv each; every one draws the `view` it is given."""

from pathlib import Path
from typing import Any

from kivy.animation import Animation
from kivy.lang import Builder
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty

import kiosk.screens.cards
import kiosk.screens.details  # noqa: F401 - registers the parts that the .kv files name
from kiosk.paging import lines
from kiosk.screens.page import Page
from kiosk.screens.parts import Card
from kiosk.screens.searching import SearchPage
from kiosk.screens.widgets import TextButton
from kiosk.stages import Screen
from kiosk.view import View

TURN_SECONDS = 1.2
_PAPERS_LINES = 10.0
_LONG_NAME = 300


class IdlePage(Page):
    """Greets, says how busy the hall is, offers a number."""


class ChoicePage(Page):
    """Agencies or services as tiles."""


class ProceduresPage(Page):
    """Fields or procedures of a service, with the way to a number at once."""


class ProcedurePage(Page):
    """All that is known of a procedure; its name and papers take the room that they need."""

    name_height = NumericProperty(0)
    long_name = BooleanProperty(False)
    papers_share = NumericProperty(0.0)

    def on_view(self, _page: Any, view: View) -> None:
        """The height of the name (pixels of the reference), and the share of the papers' room that is filled."""
        letters = len(view.title)
        self.long_name = letters > _LONG_NAME
        self.name_height = min(60 * (letters // 36 + 1), max(180, 31 * (letters // 64 + 1) + 10))
        self.papers_share = min(sum(lines(paper) + 0.2 for paper in view.papers) / _PAPERS_LINES, 1.0)


class CodePage(Page):
    """Asks for a code before the scanner."""


class FoundPage(Page):
    """What the hall knows of a code."""


class HelperPage(Page):
    """Class, note and services for who takes numbers for others."""


class OfferPage(Page):
    """Says why no number is given, or that many wait; and what can be had nevertheless or instead."""

    offers = BooleanProperty(False)

    def on_view(self, _page: Any, view: View) -> None:
        """Whether there is anything to touch."""
        self.offers = view.means is not None or bool(view.others)


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


PAGES: dict[str, type[Page]] = {
    Screen.PURPOSE: ChoicePage,
    Screen.FIELD: ProceduresPage,
    Screen.PROCEDURES: ProceduresPage,
    Screen.PROCEDURE: ProcedurePage,
    Screen.SEARCH: SearchPage,
    Screen.NOTE: SearchPage,
    Screen.RECEIPT: CodePage,
    Screen.PERSON: CodePage,
    Screen.ASKING: IssuingPage,
    Screen.FOUND: FoundPage,
    Screen.STAY: OfferPage,
    Screen.HELPER: HelperPage,
}
"""The screens that the frame does not name, by what is shown there."""

for _name in (
    "idle",
    "choice",
    "procedure",
    "code",
    "found",
    "helper",
    "offer",
    "priority",
    "issuing",
    "result",
    "no_paper",
    "notice",
):
    Builder.load_file(str(Path(__file__).with_name(f"{_name}.kv")))
