"""The hall's clock: real time, or for a demo a time that runs faster from a chosen moment."""

import datetime as dt
import time
from collections.abc import Callable

Clock = Callable[[], dt.datetime]
"""Gives the aware UTC instant that the hall lives in."""


def real_clock() -> dt.datetime:
    """The machine's time."""
    return dt.datetime.now(dt.UTC)


def fast_clock(start: dt.datetime, speed: float) -> Clock:
    """A clock that shows `start` now and runs `speed` times as fast as time."""
    began = time.monotonic()
    return lambda: start + dt.timedelta(seconds=(time.monotonic() - began) * speed)
