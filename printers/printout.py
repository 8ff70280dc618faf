"""The bytes that print the lines of a paper on a printer of one model, and how much paper that takes."""

from functools import lru_cache

from msgspec import Struct

from printers.escpos import CommandBuilder, keep, key_of
from printers.letters import in_letters
from printers.lines import Banner, Cut, Fact, Feed, Item, Line, Logo, Number, QrCode, Rule, Ruler, Size, Text
from printers.models import PrinterModel
from printers.papers import Paper, ProcedurePaper, TestPaper
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
    qr_matrix,
    qr_module_dots,
)

MOST_BYTES = 12_000
"""What a ticket should not exceed: it is out in three seconds over a line of 38400 baud."""
_QUIET_ZONE = 26
_FINENESSES = (0, 1, 2)
"""0: only bold letters have dots of double width; 1: all but small letters; 2: all letters."""


class Printout(Struct, frozen=True):
    """The bytes of a paper, and how many rows of paper they use, with what the knife or the tear-off edge costs."""

    print: bytes
    ending: bytes
    """Feeds and cuts."""
    rows: int

    @property
    def data(self) -> bytes:
        """All bytes."""
        return self.print + self.ending


def encode(lines: list[Line], model: PrinterModel, most_bytes: int = MOST_BYTES) -> bytes:
    """Return the bytes that print these lines on a printer of this model, which keeps no pictures yet."""
    return print_out(lines, model, most_bytes=most_bytes).data


def print_out(
    lines: list[Line], model: PrinterModel, kept: frozenset[str] = frozenset(), most_bytes: int = MOST_BYTES
) -> Printout:
    """Return these lines for a printer that keeps the pictures of these keys, as fine as few enough bytes allow."""
    for coarseness in _FINENESSES:
        printout = _encoded(lines, model, kept, coarseness)
        if len(printout.data) <= most_bytes:
            break
    return printout


def most_bytes_of(paper: Paper) -> int:
    """Return how many bytes a paper may have: more if it is long by nature, or shows what the printer can do."""
    return 2 * MOST_BYTES if isinstance(paper, ProcedurePaper | TestPaper) else MOST_BYTES


def pictures_to_keep(lines: list[Line], model: PrinterModel) -> dict[str, bytes]:
    """Return the pictures that are the same on every paper of the hall: by key, the command that stores each."""
    if model.memory == "none" or not model.status:
        return {}
    bands = [
        band for line in lines if _is_fixed(line, model) for band in _draw(line, model.width_dots, model.dots_per_mm, 0)
    ]
    return {key_of(band): keep(band) for band in bands}


def _is_fixed(line: Line, model: PrinterModel) -> bool:
    """Whether a line is the same picture on every paper of the hall."""
    return isinstance(line, Logo) or (isinstance(line, Text) and line.fixed and model.text == "raster")


def _encoded(lines: list[Line], model: PrinterModel, kept: frozenset[str], coarseness: int) -> Printout:
    """The bytes of a whole paper."""
    builder = CommandBuilder(model)
    for line in lines:
        _add(builder, line, model, kept, coarseness)
    data = builder.finished()
    at = builder.printed_bytes or len(data)
    return Printout(data[:at], data[at:], builder.rows)


def _add(builder: CommandBuilder, line: Line, model: PrinterModel, kept: frozenset[str], coarseness: int) -> None:
    """Append one line."""
    match line:
        case Feed(dots):
            builder.feed(dots)
        case QrCode(data) if model.native_qr:
            builder.feed(_QUIET_ZONE)
            builder.native_qr(data, qr_module_dots(data), len(qr_matrix(data)))
            builder.feed(_QUIET_ZONE)
        case Cut():
            builder.end(model)
        case _:
            if model.text != "tcvn" or not in_letters(builder, line, model):
                _add_pictures(builder, line, model, kept, coarseness)


def _add_pictures(
    builder: CommandBuilder, line: Line, model: PrinterModel, kept: frozenset[str], coarseness: int
) -> None:
    """Append a line as pictures: those that the printer keeps, or else drawn ones."""
    if kept and _is_fixed(line, model):
        bands = _draw(line, model.width_dots, model.dots_per_mm, 0)
        if all(key_of(band) in kept for band in bands):
            for band in bands:
                builder.picture(band, kept=True)
            return
    for band in _draw(line, model.width_dots, model.dots_per_mm, coarseness):
        builder.picture(band, kept=False)


@lru_cache(maxsize=128)
def _draw(line: Line, width: int, dots_per_mm: float, coarseness: int) -> tuple[Band, ...]:
    """Draw a line that is sent as pictures; the lines that every ticket has are drawn once."""
    across = 1 + (coarseness > (1 if getattr(line, "size", None) is Size.SMALL else 0))
    match line:
        case Text(text, size, bold, align):
            return tuple(draw_text(text, size, bold=bold, align=align, width=width, across=2 if bold else across))
        case Fact(label, value, size, align):
            return tuple(draw_fact(label, value, size, align=align, width=width, across=across))
        case Item(mark, text, size):
            return tuple(draw_item(mark, text, size, width=width, across=across))
        case Banner(text):
            return tuple(draw_banner(text, width=width, across=2))
        case Number(text, size):
            return (draw_number(text, size, width=width),)
        case Logo():
            return (draw_logo(line, width=width),)
        case Ruler():
            return (draw_ruler(width=width, dots_per_mm=dots_per_mm),)
        case QrCode(data):
            band = draw_qr(data)
            return (Band(band.image, _QUIET_ZONE, _QUIET_ZONE, band.align, band.across, band.down),)
        case Rule():
            return (draw_rule(width),)
        case Feed() | Cut():
            return ()
