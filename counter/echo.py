"""What comes back of what was sent: many RS-485 adapters hear themselves, and a lamp's frame reads like a key's.

Whether this adapter does is learned from frames that no box can send. Until then, what comes back at once is taken for
an echo; afterwards nothing is on an adapter without echo, and on one with, every frame is expected back in its order.
Pure: `now` is monotonic seconds, given by the caller.
"""

from msgspec import Struct

SOON_SECONDS = 0.5
LATE_SECONDS = 2.0
"""A frame that has not come back by then was lost on the way."""
_LOST = 3


class _Sent(Struct):
    frame: bytes
    at: float
    proof: bool


class Echo:
    """What one open line was given and may give back; `hears` is None until it is known."""

    def __init__(self) -> None:
        self.hears: bool | None = None
        self._sent: list[_Sent] = []
        self._lost = 0

    def wrote(self, frame: bytes, now: float, *, proof: bool) -> None:
        """Expect a frame back; `proof`: no box can send it, so its coming back proves an echo."""
        self._learn(now)
        self._sent.append(_Sent(frame, now, proof))

    def length(self, data: bytes, now: float) -> int | None:
        """How many bytes at the beginning of `data` are an echo; None: more bytes are needed to tell."""
        self._learn(now)
        expected = [(index, sent) for index, sent in enumerate(self._sent) if self._expects(sent, now)]
        for index, sent in expected:
            if data.startswith(sent.frame):
                self._came_back(index)
                return len(sent.frame)
        return None if any(sent.frame.startswith(data) for _, sent in expected) else 0

    def _came_back(self, index: int) -> None:
        if self._sent[index].proof:
            self.hears, self._lost = True, 0
        if self.hears:
            del self._sent[:index]  # echoes keep their order: what was before it was lost
            index = 0
        del self._sent[index]

    def _expects(self, sent: _Sent, now: float) -> bool:
        return sent.proof or bool(self.hears) or (self.hears is None and now - sent.at < SOON_SECONDS)

    def _learn(self, now: float) -> None:
        if self.hears is None and any(sent.proof and now - sent.at >= SOON_SECONDS for sent in self._sent):
            self.hears = False
        late = [sent for sent in self._sent if now - sent.at >= LATE_SECONDS]
        del self._sent[: len(late)]
        self._lost += sum(sent.proof for sent in late)
        if self.hears and self._lost >= _LOST:
            self.hears, self._lost = None, 0
