"""Carries out what staff do in their corner of the kiosk, and brings back what became of it."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from kiosk.staff import StaffCorner
from kiosk.staff_touches import (
    CheckPin,
    Condition,
    LastPaper,
    NoteNewRoll,
    NoteSameRoll,
    PrintTest,
    Reprint,
    ShowPapers,
    StaffEffect,
    StaffTouch,
    StopProgram,
)
from kiosk.staff_view import StaffView, look
from kiosk.touches import OpenHelperMode, Touch
from protocol.words import PrintOutcome

RESTART_EXIT, CLOSE_EXIT = 0, 3
"""With which code the program ends: whoever started it starts it again, unless staff closed it."""

Told = Callable[[PrintOutcome], None]


class Pin(Protocol):
    """The kiosk's own PIN; `kiosk.staff_pin.ServicePin` is one."""

    def is_right(self, pin: str, /) -> bool:
        """Whether this is it."""


@dataclass(frozen=True)
class Means:
    """What the corner needs of the kiosk at work; all on the window's thread, nothing waits."""

    condition: Callable[[], Condition]
    """How the kiosk is; asked several times a second."""
    papers: Callable[[], Iterable[LastPaper]]
    """The last tickets printed here, the newest first."""
    touch: Callable[[Touch], None]
    """Hand a touch to the citizen's screens: helper mode."""
    print_test: Callable[[Told], None]
    print_again: Callable[[str, Told], None]
    """Print the ticket of a `LastPaper.paper_id` again, marked."""
    note_roll: Callable[[bool], None]
    """A new roll is in the printer, or it is still the same."""
    stop: Callable[[int], None]
    """End the program with an exit code."""


class StaffWork:
    """A corner with what its touches do."""

    def __init__(
        self, corner: StaffCorner, pin: Pin, means: Means, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.corner = corner
        self._pin = pin
        self._means = means
        self._clock = clock

    def finger_down(self, from_right: float, from_top: float) -> None:
        """A finger anywhere on the window, so many reference pixels from its top right corner."""
        self.corner.finger_down(from_right, from_top, self._clock())

    def finger_up(self) -> None:
        """The finger went away."""
        self.corner.finger_up(self._clock())

    def touch(self, touch: StaffTouch) -> None:
        """Take a finger on the corner's own screens."""
        for effect in self.corner.touch(touch, self._clock()):
            self._do(effect)

    def tick(self) -> None:
        """Let time pass; call it a few times each second."""
        self.corner.tick(self._clock())

    def view(self) -> StaffView | None:
        """What is to be drawn over the citizen's screen; none: nothing."""
        return look(self.corner, self._means.condition(), self._clock()) if self.corner.active else None

    def _do(self, effect: StaffEffect) -> None:
        means, corner = self._means, self.corner
        match effect:
            case CheckPin(pin):
                corner.pin_checked(self._pin.is_right(pin), self._clock())
            case OpenHelperMode():
                means.touch(effect)
            case ShowPapers():
                corner.papers_found(means.papers())
            case PrintTest():
                means.print_test(corner.printed)
            case Reprint(paper_id):
                means.print_again(paper_id, corner.printed)
            case NoteNewRoll() | NoteSameRoll():
                means.note_roll(isinstance(effect, NoteNewRoll))
            case StopProgram(again):
                means.stop(RESTART_EXIT if again else CLOSE_EXIT)
