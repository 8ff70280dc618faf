"""The serial call box with rating keys: digits, four keys for the citizen, many boxes on one line, 9600 baud.

Both ways: FF 68 L L 68 ADDRESS FUNCTION DATA… SUM 16, where L is 2 + the number of data bytes and SUM the low byte of
the sum of ADDRESS, FUNCTION and DATA. The box wants each frame back as acknowledgement; a rating comes back with
FUNCTION 01, which thanks the citizen.
"""

from counter.desk import Face
from counter.driver import Frame, Picture, Scan
from counter.keys import Key, Press
from counter.signs import last_digits

HEAD, MIDDLE, END = b"\xff\x68", 0x68, 0x16
OPEN_RATING, SHOW, BEEP, RATED = 0x01, 0x02, 0x03, 0x11
FINISH, CONFIRM = 0x0B, 0x0F
KEYS = {
    0x0C: Key.CALL,
    0x0D: Key.RECALL,
    FINISH: Key.FINISH,
    0x12: Key.PAUSE,
    0x13: Key.TRANSFER,
}
CONFIRMED = {6: Key.NO_SHOW, 0: Key.HOLD, 3: Key.RESUME, 9: Key.CLOSE}
"""Keys that are a digit and then CONFIRM; CONFIRM alone says that the citizen is there."""
SCORES = {0: 2, 1: 3, 2: 4, 3: 5}
"""The citizen's keys as scores of 1 to 5: dissatisfied, fair (the box's default), satisfied, very satisfied."""
_AROUND = 7
"""Bytes of a frame beside FUNCTION and DATA… as L counts them: FF 68 L L 68, SUM, 16."""
_LENGTHS = range(3, 6)
_MOST = 999


class CallBox:
    """Boxes with keys for the operator, six digits and rating keys for the citizen."""

    family = "call-box"
    baud = 9600
    addresses = range(0x01, 0x100)
    gap_seconds = 0.05

    def scan(self, data: bytes) -> Frame | Scan:
        """Say what the data begin with; a frame with a wrong sum or length is noise, so the box sends it again."""
        head = data[:5]
        if not _may_begin(head):
            return Scan.NOISE
        if len(head) < 5 or len(data) < head[2] + _AROUND:
            return Scan.UNFINISHED
        body, total, end = data[5 : head[2] + 5], data[head[2] + 5], data[head[2] + 6]
        if total != sum(body) % 256 or end != END:
            return Scan.NOISE
        return _read(body)

    def show(self, address: int, face: Face, before: Face | None) -> list[Picture]:
        """Show who waits and who is served, beep for the first who comes, open the rating after a service."""
        pictures = []
        if before is None or _digits(face) != _digits(before):
            pictures.append(Picture("digits", frame(address, SHOW, _digits(face))))
        if face.woken_since(before):
            pictures.append(Picture("beep", frame(address, BEEP)))
        if face.finished_since(before):
            pictures.append(Picture("rating", frame(address, OPEN_RATING, bytes((FINISH,)))))
        return pictures

    def refuse(self, address: int) -> list[Picture]:
        """Beep twice."""
        return [Picture(slot, frame(address, BEEP)) for slot in ("beep", "beep again")]


def frame(address: int, function: int, data: bytes = b"") -> bytes:
    """A frame of this family."""
    body = bytes((address, function)) + data
    return HEAD + bytes((len(body), len(body), MIDDLE)) + body + bytes((sum(body) % 256, END))


def _may_begin(head: bytes) -> bool:
    """Whether these (up to five) bytes are the beginning of a frame."""
    if not HEAD.startswith(head[:2]):
        return False
    if len(head) > 2 and head[2] not in _LENGTHS:
        return False
    return not ((len(head) > 3 and head[3] != head[2]) or (len(head) > 4 and head[4] != MIDDLE))


def _read(body: bytes) -> Frame:
    address, function, data = body[0], body[1], body[2:]
    size = len(body) + _AROUND
    if function == RATED:
        score = SCORES.get(data[0]) if len(data) == 1 else None
        return Frame(size, address, Press(Key.RATE, score) if score else None, frame(address, OPEN_RATING, data))
    key = _confirmed(data[:-1]) if data[-1] == CONFIRM else KEYS.get(data[-1])
    return Frame(size, address, Press(key) if key else None, frame(address, function, data))


def _confirmed(digits: bytes) -> Key | None:
    if not digits:
        return Key.START
    return CONFIRMED.get(digits[0]) if len(digits) == 1 else None


def _digits(face: Face) -> bytes:
    waiting = f"{min(face.waiting, _MOST):03d}"
    return bytes(int(digit) for digit in waiting + last_digits(face.number))
