"""A kiosk in the window of the tests, with a client and a printer that do what the test says."""

import time
from collections.abc import Callable
from typing import Any

from config import theme
from kiosk.access import AccessTouch
from kiosk.flow import Flow
from kiosk.hall_now import HallNow
from kiosk.session import Job, Session
from kiosk.stages import Screen
from kiosk.touches import Begin, ChooseAgency, ChooseClass, ChooseService, Touch, TypeLetter
from protocol.replies import HallReply, Reply, Snapshot
from protocol.views import ProcedureInfo
from tests.kiosk.halls import Client, Printer, cao_bang, doors, pulse, snapshot
from tests.screens.driver import Driver, clipped, outgrown, texts, walk

SMALL = (540, 960)
"""Where only the behaviour counts: a quarter of the pixels, the same layout."""
SMALL_LYING = (960, 540)
KEY = 20 / 262 * theme.REFERENCE_PIXELS
"""20 mm in pixels of the reference, on a screen of 21 inch."""


class Kiosk:
    """A kiosk in the window; it has the procedures that it is given."""

    def __init__(
        self,
        driver: Driver,
        size: tuple[int, int] = SMALL,
        hall: HallReply | None = None,
        procedures: tuple[ProcedureInfo, ...] = (),
        **values: Any,
    ) -> None:
        from kiosk.app import KioskApp

        self.driver = driver
        self.client = Client(hall or cao_bang())
        self.printer = values.pop("printer", None) or Printer()
        self._procedures = procedures
        self.app = KioskApp(self._session, **values)
        driver.start(self.app, size)

    def _session(self, post: Callable[[Job], None], changed: Job) -> Session:
        return Session(Flow(HallNow(), settle_seconds=0), self.printer, post, changed)

    @property
    def flow(self) -> Flow:
        return self.app.flow

    def connect(self) -> "Kiosk":
        """Hear of the hall."""
        self.app.session.connect(self.client)
        self.app.session.on_snapshot(snapshot(self.client.hall))
        self.app.session.on_pulse(pulse(self.client.hall))
        self.until(Screen.IDLE)
        self.flow.hall.take_procedures(self._procedures)
        return self.redraw()

    def hear(self, told: Snapshot | None = None, **issuing: Any) -> "Kiosk":
        """Hear of doors that are not open, and of the settings again."""
        self.app.session.on_snapshot(told or doors(self.client.hall, **issuing))
        self.driver.frames(5)
        return self

    def redraw(self) -> "Kiosk":
        self.app.session.tick()
        self.driver.frames(2)
        return self

    def until(self, screen: Screen) -> "Kiosk":
        self.driver.until(lambda: self.flow.screen is screen)
        self.driver.frames(3)
        return self

    def shown(self, touch: Touch) -> list[Any]:
        """The widgets that mean this touch and can be touched."""
        found = [widget for widget in walk(self.app.root) if getattr(widget, "means", None) == touch]
        return [widget for widget in found if not widget.disabled]

    def tap(self, *touches: Touch) -> "Kiosk":
        for touch in touches:
            shown = self.shown(touch)
            assert shown, f"{touch} cannot be touched on {self.flow.screen}: {self.texts()}"
            self.driver.tap(shown[0])
        return self

    def go(self, *touches: Touch) -> "Kiosk":
        """Touch what is shown and can be touched, without the frames in which a finger moves."""
        for touch in touches:
            assert self.shown(touch), f"{touch} cannot be touched on {self.flow.screen}: {self.texts()}"
            self.app.session.touch(touch)
            self.driver.frames(1)
        self.driver.frames(1)
        return self

    def type(self, letters: str) -> "Kiosk":
        """Type as fast as no finger could."""
        assert all(self.shown(TypeLetter(letter)) for letter in set(letters))
        for letter in letters:
            self.app.session.touch(TypeLetter(letter))
        self.driver.frames(2)
        return self

    def scan(self, touch: Touch) -> "Kiosk":
        """Let a scanner read something."""
        self.app.session.touch(touch)
        return self.redraw()

    def wish(self, *touches: AccessTouch) -> "Kiosk":
        """Touch the switches under the page."""
        for touch in touches:
            self.app.finger(touch, "request-of-a-switch")
        self.driver.frames(4)
        return self

    def reply(self, reply: Reply) -> "Kiosk":
        """Answer the question that was asked last."""
        query = self.flow.visit.query
        assert query is not None
        self.flow.answered(query.request_id, reply, self.now())
        return self.redraw()

    def refuse(self, code: str, **facts: Any) -> "Kiosk":
        """Refuse the question or number that was asked for last."""
        asked = self.flow.visit.query or self.flow.visit.issue
        assert asked is not None
        self.flow.refused(asked.request_id, code, facts, self.now())
        return self.redraw()

    def now(self) -> float:
        return time.monotonic()

    def tap_to_issuing(self, class_id: str = "ordinary") -> "Kiosk":
        """Tap from the first screen until a number is asked for; the agency is on the second page."""
        self.tap(Begin())
        self.driver.tap(self.app.root.ids.page_after)
        return self.tap(ChooseAgency("agency-15"), ChooseService("service-15-0"), ChooseClass(class_id))

    def texts(self) -> list[str]:
        return texts(self.app.root)

    def faults(self) -> list[str]:
        """All that does not fit on the screen shown."""
        return clipped(self.app.root) + outgrown(self.app.root) + self._too_small()

    def _too_small(self) -> list[str]:
        """What can be touched but is smaller than 20 mm on a 21 inch screen."""
        least = KEY * getattr(self.app, "bar_unit", self.app.unit) - 0.5
        touchable = [w for w in walk(self.app.root) if getattr(w, "means", None) is not None and not w.disabled]
        return [f"{w.means} {w.width:.0f}x{w.height:.0f}" for w in touchable if min(w.size) < least and w.width > 1]
