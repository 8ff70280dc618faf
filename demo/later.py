"""What played people do after a while: come back with papers, keep an appointment, ask for a missed number."""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

from protocol.errors import MotcuaError

log = logging.getLogger(__name__)


class Later(threading.Thread):
    """Does things when their time has come, in real seconds; what the hall refuses is let be."""

    def __init__(self) -> None:
        super().__init__(name="later")
        self._changed = threading.Condition()
        self._closing = False
        self._count = itertools.count()
        self._planned: list[tuple[float, int, Callable[[], object]]] = []

    def after(self, seconds: float, do: Callable[[], object]) -> None:
        """Do something in so many seconds."""
        with self._changed:
            heapq.heappush(self._planned, (time.monotonic() + seconds, next(self._count), do))
            self._changed.notify()

    def run(self) -> None:
        """Do what was planned, each at its time, until closed."""
        while (do := self._next()) is not None:
            try:
                do()
            except MotcuaError as fault:
                log.info("something planned was not to be: %s", fault)

    def _next(self) -> Callable[[], object] | None:
        with self._changed:
            while not self._closing:
                wait = self._planned[0][0] - time.monotonic() if self._planned else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._planned)[2]
                self._changed.wait(wait)
        return None

    def close(self) -> None:
        """Forget what is planned."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self.join()
