"""Lines in the printer's own letters, for models that have the Vietnamese code pages."""

import textwrap

from printers.escpos import CommandBuilder
from printers.lines import Banner, Fact, Item, Line, Size, Text
from printers.models import PrinterModel
from printers.tcvn import in_pages

_BOLD, _THIN = b"\x1bE\x01", b"\x1bE\x00"
_BLACK, _WHITE = b"\x1dB\x01", b"\x1dB\x00"
_FONTS = {
    Size.SMALL: (b"\x1bM\x01\x1d!\x00", 9, 26),
    Size.NORMAL: (b"\x1bM\x00\x1d!\x00", 12, 33),
    Size.LARGE: (b"\x1bM\x00\x1d!\x11", 24, 60),
}
"""What chooses the letters of a size, how wide each is, and how high a line is, in dots."""
_KEPT_SPACE = "\N{NO-BREAK SPACE}"


def in_letters(builder: CommandBuilder, line: Line, model: PrinterModel) -> bool:
    """Append a line of text; False, and nothing is done, for a line that is none or has letters that are not there."""
    try:
        rows = _rows(line, model)
    except ValueError:
        return False
    if rows is None:
        return False
    size, align = getattr(line, "size", Size.NORMAL), getattr(line, "align", "center")
    builder.aligned("left" if isinstance(line, Item) else align)
    for row in rows:
        builder.letters(_FONTS[size][0] + row, _FONTS[size][2])
    return True


def _rows(line: Line, model: PrinterModel) -> list[bytes] | None:
    """The rows of paper of a line; none for one that is not text."""
    columns = model.width_dots // _FONTS[getattr(line, "size", Size.NORMAL)][1]
    match line:
        case Text(text, _, bold):
            return [_weighed(row, model, bold=bold) for row in _wrapped(text, columns)]
        case Fact(label, value):
            return _fact_rows(label, value, columns, model)
        case Item(mark, text):
            rows = textwrap.wrap(text, columns, initial_indent=f"{mark} ", subsequent_indent=" " * (len(mark) + 1))
            return [_coded(row, model) for row in rows]
        case Banner(text):
            return [_BLACK + _coded(f" {row} ", model) + _WHITE for row in _wrapped(text, columns - 2)]
        case _:
            return None


def _fact_rows(label: str, value: str, columns: int, model: PrinterModel) -> list[bytes]:
    """A label and its value, on one row if they fit."""
    if len(label) + 1 + len(value) <= columns:
        return [_coded(f"{label} ", model) + _weighed(value, model, bold=True)]
    labels = [_coded(row, model) for row in _wrapped(label, columns)]
    return [*labels, *(_weighed(row, model, bold=True) for row in _wrapped(value, columns))]


def _wrapped(words: str, columns: int) -> list[str]:
    """A text in rows of so many letters; a no-break space keeps two words together."""
    return [row.replace("\0", " ") for row in textwrap.wrap(words.replace(_KEPT_SPACE, "\0"), columns)]


def _weighed(words: str, model: PrinterModel, *, bold: bool) -> bytes:
    coded = _coded(words, model)
    return _BOLD + coded + _THIN if bold else coded


def _coded(words: str, model: PrinterModel) -> bytes:
    """A text as bytes, with the changes of the code page; raises ValueError for a letter that is not there."""
    coded = b""
    for upper, stretch in in_pages(words):
        page = model.tcvn_upper_page if upper else model.tcvn_lower_page
        coded += (b"" if upper is None else b"\x1bt" + bytes((page or 0,))) + stretch
    return coded
