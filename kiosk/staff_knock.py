"""The secret knock that opens the staff's corner: taps in the top right corner of the screen, or a long press. Pure."""

CORNER = 170.0
"""The side of the corner that counts (reference pixels): the clock in the header, where nothing is to be touched."""
TAPS = 5
TAPS_WITHIN_SECONDS = 4.0
PRESS_SECONDS = 5.0


class Knock:
    """Hears the fingers on the window; `now` is monotonic seconds."""

    def __init__(self) -> None:
        self._taps: list[float] = []
        self._pressed_at: float | None = None

    def down(self, from_right: float, from_top: float, now: float) -> bool:
        """A finger came down so far from the corner; whether it completes the knock."""
        if not (0 <= from_right <= CORNER and 0 <= from_top <= CORNER):
            self.forget()
            return False
        self._pressed_at = now
        self._taps = [*(tap for tap in self._taps if 0 <= now - tap <= TAPS_WITHIN_SECONDS), now]
        return len(self._taps) >= TAPS and self._knocked()

    def up(self, now: float) -> bool:
        """The finger went away; whether it was there long enough."""
        held = self.held(now)
        self._pressed_at = None
        return held

    def held(self, now: float) -> bool:
        """Whether the finger has been there long enough."""
        return self._pressed_at is not None and now - self._pressed_at >= PRESS_SECONDS and self._knocked()

    def forget(self) -> None:
        """Begin anew."""
        self._taps, self._pressed_at = [], None

    def _knocked(self) -> bool:
        self.forget()
        return True
