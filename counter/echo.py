"""What comes back of what was sent: many RS-485 adapters hear themselves, and some boxes repeat what they are told.

It must not be taken for a key: a lamp's frame reads like one. A key that a person presses so soon after the very same
bytes were sent means nothing yet. Pure: `now` is monotonic seconds, given by the caller.
"""

from collections import deque

SECONDS = 0.5
"""So long after it was written a frame may still come back; slow machines and USB adapters take their time."""


class Echo:
    """What one open line was given and may give back."""

    def __init__(self) -> None:
        self._expected: deque[tuple[bytes, float]] = deque()

    def wrote(self, frame: bytes, now: float) -> None:
        """Expect a frame back."""
        self._expected.append((frame, now + SECONDS))

    def length(self, data: bytes, now: float) -> int | None:
        """How many bytes at the beginning of `data` are an echo; None: more bytes are needed to tell."""
        while self._expected and self._expected[0][1] <= now:
            self._expected.popleft()
        for index, (frame, _) in enumerate(self._expected):
            if data.startswith(frame):
                del self._expected[index]
                return len(frame)
        return None if any(frame.startswith(data) for frame, _ in self._expected) else 0
