"""The LED sign above a counter (QSystem's RS-485 client board): seven letters, 57600 baud.

Host to sign: 01 ADDRESS BLINK c c c c c c c 07. It says nothing itself and needs 200 ms for each frame.
"""

from counter import qub
from counter.desk import Face, Phase
from counter.driver import Frame, Picture, Scan
from counter.signs import BLINK_NEVER, blinks, letters

LETTERS = 7
CALL_BLINKS = 3
ARROWS = {"right": ">", "left": "<", "none": "-"}


class Sign:
    """Signs whose arrow points `arrow`; `words` are what they show when there is no number."""

    family = "sign"
    baud = 57600
    addresses = qub.ADDRESSES
    gap_seconds = 0.2

    def __init__(self, words: dict[str, str], arrow: str = "right") -> None:
        self._words = words
        self._arrow = ARROWS[arrow]

    def scan(self, _data: bytes) -> Frame | Scan:
        """Nothing ever begins here: a sign does not speak."""
        return Scan.NOISE

    def show(self, address: int, face: Face, before: Face | None) -> list[Picture]:
        """Show the number, blinking three times with each call."""
        words = self.reads(face)
        if face.announced_since(before):
            return [_write(address, blinks(CALL_BLINKS), words)]
        if before is not None and words == self.reads(before):
            return []
        return [_write(address, BLINK_NEVER, words)]

    def refuse(self, _address: int) -> list[Picture]:
        """Citizens have nothing to do with a refused key."""
        return []

    def reads(self, face: Face) -> str:
        """The seven letters: the number, an arrow and the counter as far as there is room."""
        if face.phase in (Phase.SILENT, Phase.PAUSED):
            return self._words[face.phase]
        if not face.number:
            return ""
        tail = self._arrow + face.label
        room = LETTERS - len(tail)
        return face.number.ljust(room) + tail if len(face.number) <= room else face.number[-LETTERS:]


def _write(address: int, blink: int, words: str) -> Picture:
    return Picture("letters", bytes((qub.START, address, blink, *letters(words, LETTERS), qub.END)))
