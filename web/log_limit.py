"""No storm in the log: whatever strangers do to the web, it writes so many lines a minute and counts the rest."""

import logging
import time
from collections.abc import Callable

LINES_A_MINUTE = 80
_MINUTE = 60.0


class LogLimit(logging.Filter):
    """Lets so many lines a minute through, traces counted; what was left out is told with the next that passes."""

    def __init__(self, lines: int = LINES_A_MINUTE, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._lines, self._clock = lines, clock
        self._left = lines
        self._since = clock()
        self._left_out = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record is written."""
        now = self._clock()
        if now - self._since >= _MINUTE:
            self._since, self._left = now, self._lines
        lines = _lines_of(record)
        if lines > self._left:
            self._left_out += 1
            return False
        self._left -= lines
        if self._left_out:
            record.msg, record.args = f"({self._left_out} entries were left out) {record.getMessage()}", ()
            self._left_out = 0
        return True


def _lines_of(record: logging.LogRecord) -> int:
    if record.exc_info and not record.exc_text:
        record.exc_text = logging.Formatter().formatException(record.exc_info)
    return 1 + record.getMessage().count("\n") + (1 + record.exc_text.count("\n") if record.exc_text else 0)


def limit_log() -> None:
    """Hold everything that this program logs to the limit, by whichever way it goes."""
    limit = LogLimit()
    for handler in logging.getLogger().handlers:
        handler.addFilter(limit)
