"""Boxes that exist in memory: each reads what a host sends and says what a real one would.

They follow the protocols on their own, not through the drivers, so that a mistake in a driver is seen.
"""

import re
from collections.abc import Callable
from typing import Protocol

NEVER = "---"
"""What a box reads that was never written to."""
_KEPT = 64
"""Bytes of an unfinished frame that are kept; every frame is shorter."""


class EmulatedBox(Protocol):
    """What the emulated line needs of a box."""

    address: int

    def hear(self, data: bytes) -> None:
        """Take bytes from the line, also those for others."""

    def press(self, key: str) -> bytes:
        """The bytes of a key; raises KeyError for a key that it does not have."""

    def looks(self) -> str:
        """What a person sees of it."""


class _Ear:
    """Finds whole frames of one pattern in what comes."""

    def __init__(self, pattern: bytes, take: Callable[["re.Match[bytes]"], None]) -> None:
        self._pattern = re.compile(pattern, re.DOTALL)
        self._take = take
        self._data = b""

    def hear(self, data: bytes) -> None:
        self._data += data
        end = 0
        for found in self._pattern.finditer(self._data):
            end = found.end()
            self._take(found)
        self._data = self._data[end:][-_KEPT:]


class EmulatedQub:
    """A keypad with a lamp."""

    LAMPS = ("off", "red", "green", "red fast", "green fast", "red slow", "green slow")
    KEYS = {"call": 0x31, "start": 0x32, "transfer": 0x33, "end": 0x34}  # noqa: RUF012 - never changed

    def __init__(self, address: int) -> None:
        self.address = address
        self.lamp = NEVER
        self.beeps = 0
        self._ear = _Ear(b"\x01" + re.escape(bytes((address,))) + b"([\x30-\x3d])\x07", self._light)

    def hear(self, data: bytes) -> None:
        """Take bytes from the line."""
        self._ear.hear(data)

    def press(self, key: str) -> bytes:
        """One of `KEYS`."""
        return bytes((0x01, self.address, self.KEYS[key], 0x07))

    def looks(self) -> str:
        """Its lamp, and how often it beeped."""
        return f"{self.lamp}, {self.beeps} beeps"

    def _light(self, found: "re.Match[bytes]") -> None:
        code = found[1][0] - 0x30
        self.beeps += code >= len(self.LAMPS)
        self.lamp = self.LAMPS[code % len(self.LAMPS)]


class _Letters:
    """A line of letters that may blink: a count, or for ever."""

    def __init__(self, address: int, count: int) -> None:
        self.address = address
        self.letters = NEVER
        self.blinks: int | None = 0
        """How often it blinks before it is steady; None: without end."""
        self.announcements = 0
        """How often it began to blink."""
        pattern = b"\x01%s([\x20-\x7f])([^\x01\x07]{%d})\x07" % (re.escape(bytes((address,))), count)
        self._ear = _Ear(pattern, self._write)

    def hear(self, data: bytes) -> None:
        """Take bytes from the line."""
        self._ear.hear(data)

    def looks(self) -> str:
        """Its letters, and whether they blink."""
        blinking = "blinking" if self.blinks is None else f"blinking {self.blinks} times" if self.blinks else "steady"
        return f"[{self.letters}] {blinking}"

    def _write(self, found: "re.Match[bytes]") -> None:
        code = found[1][0]
        self.letters = found[2].decode("cp1251")
        self.blinks = None if code == 0x21 else max(0, code - 0x21)
        self.announcements += self.blinks != 0


class EmulatedSign(_Letters):
    """An LED sign of seven letters."""

    def __init__(self, address: int) -> None:
        super().__init__(address, 7)

    def press(self, key: str) -> bytes:
        """It has no keys."""
        raise KeyError(key)


class EmulatedQubDigits(_Letters):
    """A keypad with three digits instead of a lamp."""

    def __init__(self, address: int) -> None:
        super().__init__(address, 3)

    def press(self, key: str) -> bytes:
        """One of the keys of the keypad with a lamp."""
        return bytes((0x01, self.address, EmulatedQub.KEYS[key], 0x07))


class EmulatedCallBox:
    """A call box with six digits and rating keys; it counts what was not acknowledged."""

    KEYS: dict[str, tuple[int, bytes]] = {  # noqa: RUF012 - never changed
        "call": (0x01, b"\x0c"),
        "recall": (0x01, b"\x0d"),
        "finish": (0x01, b"\x0b"),
        "pause": (0x01, b"\x12"),
        "transfer": (0x01, b"\x13"),
        "start": (0x01, b"\x0f"),
        "no-show": (0x01, b"\x06\x0f"),
        "hold": (0x01, b"\x00\x0f"),
        "resume": (0x01, b"\x03\x0f"),
        "close": (0x01, b"\x09\x0f"),
        "rate-0": (0x11, b"\x00"),
        "rate-1": (0x11, b"\x01"),
        "rate-2": (0x11, b"\x02"),
        "rate-3": (0x11, b"\x03"),
    }

    def __init__(self, address: int) -> None:
        self.address = address
        self.waiting = NEVER
        self.ticket = NEVER
        self.beeps = 0
        self.rating_open = False
        self.unacknowledged: list[bytes] = []
        """The acknowledgements that it still waits for."""
        lengths = b"|".join(b"%c%c\x68.{%d}" % (length, length, length) for length in range(2, 9))
        self._ear = _Ear(b"\xff\x68(?:" + lengths + b").\x16", self._take)

    def hear(self, data: bytes) -> None:
        """Take bytes from the line."""
        self._ear.hear(data)

    def press(self, key: str) -> bytes:
        """One of `KEYS`; its acknowledgement is expected from now on."""
        function, data = self.KEYS[key]
        self.unacknowledged.append(self.frame(0x01 if function == 0x11 else function, data))
        return self.frame(function, data)

    def frame(self, function: int, data: bytes) -> bytes:
        """A frame of this box."""
        length = len(data) + 2
        body = bytes((self.address, function)) + data
        return bytes((0xFF, 0x68, length, length, 0x68)) + body + bytes((sum(body) & 0xFF, 0x16))

    def looks(self) -> str:
        """Its digits, beeps and rating keys."""
        return f"{self.waiting} {self.ticket}, {self.beeps} beeps{', rate now' if self.rating_open else ''}"

    def _take(self, found: "re.Match[bytes]") -> None:
        body, total = found[0][5:-2], found[0][-2]
        if body[0] != self.address or sum(body) & 0xFF != total:
            return
        if found[0] in self.unacknowledged:
            self.unacknowledged.remove(found[0])
        self._carry_out(body[1], body[2:])

    def _carry_out(self, function: int, data: bytes) -> None:
        match function:
            case 0x01 if data == b"\x0b":
                self.rating_open = True
            case 0x01 if data in (b"\x00", b"\x01", b"\x02", b"\x03"):
                self.rating_open = False
            case 0x02 if len(data) == 6:
                self.waiting = _digits(data[:3], self.waiting)
                self.ticket = _digits(data[3:], self.ticket)
            case 0x03:
                self.beeps += 1
            case _:
                pass


def _digits(data: bytes, before: str) -> str:
    """Digits as the box shows them; 0A leaves what was there."""
    return "".join(old if new == 0x0A else str(new) for new, old in zip(data, before, strict=True))
