"""Cuts what comes on a line into frames: split, doubled, amid noise, of several families.

Pure: `now` is monotonic seconds, given by the caller.
"""

from collections.abc import Iterator, Sequence

from counter.driver import Driver, Frame, Scan
from counter.echo import Echo

PATIENCE_SECONDS = 0.5
"""A frame whose next byte takes longer will never be finished."""


class Splitter:
    """The bytes of one open line; give it to a new one when the line is opened anew."""

    def __init__(self, drivers: Sequence[Driver]) -> None:
        self._echo = Echo()
        self.noise = b""
        """Bytes that belonged to no frame, since somebody took them away."""
        self._drivers = drivers
        self._data = b""
        self._came_at = 0.0

    def feed(self, data: bytes, now: float) -> Iterator[Frame]:
        """Take what came and give the frames that are whole; call it with nothing now and then."""
        stale = bool(self._data) and now - self._came_at > PATIENCE_SECONDS
        if stale:
            yield from self._cut(now, waiting=False)
        if data:
            self._data += data
            self._came_at = now
        yield from self._cut(now, waiting=True)

    def wrote(self, frame: bytes, now: float) -> None:
        """Know that a frame was sent, so that its echo is none of a box."""
        read = (driver.scan(frame) for driver in self._drivers)
        boxes_send_it = any(isinstance(found, Frame) and (found.press or found.answer) for found in read)
        self._echo.wrote(frame, now, proof=not boxes_send_it)

    def take_noise(self) -> bytes:
        """Give the noise since the last time."""
        noise, self.noise = self.noise, b""
        return noise

    def _cut(self, now: float, *, waiting: bool) -> Iterator[Frame]:
        while self._data:
            echoed = self._echo.length(self._data, now)
            if echoed:
                self._data = self._data[echoed:]
                continue
            found = self._scan()
            if isinstance(found, Frame) and echoed is not None:
                self._data = self._data[found.size :]
                yield found
            elif waiting and (echoed is None or found is Scan.UNFINISHED):
                return
            else:
                self.noise += self._data[:1]
                self._data = self._data[1:]

    def _scan(self) -> Frame | Scan:
        """What the data begin with: a whole frame of any family before one that may become whole."""
        found = [driver.scan(self._data) for driver in self._drivers]
        for result in found:
            if isinstance(result, Frame):
                return result
        return Scan.UNFINISHED if Scan.UNFINISHED in found else Scan.NOISE
