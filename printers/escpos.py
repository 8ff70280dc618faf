"""The commands of ESC/POS as bytes; python-escpos builds the difficult ones, nothing here talks to a device."""

import hashlib
import logging
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PIL import Image, ImageChops

from printers.models import PrinterModel
from printers.raster import Band


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
LIST_KEPT = b"\x1d(L\x04\x000\x40KC"
"""Asks which pictures the printer keeps: GS ( L, function 64."""
LIST_HEARD = b"\x06"
"""Says that a part of that list has come."""
CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
"""DLE DC4 8: the printer forgets all that is not printed, and says so."""
_INITIALISE = b"\x1b@"
_DOT_UNITS = b"\x1dP\xcb\xcb"
_ALIGN = {"left": b"\x1ba\x00", "center": b"\x1ba\x01", "right": b"\x1ba\x02"}
_CUTS = {"partial": b"\x1dVB\x00", "full": b"\x1dVA\x00"}
_REAL_TIME = (b"\x10\x04", b"\x10\x05", b"\x10\x14")
"""DLE EOT, DLE ENQ, DLE DC4: some printers obey them even inside a picture."""
_ROWS_PER_BAND = 64
_KEY_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def ask_state(kind: int) -> bytes:
    """Return DLE EOT: 1 printer, 2 reasons for being offline, 3 errors, 4 paper."""
    return bytes((0x10, 0x04, kind))


def resynchronise(model: PrinterModel) -> bytes:
    """Return white dots enough to complete any picture that an earlier, broken connection left half sent."""
    filling = bytes(model.width_dots // 8 * _ROWS_PER_BAND + 16)
    return filling + begin_afresh(model) + (BARRIER if model.barrier else b"")


def begin_afresh(model: PrinterModel) -> bytes:
    """Return what parts the rest of a broken ticket from the next one."""
    return _INITIALISE + _CUTS.get(model.cutter, b"")


def key_of(band: Band) -> str:
    """The two letters under which a printer keeps a picture; the same picture has the same key for ever."""
    what = b"%d %d %d %d " % (*band.image.size, band.across, band.down) + band.image.tobytes()
    number = int.from_bytes(hashlib.sha256(what).digest()[:8])
    return _KEY_LETTERS[number % 62] + _KEY_LETTERS[number // 62 % 62]


def keep(band: Band) -> bytes:
    """Return the command that makes the printer keep a picture for good: GS ( L, function 67."""
    image = without_real_time_commands(band.image)
    size = image.width.to_bytes(2, "little") + image.height.to_bytes(2, "little")
    body = b"0C0" + key_of(band).encode() + b"\x01" + size + b"1" + image.tobytes()
    return b"\x1d(L" + len(body).to_bytes(2, "little") + body


class CommandBuilder:
    """Gathers the bytes of one ticket; white rows are gathered too, so that one feed takes the place of many."""

    def __init__(self, model: PrinterModel) -> None:
        self._device: Any = _byte_builder(model.width_dots)
        self._white = 0
        self._align = "left"
        self.rows = 0
        """How many rows of paper have been used."""
        self.printed_bytes = 0
        """How many bytes there are up to the last print, without what ends the ticket."""
        self.raw(_INITIALISE + (_DOT_UNITS if model.motion_units else b""))

    def finished(self) -> bytes:
        """Return all bytes."""
        self.settle()
        return bytes(self._device.output)

    def feed(self, dots: int) -> None:
        """Leave white rows."""
        self._white += dots

    def picture(self, band: Band, *, kept: bool) -> None:
        """Print a picture, or have the printer print the one that it keeps."""
        self.feed(band.above)
        self.settle()
        self.aligned(band.align)
        if kept:
            self.raw(b"\x1d(L\x06\x000E" + key_of(band).encode() + bytes((band.across, band.down)))
        else:
            self._raster(band)
        self.rows += band.image.height * band.down
        self.feed(band.below)

    def native_qr(self, data: str, module_dots: int, modules: int) -> None:
        """Have the printer draw a QR code."""
        self.settle()
        self.aligned("center")
        self._device.qr(data, ec=QR_ECLEVEL_M, size=module_dots, native=True)
        self.rows += module_dots * modules

    def letters(self, data: bytes, height: int) -> None:
        """Print a line in the printer's own letters; `height` is that of the line with its white."""
        self.settle()
        self.raw(b"\x1b3" + bytes((height,)) + data + b"\n")
        self.rows += height

    def end(self, model: PrinterModel) -> None:
        """End the ticket with the printer's knife, or at the edge where it is torn off."""
        self.printed_bytes = len(self._device.output)
        if model.cutter == "none":
            self.feed(model.tear_dots)
        self.settle()
        self.raw(_CUTS.get(model.cutter, b""))
        self.rows += 0 if model.cutter == "none" else model.cut_dots

    def aligned(self, align: str) -> None:
        """Change the alignment if it is another one."""
        if align != self._align:
            self._align = align
            self.raw(_ALIGN[align])

    def settle(self) -> None:
        """Feed the white rows that have gathered."""
        self.rows += self._white
        while self._white > 0:
            step = min(self._white, 255)
            self.raw(b"\x1bJ" + bytes((step,)))
            self._white -= step

    def raw(self, data: bytes) -> None:
        """Append bytes as they are."""
        self._device._raw(data)

    def _raster(self, band: Band) -> None:
        """GS v 0, in pieces of which each is small enough to be completed after a broken connection."""
        self._device.image(
            ImageChops.invert(without_real_time_commands(band.image)),
            high_density_vertical=band.down == 1,
            high_density_horizontal=band.across == 1,
            fragment_height=_ROWS_PER_BAND,
        )


def _byte_builder(width: int) -> Any:
    """A python-escpos printer without a device, told how wide the paper is."""
    builder: Any = Dummy()
    data = {**builder.profile.profile_data, "media": {"width": {"pixels": width}}}
    builder.profile.profile_data = data
    return builder


def without_real_time_commands(image: Image.Image) -> Image.Image:
    """Return the picture with one dot changed wherever its bytes would be a real-time command; width whole bytes."""
    data = bytearray(image.tobytes())
    for command in _REAL_TIME:
        while (at := data.find(command)) >= 0:
            data[at + 1] ^= 0x80
    return Image.frombytes("1", image.size, bytes(data))
