"""The RS-485 keypad "qub" of QSystem: four keys and a two-coloured lamp or three digits, 57600 baud.

Keypad to host: 01 ADDRESS KEY 07. Host to lamp: 01 ADDRESS LAMP 07. Host to digits: 01 ADDRESS BLINK c c c 07.
Addresses begin at 0x20, so that none of these bytes can be taken for a 01 or 07.
"""

from counter.desk import Face, Phase
from counter.driver import Frame, Picture, Scan
from counter.keys import Key, Press
from counter.signs import BLINK_ALWAYS, BLINK_NEVER, blinks, last_digits, letters

START, END = 0x01, 0x07
ADDRESSES = range(0x20, 0xFF)
KEYS = {0x31: Key.CALL_OR_RECALL, 0x32: Key.START, 0x33: Key.TRANSFER, 0x34: Key.FINISH_OR_NO_SHOW}
_SIZE = 4

OFF, RED, GREEN, RED_FAST, GREEN_FAST, RED_SLOW, GREEN_SLOW = range(0x30, 0x37)
"""Lamps: steady, blinking every 200 ms (fast) or every 500 ms (slow)."""
BEEP = 7
"""Added to a lamp: half a second of beep before it."""
_LAMPS = {
    Phase.SILENT: RED_FAST,
    Phase.CLOSED: OFF,
    Phase.PAUSED: RED_SLOW,
    Phase.CALLED: GREEN_SLOW,
    Phase.SERVING: GREEN,
}


class Qub:
    """Keypads with a lamp."""

    family = "qub"
    baud = 57600
    addresses = ADDRESSES
    gap_seconds = 0.05

    def scan(self, data: bytes) -> Frame | Scan:
        """Say what the data begin with."""
        if data[0] != START or (len(data) > 1 and data[1] not in ADDRESSES):
            return Scan.NOISE
        if len(data) < _SIZE:
            return Scan.UNFINISHED
        if data[3] != END:
            return Scan.NOISE
        key = KEYS.get(data[2])
        return Frame(_SIZE, data[1], Press(key) if key else None)

    def show(self, address: int, face: Face, before: Face | None) -> list[Picture]:
        """Light the lamp, with a beep when somebody comes to a counter that had nobody."""
        beep = BEEP if face.woken_since(before) else 0
        if before is not None and lamp(face) == lamp(before) and not beep:
            return []
        return [_light(address, lamp(face) + beep)]

    def refuse(self, address: int) -> list[Picture]:
        """Beep, and blink red."""
        return [_light(address, RED_FAST + BEEP)]


class QubDigits(Qub):
    """Keypads with three digits instead of the lamp; `words` are what they show when there is no number."""

    family = "qub-digits"

    def __init__(self, words: dict[str, str]) -> None:
        self._words = words

    def show(self, address: int, face: Face, before: Face | None) -> list[Picture]:
        """Show the number, blinking until the citizen is there, or whether somebody waits."""
        if before is not None and self._reads(face) == self._reads(before):
            return []
        if face.woken_since(before):
            return [_write(address, blinks(3), self._reads(face)[1])]
        return [_write(address, *self._reads(face))]

    def refuse(self, address: int) -> list[Picture]:
        """Blink the word for it."""
        return [_write(address, BLINK_ALWAYS, self._words["refused"])]

    def _reads(self, face: Face) -> tuple[int, str]:
        if face.phase is Phase.CALLED:
            return BLINK_ALWAYS, last_digits(face.number)
        if face.phase is Phase.SERVING:
            return BLINK_NEVER, last_digits(face.number)
        if face.phase is Phase.IDLE:
            return BLINK_NEVER, self._words["waiting"] if face.waiting else ""
        return BLINK_NEVER, self._words[face.phase]


def lamp(face: Face) -> int:
    """The lamp of a state; an open counter is green when there is somebody to call."""
    if face.phase is Phase.IDLE:
        return GREEN_FAST if face.waiting else RED
    return _LAMPS[face.phase]


def _light(address: int, code: int) -> Picture:
    return Picture("lamp", bytes((START, address, code, END)))


def _write(address: int, blink: int, word: str) -> Picture:
    return Picture("digits", bytes((START, address, blink, *letters(word, 3), END)))
