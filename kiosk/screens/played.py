"""For demonstrations only: a scripted finger that really touches the window, as a citizen would."""

import random
from typing import Any

from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.input.motionevent import MotionEvent

from kiosk.flow import Flow
from kiosk.route import ENDS, Wish, next_touch
from kiosk.touches import Touch
from kiosk.visit import ORDINARY, Screen

DOWN_SECONDS = 0.15
_ORDINARY_SHARE = 0.8
_VIETNAMESE_SHARE = 0.85
_LOOKS_SHARE = 0.4


class _Finger(MotionEvent):  # type: ignore[misc]
    """A finger at a place of the window (pixels)."""

    def __init__(self, x: float, y: float) -> None:
        window = EventLoop.window
        place = {"x": x / (window.width - 1.0), "y": y / (window.height - 1.0)}
        super().__init__("played", 1, place, is_touch=True, type_id="touch")

    def depack(self, args: Any) -> None:
        """Read the place."""
        self.profile = ["pos"]
        self.sx, self.sy = args["x"], args["y"]
        super().depack(args)


class PlayedFinger:
    """Takes numbers for chance wishes, one touch every `seconds`; stays on a result for two of them."""

    def __init__(self, flow: Flow, root: Any, seconds: float, chance: random.Random) -> None:
        self._flow = flow
        self._root = root
        self._chance = chance
        self._wish: Wish | None = None
        self._looked = 0
        self._event = Clock.schedule_interval(self._move, seconds)

    def stop(self) -> None:
        """Touch nothing more."""
        self._event.cancel()

    def _move(self, _seconds: float) -> None:
        if self._flow.screen is Screen.IDLE or self._wish is None:
            self._wish = self._wish_for() if self._flow.screen is Screen.IDLE and self._wish is None else self._wish
        if self._wish is None or self._still_looking():
            return
        touch = next_touch(self._flow, self._wish)
        if touch is not None:
            self._touch(touch)
        if self._flow.screen in ENDS:
            self._wish = None

    def _still_looking(self) -> bool:
        self._looked = self._looked + 1 if self._flow.screen is Screen.RESULT else 0
        return 0 < self._looked <= 2

    def _wish_for(self) -> Wish | None:
        services = self._flow.hall.services()
        if not services:
            return None
        classes = self._flow.class_ids()
        ordinary = not classes or self._chance.random() < _ORDINARY_SHARE
        service_id = self._chance.choice(services).service_id
        return Wish(
            service_id,
            ORDINARY if ordinary else self._chance.choice(classes),
            "vi" if self._chance.random() < _VIETNAMESE_SHARE else "en",
            self._procedure_of(service_id),
        )

    def _procedure_of(self, service_id: str) -> str | None:
        """One of the service's procedures, for who looks at its page before; none for who does not."""
        codes = [found.code for found in self._flow.hall.procedures if found.service_id == service_id]
        return self._chance.choice(codes) if codes and self._chance.random() < _LOOKS_SHARE else None

    def _touch(self, touch: Touch) -> None:
        widget = next((found for found in self._root.walk() if _means(found, touch)), None)
        if widget is None:
            return
        finger = _Finger(*widget.to_window(*widget.center))
        EventLoop.post_dispatch_input("begin", finger)
        Clock.schedule_once(lambda _seconds: EventLoop.post_dispatch_input("end", finger), DOWN_SECONDS)


def _means(widget: Any, touch: Touch) -> bool:
    """Whether touching this widget says `touch`, and it can be touched."""
    return getattr(widget, "means", None) == touch and bool(widget.opacity) and not widget.disabled
