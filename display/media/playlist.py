"""A playlist at one moment: which picture or film comes next, within its times, past files that can't be shown.

Pure: `clock` is the hall's local time of day, `now` monotonic seconds.
"""

import datetime as dt
from collections.abc import Sequence

from protocol.replies import MediaInfo

RETRY_SECONDS = 60.0
"""A file that could not be shown is tried again after so long: somebody may have copied it anew."""


class Playlist:
    """The items of one display, one after the other, over and over."""

    def __init__(self) -> None:
        self.items: list[MediaInfo] = []
        self._last = -1
        self._retry_at: dict[str, float] = {}

    def describe(self, items: Sequence[MediaInfo]) -> None:
        """Take the items that the hall wants now."""
        if list(items) != self.items:
            self.items, self._last = list(items), -1
            wanted = {item.file for item in items}
            self._retry_at = {file: at for file, at in self._retry_at.items() if file in wanted}

    def turn(self, clock: dt.time, now: float) -> MediaInfo | None:
        """The next item that may be shown; none: nothing is to be shown at this time, or nothing can be."""
        for step in range(1, len(self.items) + 1):
            place = (self._last + step) % len(self.items)
            item = self.items[place]
            if within(item.spans, clock) and now >= self._retry_at.get(item.file, now):
                self._last = place
                return item
        return None

    def fail(self, file: str, now: float) -> None:
        """A file could not be shown."""
        self._retry_at[file] = now + RETRY_SECONDS

    def well(self, file: str) -> None:
        """A file was shown."""
        self._retry_at.pop(file, None)

    @property
    def faulty(self) -> list[str]:
        """The files that could not be shown when they were tried last."""
        return sorted(self._retry_at)


def within(spans: Sequence[str], clock: dt.time) -> bool:
    """Whether a time of day is in one of the spans such as `07:30-11:30`; no spans: it always is."""
    return not spans or any(start <= f"{clock:%H:%M}" < end for start, end in (span.split("-") for span in spans))
