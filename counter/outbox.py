"""What waits to be written on a line: answers at once, pictures one after the other with a pause between them.

Of several pictures for one slot of one address only the newest is kept, so that it never grows. Pure: `now` is
monotonic seconds, given by the caller.
"""

from collections import deque

from counter.driver import Picture

_MOST_ANSWERS = 64


class Outbox:
    """The frames of one line."""

    def __init__(self) -> None:
        self._answers: deque[bytes] = deque(maxlen=_MOST_ANSWERS)
        self._pictures: dict[tuple[int, str], tuple[bytes, float]] = {}
        self._free_at = 0.0

    def answer(self, frame: bytes) -> None:
        """Send a frame as soon as the line takes it."""
        self._answers.append(frame)

    def put(self, address: int, picture: Picture, gap_seconds: float) -> None:
        """Send a picture in its turn, instead of an older one that still waits; then leave the line alone a moment."""
        self._pictures[address, picture.slot] = picture.frame, gap_seconds

    def clear(self) -> None:
        """Forget everything: who asks for it later gets what is true then."""
        self._answers.clear()
        self._pictures.clear()

    def next(self, now: float) -> bytes | None:
        """Take the frame to write now; none: nothing waits, or the line needs its pause."""
        if self._answers:
            return self._answers.popleft()
        if not self._pictures or now < self._free_at:
            return None
        frame, gap_seconds = self._pictures.pop(next(iter(self._pictures)))
        self._free_at = now + gap_seconds
        return frame

    def wait(self, now: float, longest: float) -> float:
        """How long (seconds, at most `longest`) nothing can be written."""
        if self._answers:
            return 0.0
        return min(longest, max(0.0, self._free_at - now)) if self._pictures else longest
