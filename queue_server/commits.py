"""How the commits went: how long the disk took for them, and what was told of those that failed."""

import datetime as dt
import logging
from collections import deque

from queue_server.health import Health
from queue_server.storage.base import StorageFault

log = logging.getLogger(__name__)

_COUNTED = 1000
"""The latest commits, of which the slow ones are told."""


class Commits:
    """What the loop tells of its commits, for whoever watches the server."""

    def __init__(self, health: Health) -> None:
        self._health = health
        self._seconds: deque[float] = deque(maxlen=_COUNTED)

    def done(self, seconds: float) -> None:
        """Note how long a commit took."""
        self._seconds.append(seconds)

    def failed(self, fault: StorageFault, now: dt.datetime) -> None:
        """Count a fault; the log hears of a trouble once, not at every request that meets it."""
        self._health.counts["storage_faults"] += 1
        if not fault.trouble or self._health.trouble(fault.trouble, now):
            log.error("the storage failed, nothing of the batch is done: %s", fault)

    def measure(self) -> None:
        """Write the gauge anew: 99 of 100 of the latest commits took no longer."""
        if self._seconds:
            ordered = sorted(self._seconds)
            self._health.gauges["commit_p99_seconds"] = ordered[(len(ordered) - 1) * 99 // 100]
