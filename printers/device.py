"""An ESC/POS printer without a device: takes bytes, answers, and writes each ticket as a PNG file."""

import os
import re
import threading
from pathlib import Path

import msgspec
from msgspec import Struct

from printers.interpreter import Features, Interpreter
from printers.models import PrinterModel
from printers.sheet import Sheet

_REAL_TIME = re.compile(rb"\x10\x04([\x01-\x04])|\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08", re.DOTALL)
_LONGEST_REAL_TIME = 10
_CLEARED = b"\x37\x25\x00"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_GARBAGE = b"\xff\x81\x00\xa5"


class Mood(Struct, frozen=True, kw_only=True):
    """What is wrong with the printer just now; nothing by default."""

    cover_open: bool = False
    paper_low: bool = False
    paper_out: bool = False
    cutter_error: bool = False
    cutter_jams: bool = False
    """The next cut becomes a cutter error, with the whole ticket hanging out."""
    silent: bool = False
    """It prints but never answers."""
    swallow: bool = False
    """It takes all bytes and does nothing with them."""
    garbage: bool = False
    """Its answers are noise."""
    half_closed: bool = False
    """It says that it will say no more as soon as somebody connects."""
    baud: int | None = None
    """It takes bytes no faster than a serial line of this speed."""
    rows_left: int | None = None
    """The paper ends after so many more rows."""
    drop_after: int | None = None
    """It breaks the connection after so many bytes."""


def features_of(model: PrinterModel) -> Features:
    """What a printer of this model can do."""
    pages = {model.tcvn_lower_page: False, model.tcvn_upper_page: True}
    return Features(
        status=model.status,
        barrier=model.barrier,
        native_qr=model.native_qr,
        keeps=model.memory == "graphics",
        clears=model.clears,
        tcvn_pages={page: upper for page, upper in pages.items() if page is not None},
    )


class EmulatedPrinter:
    """Parses a stream of ESC/POS: the commands that tickets use, plain text, and the status requests."""

    def __init__(self, folder: Path, width_dots: int = 576, features: Features | None = None) -> None:
        self.folder = folder
        self.pictures: list[Path] = []
        self.title = ""
        """Becomes the name of the next PNG file; a running number when empty."""
        self.mood = Mood()
        self.received = 0
        self._features = features or Features()
        self._sheet = Sheet(width_dots)
        self._interpreter = Interpreter(self._sheet, self._features, self._say, self._cut)
        self._tail = b""
        self._answers = bytearray()
        self._lock = threading.RLock()

    def set_mood(self, mood: Mood) -> None:
        """Change what is wrong; a printer that may go on prints what it still holds, on a new roll if one came."""
        with self._lock:
            if self.mood.paper_out and not mood.paper_out:
                self.deliver()
            self.mood = mood
            self._work()

    def feed(self, data: bytes) -> None:
        """Take bytes from the line."""
        with self._lock:
            self.received += len(data)
            if self.mood.swallow:
                return
            self._interpreter.pending += self._after_real_time(data)
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

    def _after_real_time(self, data: bytes) -> bytes:
        """Obey real-time commands the moment they arrive, wherever they stand; returns what is left to work on."""
        stream = self._tail + data
        done, handed = 0, len(self._tail)
        for found in _REAL_TIME.finditer(stream):
            if found[1]:
                self._say(bytes((self._state_byte(found[1][0]),)))
            elif self._features.clears:
                self._clear()
                handed = found.end()
            done = found.end()
        last = stream.rfind(b"\x10", max(done, len(stream) - _LONGEST_REAL_TIME + 1))
        self._tail = stream[last:] if last >= 0 else b""
        return stream[handed:]

    def _clear(self) -> None:
        """DLE DC4 8: forget all that was received, and say so."""
        self._interpreter.forget()
        self._say(_CLEARED)

    def _say(self, answer: bytes) -> None:
        """Send an answer back, or what the mood makes of it."""
        if self._features.status and not self.mood.silent:
            self._answers += _GARBAGE if self.mood.garbage else answer

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

    # ---- paper -------------------------------------------------------------

    def _work(self) -> None:
        """Carry out all complete commands, as long as nothing stops the paper."""
        while not self.stopped and self._interpreter.step(self.mood.paper_low, self.mood.paper_out):
            self._wear()

    def _wear(self) -> None:
        """Use up the paper."""
        if self.mood.rows_left is not None and self._sheet.top >= self.mood.rows_left:
            self.mood = msgspec.structs.replace(self.mood, rows_left=None, paper_out=True)

    def _cut(self) -> bool:
        """GS V: the paper falls into the tray, as a PNG file; False if the knife jams."""
        if self.mood.cutter_jams:
            self.mood = msgspec.structs.replace(self.mood, cutter_jams=False, cutter_error=True)
            return False
        self.deliver()
        return True

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
