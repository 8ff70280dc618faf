"""A ticket as the bytes of ESC/POS; python-escpos builds them, nothing here talks to a device."""

import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image, ImageChops

from printers.lines import Banner, Cut, Fact, Feed, Item, Line, Logo, Number, QrCode, Rule, Ruler, Text
from printers.models import PrinterModel
from printers.raster import (
    Band,
    draw_banner,
    draw_fact,
    draw_item,
    draw_logo,
    draw_number,
    draw_qr,
    draw_rule,
    draw_ruler,
    draw_text,
    qr_module_dots,
)


@contextmanager
def _quiet_import() -> Iterator[None]:
    """Keep python-escpos from leaving folders behind and from setting up logging while it is imported."""
    handlers, folder = list(logging.root.handlers), tempfile.tempdir
    chosen = os.environ.get("ESCPOS_CAPABILITIES_PICKLE_DIR")
    with tempfile.TemporaryDirectory(prefix="motcua-escpos-") as scrap:
        tempfile.tempdir = scrap
        os.environ["ESCPOS_CAPABILITIES_PICKLE_DIR"] = chosen or scrap
        try:
            yield
        finally:
            tempfile.tempdir = folder
            if chosen is None:
                del os.environ["ESCPOS_CAPABILITIES_PICKLE_DIR"]
            for handler in [handler for handler in logging.root.handlers if handler not in handlers]:
                logging.root.removeHandler(handler)


with _quiet_import():
    from escpos.constants import QR_ECLEVEL_M
    from escpos.printer import Dummy

BARRIER = b"\x1dr\x01"
_INITIALISE = b"\x1b@"
_DOT_UNITS = b"\x1dP\xcb\xcb"
_ALIGN = {"left": b"\x1ba\x00", "center": b"\x1ba\x01", "right": b"\x1ba\x02"}
_REAL_TIME = (b"\x10\x04", b"\x10\x05", b"\x10\x14")
"""DLE EOT, DLE ENQ, DLE DC4: some printers obey them even inside a picture."""
_ROWS_PER_BAND = 64
_QUIET_ZONE = 26


def ask_state(kind: int) -> bytes:
    """Return DLE EOT: 1 printer, 2 reasons for being offline, 3 errors, 4 paper."""
    return bytes((0x10, 0x04, kind))


def resynchronise(model: PrinterModel) -> bytes:
    """Return white dots enough to complete any picture that an earlier, broken connection left half sent."""
    return bytes(model.width_dots // 8 * _ROWS_PER_BAND + 16) + _INITIALISE


def encode(lines: list[Line], model: PrinterModel) -> bytes:
    """Return the bytes that print these lines on a printer of this model."""
    return _Encoder(model).encode(lines)


def _byte_builder(width: int) -> Any:
    """A python-escpos printer without a device, told how wide the paper is."""
    builder: Any = Dummy()
    data = {**builder.profile.profile_data, "media": {"width": {"pixels": width}}}
    builder.profile.profile_data = data
    return builder


class _Encoder:
    """Builds the bytes of one ticket; white rows are gathered, so that one feed takes the place of many."""

    def __init__(self, model: PrinterModel) -> None:
        self._model = model
        self._device: Any = _byte_builder(model.width_dots)
        self._white = 0
        self._align = "left"

    def encode(self, lines: list[Line]) -> bytes:
        """Return the bytes of a whole ticket."""
        self._raw(_INITIALISE + (_DOT_UNITS if self._model.motion_units else b""))
        for line in lines:
            self._add(line)
        return bytes(self._device.output)

    def _add(self, line: Line) -> None:
        """Append one line."""
        match line:
            case Feed(dots):
                self._white += dots
            case QrCode(data) if self._model.native_qr:
                self._native_qr(data)
            case Cut():
                self._cut()
            case _:
                for band in _draw(line, self._model.width_dots):
                    self._band(band)

    def _band(self, band: Band) -> None:
        """Append a picture."""
        self._white += band.above
        self._flush()
        self._aligned(band.align)
        single = band.scale == 1
        self._device.image(
            ImageChops.invert(without_real_time_commands(band.image)),
            high_density_vertical=single,
            high_density_horizontal=single,
            fragment_height=_ROWS_PER_BAND,
        )
        self._white += band.below

    def _native_qr(self, data: str) -> None:
        """Append a QR code that the printer draws."""
        self._white += _QUIET_ZONE
        self._flush()
        self._aligned("center")
        self._device.qr(data, ec=QR_ECLEVEL_M, size=qr_module_dots(data), native=True)
        self._white += _QUIET_ZONE

    def _cut(self) -> None:
        """Append the end of the ticket."""
        if self._model.cutter:
            self._flush()
            self._device.cut(feed=False)
        else:
            self._white += self._model.tear_dots
            self._flush()

    def _aligned(self, align: str) -> None:
        """Change the alignment if it is another one."""
        if align != self._align:
            self._align = align
            self._raw(_ALIGN[align])

    def _flush(self) -> None:
        """Feed the white rows that have gathered."""
        while self._white > 0:
            step = min(self._white, 255)
            self._raw(b"\x1bJ" + bytes((step,)))
            self._white -= step

    def _raw(self, data: bytes) -> None:
        """Append bytes as they are."""
        self._device._raw(data)


def _draw(line: Line, width: int) -> list[Band]:
    """Draw a line that is sent as pictures."""
    match line:
        case Text(text, size, bold, align):
            return draw_text(text, size, bold=bold, align=align, width=width)
        case Fact(label, value, size, align):
            return draw_fact(label, value, size, align=align, width=width)
        case Item(mark, text, size):
            return draw_item(mark, text, size, width=width)
        case Banner(text):
            return draw_banner(text, width=width)
        case Number(text, size):
            return [draw_number(text, size, width=width)]
        case Logo():
            return [draw_logo(line, width=width)]
        case Ruler():
            return [draw_ruler(width=width)]
        case QrCode(data):
            band = draw_qr(data)
            return [Band(band.image, _QUIET_ZONE, _QUIET_ZONE, band.align, band.scale)]
        case Rule():
            return [draw_rule(width)]
        case Feed() | Cut():
            return []


def without_real_time_commands(image: Image.Image) -> Image.Image:
    """Return the picture with one dot changed wherever its bytes would be a real-time command; width whole bytes."""
    data = bytearray(image.tobytes())
    for command in _REAL_TIME:
        while (at := data.find(command)) >= 0:
            data[at + 1] ^= 0x80
    return Image.frombytes("1", image.size, bytes(data))
