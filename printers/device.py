"""An ESC/POS printer without a device: takes bytes, answers, and writes each ticket as a PNG file."""

import contextlib
import os
import re
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct
from PIL import Image

from printers.raster import draw_modules
from printers.sheet import Sheet

_ESC, _GS, _DLE = 0x1B, 0x1D, 0x10
_REAL_TIME = re.compile(rb"\x10\x04([\x01-\x04])", re.DOTALL)
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_GARBAGE = b"\xff\x81\x00\xa5"
_ESC_LENGTHS = {"a": 3, "t": 3, "E": 3, "d": 3, "J": 3, "@": 2, "M": 3, "!": 3, "-": 3, "G": 3, "{": 3, "3": 3, "2": 2}
_GS_LENGTHS = {"!": 3, "B": 3, "a": 3, "r": 3, "P": 4, "b": 3}


class Mood(Struct, frozen=True, kw_only=True):
    """What is wrong with the printer just now; nothing by default."""

    cover_open: bool = False
    paper_low: bool = False
    paper_out: bool = False
    cutter_error: bool = False
    silent: bool = False
    """It prints but never answers."""
    swallow: bool = False
    """It takes all bytes and does nothing with them."""
    garbage: bool = False
    """Its answers are noise."""
    baud: int | None = None
    """It takes bytes no faster than a serial line of this speed."""
    rows_left: int | None = None
    """The paper ends after so many more rows."""
    drop_after: int | None = None
    """It breaks the connection after so many bytes."""


class EmulatedPrinter:
    """Parses a stream of ESC/POS: the commands that tickets use, plain text, and the status requests."""

    def __init__(self, folder: Path, width_dots: int = 576, *, barrier: bool = True) -> None:
        self.folder = folder
        self.pictures: list[Path] = []
        self.title = ""
        """Becomes the name of the next PNG file; a running number when empty."""
        self.mood = Mood()
        self.received = 0
        self._barrier = barrier
        self._sheet = Sheet(width_dots)
        self._pending = bytearray()
        self._tail = b""
        self._answers = bytearray()
        self._lock = threading.RLock()
        self._reset()

    def set_mood(self, mood: Mood) -> None:
        """Change what is wrong; a printer that may go on prints what it still holds."""
        with self._lock:
            self.mood = mood
            self._work()

    def feed(self, data: bytes) -> None:
        """Take bytes from the line."""
        with self._lock:
            self.received += len(data)
            if self.mood.swallow:
                return
            self._answer_real_time(data)
            self._pending += data
            self._work()

    def take_answers(self) -> bytes:
        """Return what the printer has said since the last call."""
        with self._lock:
            answers = bytes(self._answers)
            self._answers.clear()
            return answers

    @property
    def stopped(self) -> bool:
        """Whether it holds its work until somebody helps."""
        return self.mood.cover_open or self.mood.paper_out or self.mood.cutter_error

    # ---- answers -----------------------------------------------------------

    def _answer_real_time(self, data: bytes) -> None:
        """Answer DLE EOT the moment it arrives, wherever it stands, even inside a picture."""
        stream = self._tail + data
        for found in _REAL_TIME.finditer(stream):
            self._say(self._state_byte(found[1][0]))
        last = stream.rfind(b"\x10", max(0, len(stream) - 2))
        self._tail = stream[last:] if last >= 0 and not _REAL_TIME.match(stream[last:]) else b""

    def _say(self, answer: int) -> None:
        """Send one byte back, or what the mood makes of it."""
        if not self.mood.silent:
            self._answers += _GARBAGE if self.mood.garbage else bytes((answer,))

    def _state_byte(self, kind: int) -> int:
        """The answer to DLE EOT `kind`."""
        mood = self.mood
        bits = {
            1: 0x08 * self.stopped,
            2: 0x04 * mood.cover_open | 0x20 * mood.paper_out | 0x40 * mood.cutter_error,
            3: 0x08 * mood.cutter_error,
            4: 0x0C * (mood.paper_low or mood.paper_out) | 0x60 * mood.paper_out,
        }
        return 0x12 | bits[kind]

    # ---- commands ----------------------------------------------------------

    def _reset(self) -> None:
        """ESC @."""
        self._align, self._bold, self._across, self._down = 0, False, 1, 1
        self._text = ""
        self._code_data, self._code_module, self._graphics = b"", 3, Image.new("1", (8, 1))

    def _work(self) -> None:
        """Carry out all complete commands."""
        while self._pending and not self.stopped:
            used = self._command(bytes(self._pending[:2]))
            if not used:
                return
            del self._pending[:used]
            self._wear()

    def _wear(self) -> None:
        """Use up the paper."""
        if self.mood.rows_left is not None and self._sheet.top >= self.mood.rows_left:
            self.mood = msgspec.structs.replace(self.mood, rows_left=None, paper_out=True)

    def _command(self, start: bytes) -> int:
        """Carry out one command; returns its length, or 0 while it is incomplete."""
        first = start[0]
        if first in (_ESC, _GS, _DLE) and len(start) < 2:
            return 0
        if first == _ESC:
            return self._escape(chr(start[1]))
        if first == _GS:
            return self._group(chr(start[1]))
        if first == _DLE:
            return 3 if len(self._pending) >= 3 else 0
        self._letter(first)
        return 1

    def _letter(self, code: int) -> None:
        """A letter of plain text, or the end of its line; other control codes do nothing."""
        if code == 0x0A:
            self._sheet.print_text(self._text, self._align, self._bold, self._across, self._down)
            self._text = ""
        elif code >= 0x20:
            self._text += bytes((code,)).decode("cp437")

    def _escape(self, name: str) -> int:
        """ESC …"""
        if name == "*":
            return self._column_picture()
        length = _ESC_LENGTHS.get(name, 2)
        if len(self._pending) < length:
            return 0
        value = self._pending[2] if length > 2 else 0
        actions: dict[str, Callable[[], None]] = {
            "@": self._reset,
            "J": lambda: self._sheet.feed(value),
            "d": lambda: self._sheet.feed(value * 30),
            "a": lambda: setattr(self, "_align", value % 48 % 3),
            "E": lambda: setattr(self, "_bold", bool(value & 1)),
        }
        actions.get(name, lambda: None)()
        return length

    def _group(self, name: str) -> int:
        """GS …"""
        if name == "v":
            return self._raster()
        if name == "(":
            return self._function()
        if name == "V":
            return self._cut()
        length = _GS_LENGTHS.get(name, 2)
        if len(self._pending) < length:
            return 0
        if name == "!":
            self._across, self._down = (self._pending[2] >> 4) + 1, (self._pending[2] & 7) + 1
        if name == "r" and self._barrier:
            self._say((0x03 if self.mood.paper_low else 0) | (0x0C if self.mood.paper_out else 0))
        return length

    def _raster(self) -> int:
        """GS v 0: a picture, row by row."""
        if len(self._pending) < 8:
            return 0
        mode, columns, rows = self._pending[3] & 3, self._word(4), self._word(6)
        length = 8 + columns * rows
        if len(self._pending) < length:
            return 0
        if columns and rows:
            picture = Image.frombytes("1", (columns * 8, rows), bytes(self._pending[8:length]))
            size = (columns * 8 * (1 + (mode & 1)), rows * (1 + (mode >> 1)))
            self._sheet.print_picture(picture.resize(size, Image.Resampling.NEAREST), self._align)
        return length

    def _column_picture(self) -> int:
        """ESC *: a strip of 8 or 24 rows, column by column."""
        if len(self._pending) < 5:
            return 0
        high = 3 if self._pending[2] >= 32 else 1
        columns = self._word(3)
        length = 5 + columns * high
        if len(self._pending) < length:
            return 0
        if columns:
            turned = Image.frombytes("1", (high * 8, columns), bytes(self._pending[5:length]))
            self._sheet.print_picture(turned.transpose(Image.Transpose.TRANSPOSE), self._align)
        return length

    def _function(self) -> int:
        """GS ( …: QR codes (k), graphics (L), and others that do nothing."""
        if len(self._pending) < 5:
            return 0
        length = 5 + self._word(3)
        if len(self._pending) < length:
            return 0
        kind, body = chr(self._pending[2]), bytes(self._pending[5:length])
        if kind == "k" and body[:1] == b"1":
            self._code(body[1], body[2:])
        if kind == "L" and len(body) >= 2:
            self._graphic(body[1], body[2:])
        return length

    def _code(self, function: int, body: bytes) -> None:
        """One step of a QR code: module size (67), data (80), print (81)."""
        if function == 67 and body:
            self._code_module = min(16, max(1, body[0]))
        elif function == 80:
            self._code_data = body[1:]
        elif function == 81 and self._code_data:
            with contextlib.suppress(ValueError):  # a printer prints nothing when the data is too much for a QR code
                code = draw_modules(self._code_data.decode(errors="replace"), self._code_module)
                self._sheet.print_picture(code, self._align)

    def _graphic(self, function: int, body: bytes) -> None:
        """One step of a graphic: store (112), print (50)."""
        if function == 112 and len(body) >= 8:
            size = (body[4] + 256 * body[5], body[6] + 256 * body[7])
            with contextlib.suppress(ValueError):  # a printer ignores a picture that is not as large as it says
                picture = Image.frombytes("1", size, body[8:])
                doubled = (size[0] * (1 + (body[1] == 2)), size[1] * (1 + (body[2] == 2)))
                self._graphics = picture.resize(doubled, Image.Resampling.NEAREST)
        elif function in (2, 50):
            self._sheet.print_picture(self._graphics, self._align)

    def _cut(self) -> int:
        """GS V: the paper falls into the tray, as a PNG file."""
        if len(self._pending) < 3:
            return 0
        length = 4 if self._pending[2] in (65, 66) else 3
        if len(self._pending) < length:
            return 0
        self.deliver()
        return length

    def deliver(self) -> None:
        """Write what is on the paper as a PNG file; nothing for blank paper."""
        with self._lock:
            if self._sheet.blank:
                return
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self._free_name()
            unfinished = path.with_suffix(".part")
            self._sheet.picture().save(unfinished, "PNG", dpi=(203, 203))
            unfinished.replace(path)
            self._sheet.tear()
            self.title = ""
            self.pictures.append(path)

    def _free_name(self) -> Path:
        """A file name that is not taken; without a title it names the process, since printers may share a folder."""
        stem = _UNSAFE.sub("_", self.title).strip("._") or f"ticket-{os.getpid()}-{len(self.pictures) + 1:06d}"
        path, again = self.folder / f"{stem}.png", 2
        while path.exists():
            path, again = self.folder / f"{stem}-{again}.png", again + 1
        return path

    def _word(self, at: int) -> int:
        """A number of two bytes, the low one first."""
        return self._pending[at] + 256 * self._pending[at + 1]
