"""The latest batches, for a second machine that was away for a while."""

from collections import deque

BACKLOG_BYTES = 64 * 1024 * 1024
"""A machine that misses more than this gets a copy of the whole database."""


class Backlog:
    """Packed batches by number, without a gap, as many as fit."""

    def __init__(self, limit: int = BACKLOG_BYTES) -> None:
        self._limit = limit
        self._bytes = 0
        self._first = 0
        self._kept: deque[bytes] = deque()

    def add(self, number: int, body: bytes) -> None:
        """Keep the next batch; the oldest are forgotten."""
        if not self._kept:
            self._first = number
        self._kept.append(body)
        self._bytes += len(body)
        while self._bytes > self._limit and len(self._kept) > 1:
            self._bytes -= len(self._kept.popleft())
            self._first += 1

    def get(self, number: int) -> bytes | None:
        """A batch, if it is still known."""
        index = number - self._first
        return self._kept[index] if 0 <= index < len(self._kept) else None

    def forget(self) -> None:
        """Keep nothing: nobody will ask."""
        self._kept.clear()
        self._bytes = 0
