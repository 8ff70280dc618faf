"""Says what is wrong on a line, but not a thousand times: each kind of trouble at most once in ten seconds.

Pure: `now` is monotonic seconds, given by the caller.
"""

import logging

QUIET_SECONDS = 10.0


class Complaints:
    """A log that keeps its calm."""

    def __init__(self, log: logging.Logger) -> None:
        self._log = log
        self._said_at: dict[str, float] = {}
        self._unsaid: dict[str, int] = {}

    def say(self, kind: str, words: str, now: float) -> None:
        """Log a warning, or count it if one of its kind was just said."""
        said_at = self._said_at.get(kind)
        if said_at is not None and now - said_at < QUIET_SECONDS:
            self._unsaid[kind] = self._unsaid.get(kind, 0) + 1
            return
        more = self._unsaid.pop(kind, 0)
        self._said_at[kind] = now
        self._log.warning("%s%s", words, f" (and {more} more like it before)" if more else "")
