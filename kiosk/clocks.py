"""The clocks of a session: one that runs evenly, and the time of day in the hall."""

import datetime as dt
import time
from collections.abc import Callable

from kiosk.hall_clock import HallClock


def utc_now() -> dt.datetime:
    """What the machine's clock says."""
    return dt.datetime.now(dt.UTC)


class Clocks:
    """`running` are monotonic seconds, `own` is the machine's clock; `now` is the hall's time as far as it is known."""

    def __init__(self, running: Callable[[], float] = time.monotonic, own: Callable[[], dt.datetime] = utc_now) -> None:
        self.running = running
        self._own = own
        self._hall = HallClock(None, running())

    def know(self, at: dt.datetime) -> None:
        """It was this late when the program ran the last time."""
        self._hall = HallClock(at, self.running())

    def hear(self, at: dt.datetime) -> None:
        """The hall told its time."""
        self._hall.hear(at, self.running())

    def now(self) -> dt.datetime:
        """The time in the hall, aware UTC."""
        return self._hall.now(self._own(), self.running())
