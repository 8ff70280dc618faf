"""Tells a scanner that types like a keyboard from fingers: a scan is a fast run of keys that ends with Enter."""

from kiosk.codes import LONGEST

ENTER = "\r"
LEAST_KEYS = 9
FASTEST_FINGERS_SECONDS = 0.05
"""Keys that are less apart than this on average were not typed by a person."""
PAUSE_SECONDS = 0.3
"""A longer pause begins a new run: what was typed before belongs to nobody."""


class Wedge:
    """Fed with every key and its instant (monotonic seconds); keeps nothing longer than the run that is being typed."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._first_at = 0.0
        self._last_at = 0.0

    def feed(self, keys: str, at: float) -> str | None:
        """Take what one key typed, `ENTER` for Enter or Tab; the scan that it ends, if it does."""
        if self._keys and not 0 <= at - self._last_at <= PAUSE_SECONDS:
            self.forget()
        if keys in (ENTER, "\n", "\t"):
            return self._end()
        if not self._keys:
            self._first_at = at
        self._last_at = at
        if len(self._keys) <= LONGEST:
            self._keys.append(keys)
        return None

    def forget(self) -> None:
        """Drop what was typed."""
        self._keys = []

    def _end(self) -> str | None:
        keys, took = self._keys, self._last_at - self._first_at
        self.forget()
        if not LEAST_KEYS <= len(keys) <= LONGEST or took >= FASTEST_FINGERS_SECONDS * (len(keys) - 1):
            return None
        return "".join(keys)
