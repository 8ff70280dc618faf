"""The boxes that share one line: bytes in become presses of counters, faces of counters become frames.

Pure: `now` is monotonic seconds, given by the caller.
"""

import logging
from collections.abc import Mapping

from msgspec import Struct

from counter.complaints import Complaints
from counter.desk import Face
from counter.driver import Driver, Frame, Picture
from counter.framing import Splitter
from counter.keys import Press

BOUNCE_SECONDS = 0.3
"""The same key again within this time is the same press; a key that is stuck is one press however long it is."""
_log = logging.getLogger(__name__)


class Box(Struct, frozen=True):
    """A box at an address: its driver and the counter it belongs to."""

    driver: Driver
    counter_id: str


class Pressed(Struct, frozen=True):
    """A key that was pressed on the box at an address."""

    address: int
    press: Press


class Heard(Struct, frozen=True):
    """What a few bytes were: frames to send back at once, and keys that were pressed."""

    answers: list[bytes]
    presses: list[Pressed]


class Bus:
    """One line's boxes by address; what comes in is taken on one thread, what goes out may be asked on another."""

    def __init__(self, boxes: Mapping[int, Box]) -> None:
        self.boxes = boxes
        self._families = list({box.driver.family: box.driver for box in boxes.values()}.values())
        self._complaints = Complaints(_log)
        self._pressed_at: dict[Pressed, float] = {}
        self.restart()

    def restart(self) -> None:
        """Forget half a frame and what might come back: the line was opened anew."""
        self._splitter = Splitter(self._families)

    def wrote(self, frame: bytes, now: float) -> None:
        """Know that a frame was sent, so that its echo is none of a box."""
        self._splitter.wrote(frame, now)

    def take(self, data: bytes, now: float) -> Heard:
        """Read what came."""
        heard = Heard([], [])
        for frame in self._splitter.feed(data, now):
            self._take_frame(frame, heard, now)
        noise = self._splitter.take_noise()
        if noise:
            self._complaints.say("noise", f"noise on the line, dropped: {noise[:24].hex(' ')}", now)
        return heard

    def _take_frame(self, frame: Frame, heard: Heard, now: float) -> None:
        if frame.address not in self.boxes:
            words = f"a box at address {frame.address} speaks, but no counter has it: dropped"
            self._complaints.say(f"address {frame.address}", words, now)
            return
        if frame.answer:
            heard.answers.append(frame.answer)
        if frame.press is None:
            words = f"the box at address {frame.address} sends what is no key here: dropped"
            self._complaints.say(f"key {frame.address}", words, now)
        elif self._is_new(pressed := Pressed(frame.address, frame.press), now):
            heard.presses.append(pressed)

    def _is_new(self, pressed: Pressed, now: float) -> bool:
        before = self._pressed_at.get(pressed)
        self._pressed_at[pressed] = now
        return before is None or now - before >= BOUNCE_SECONDS

    # ---- what goes out ----

    def show(self, address: int, face: Face, before: Face | None) -> list[Picture]:
        """The frames that bring the box at an address from one face to another."""
        return self.boxes[address].driver.show(address, face, before)

    def refuse(self, address: int) -> list[Picture]:
        """The frames that tell that a press did nothing."""
        return self.boxes[address].driver.refuse(address)

    def gap_seconds(self, address: int) -> float:
        """How long the line is left alone after a frame to an address."""
        return self.boxes[address].driver.gap_seconds
