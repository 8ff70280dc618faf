"""The commands of the emulated printer: bytes of ESC/POS become print on a sheet."""

import contextlib
from collections.abc import Callable, Mapping

from msgspec import Struct
from PIL import Image

from printers.raster import draw_modules
from printers.sheet import Letter, Sheet
from printers.tcvn import letter_of

_ESC, _GS, _DLE = 0x1B, 0x1D, 0x10
_ESC_LENGTHS = {"a": 3, "t": 3, "E": 3, "d": 3, "J": 3, "@": 2, "M": 3, "!": 3, "-": 3, "G": 3, "{": 3, "3": 3, "2": 2}
_GS_LENGTHS = {"!": 3, "B": 3, "a": 3, "r": 3, "P": 4, "b": 3}
_USUAL_LINE = 30


class Features(Struct, frozen=True, kw_only=True):
    """What the emulated printer can do; everything but Vietnamese letters by default."""

    status: bool = True
    barrier: bool = True
    native_qr: bool = True
    keeps: bool = True
    clears: bool = True
    tcvn_pages: Mapping[int, bool] = {}
    """The numbers of its TCVN-3 pages: False for small letters, True for capitals."""


class Interpreter:
    """Carries out one command after the other; `say` sends an answer, `cut` is False if the knife jams."""

    def __init__(self, sheet: Sheet, features: Features, say: Callable[[bytes], None], cut: Callable[[], bool]) -> None:
        self.pending = bytearray()
        """What has come and is not carried out yet."""
        self._sheet, self._features, self._say, self._cut_paper = sheet, features, say, cut
        self._kept: dict[bytes, Image.Image] = {}
        self._paper = 0
        self._text: list[Letter] = []
        self._reset()

    def step(self, paper_low: bool, paper_out: bool) -> bool:
        """Carry out one command; False while there is none that is complete."""
        self._paper = (0x03 if paper_low else 0) | (0x0C if paper_out else 0)
        used = self._command() if self.pending else 0
        del self.pending[:used]
        return used > 0

    def forget(self) -> None:
        """Throw away all that is not printed yet."""
        self.pending.clear()
        self._text = []

    def _reset(self) -> None:
        """ESC @."""
        self._align, self._bold, self._across, self._down, self._small, self._black = 0, False, 1, 1, False, False
        self._text = []
        self._page, self._line = 0, _USUAL_LINE
        self._code_data, self._code_module, self._graphics = b"", 3, Image.new("1", (8, 1))

    def _command(self) -> int:
        """Carry out one command; returns its length, or 0 while it is incomplete."""
        first = self.pending[0]
        if first in (_ESC, _GS, _DLE) and len(self.pending) < 2:
            return 0
        if first == _ESC:
            return self._escape(chr(self.pending[1]))
        if first == _GS:
            return self._group(chr(self.pending[1]))
        if first == _DLE:
            return self._real_time()
        self._letter(first)
        return 1

    def _real_time(self) -> int:
        """DLE …: was obeyed when it came."""
        length = 10 if self.pending[1] == 0x14 else 3
        return length if len(self.pending) >= length else 0

    def _letter(self, code: int) -> None:
        """A letter of plain text, or the end of its line; other control codes do nothing."""
        if code == 0x0A:
            top = self._sheet.top
            self._sheet.print_text(self._text, self._align, self._across, self._down, small=self._small)
            self._sheet.feed(max(0, self._line - (self._sheet.top - top)))
            self._text = []
        elif code >= 0x20:
            upper = self._features.tcvn_pages.get(self._page)
            one = bytes((code,)).decode("cp437") if upper is None else letter_of(code, upper=upper)
            self._text.append(Letter(one, self._bold, self._black))

    def _escape(self, name: str) -> int:
        """ESC …"""
        if name == "*":
            return self._column_picture()
        length = _ESC_LENGTHS.get(name, 2)
        if len(self.pending) < length:
            return 0
        value = self.pending[2] if length > 2 else 0
        actions: dict[str, Callable[[], None]] = {
            "@": self._reset,
            "J": lambda: self._sheet.feed(value),
            "d": lambda: self._sheet.feed(value * 30),
            "a": lambda: setattr(self, "_align", value % 48 % 3),
            "E": lambda: setattr(self, "_bold", bool(value & 1)),
            "M": lambda: setattr(self, "_small", bool(value & 1)),
            "t": lambda: setattr(self, "_page", value),
            "3": lambda: setattr(self, "_line", value),
            "2": lambda: setattr(self, "_line", _USUAL_LINE),
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
        if len(self.pending) < length:
            return 0
        if name == "!":
            self._across, self._down = (self.pending[2] >> 4) + 1, (self.pending[2] & 7) + 1
        if name == "B":
            self._black = bool(self.pending[2] & 1)
        if name == "r" and self._features.barrier:
            self._say(bytes((self._paper,)))
        return length

    def _raster(self) -> int:
        """GS v 0: a picture, row by row."""
        if len(self.pending) < 8:
            return 0
        mode, columns, rows = self.pending[3] & 3, self._word(4), self._word(6)
        length = 8 + columns * rows
        if len(self.pending) < length:
            return 0
        if columns and rows:
            picture = Image.frombytes("1", (columns * 8, rows), bytes(self.pending[8:length]))
            self._sheet.print_picture(_magnified(picture, 1 + (mode & 1), 1 + (mode >> 1)), self._align)
        return length

    def _column_picture(self) -> int:
        """ESC *: a strip of 8 or 24 rows, column by column."""
        if len(self.pending) < 5:
            return 0
        high = 3 if self.pending[2] >= 32 else 1
        columns = self._word(3)
        length = 5 + columns * high
        if len(self.pending) < length:
            return 0
        if columns:
            turned = Image.frombytes("1", (high * 8, columns), bytes(self.pending[5:length]))
            self._sheet.print_picture(turned.transpose(Image.Transpose.TRANSPOSE), self._align)
        return length

    def _function(self) -> int:
        """GS ( …: QR codes (k), graphics (L), and others that do nothing."""
        if len(self.pending) < 5:
            return 0
        length = 5 + self._word(3)
        if len(self.pending) < length:
            return 0
        kind, body = chr(self.pending[2]), bytes(self.pending[5:length])
        if kind == "k" and body[:1] == b"1" and self._features.native_qr:
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
        """One step of a graphic: store (112) and print (50); for good: list (64), keep (67) and print (69)."""
        if function == 112 and len(body) >= 8:
            with contextlib.suppress(ValueError):  # a printer ignores a picture that is not as large as it says
                picture = _picture(body[4:8], body[8:])
                self._graphics = _magnified(picture, 1 + (body[1] == 2), 1 + (body[2] == 2))
        elif function in (2, 50):
            self._sheet.print_picture(self._graphics, self._align)
        elif self._features.keeps:
            self._keep(function, body)

    def _keep(self, function: int, body: bytes) -> None:
        """What concerns the memory that outlives the power."""
        if function == 64:
            self._say(b"\x37\x72\x40" + b"".join(self._kept) + b"\x00")
        elif function == 67 and len(body) >= 9:
            with contextlib.suppress(ValueError):
                self._kept[body[1:3]] = _picture(body[4:8], body[9:])
        elif function == 69 and len(body) >= 4 and body[:2] in self._kept:
            self._sheet.print_picture(_magnified(self._kept[body[:2]], body[2], body[3]), self._align)

    def _cut(self) -> int:
        """GS V: cut, with or without feeding first."""
        if len(self.pending) < 3:
            return 0
        length = 4 if self.pending[2] in (65, 66) else 3
        if len(self.pending) < length:
            return 0
        return length if self._cut_paper() else 0

    def _word(self, at: int) -> int:
        """A number of two bytes, the low one first."""
        return self.pending[at] + 256 * self.pending[at + 1]


def _picture(size: bytes, dots: bytes) -> Image.Image:
    """A picture of the width and height that `size` says; raises ValueError if the dots are not as many."""
    width, height = int.from_bytes(size[:2], "little"), int.from_bytes(size[2:], "little")
    return Image.frombytes("1", (width, height), dots)


def _magnified(picture: Image.Image, across: int, down: int) -> Image.Image:
    return picture.resize((picture.width * across, picture.height * down), Image.Resampling.NEAREST)
