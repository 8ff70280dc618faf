"""Text, bars and QR codes drawn as black-and-white pictures, trimmed to their ink so that few bytes travel."""

import importlib.util
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from msgspec import Struct
from PIL import Image, ImageChops, ImageDraw, ImageFont
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from printers.lines import Align, Logo, Size

_EM = {Size.SMALL: 21, Size.NORMAL: 25, Size.LARGE: 32}
"""Font sizes in dots of 1/8 mm."""
_NUMBER_EM = 184
_SMALLER_NUMBER_EM = 138
_LINE = 1.32
"""Height of a line in font sizes."""
_BASELINE = 1.02
"""From the top of a line to its baseline in font sizes."""
_QR_DOTS = 216
"""How wide a QR code should be: 27 mm, scanned by cheap phones at arm's length."""
_BAR_MARGIN = 12
_INK = 255
_BLACK_FROM = {1: 112, 2: 104}
"""The grey from which a dot becomes ink, by its width: below the middle keeps thin strokes whole."""


class Band(Struct, frozen=True):
    """A picture whose set dots are ink, and the white rows around it; a dot prints `across` wide and `down` high."""

    image: Image.Image
    above: int = 0
    below: int = 0
    align: Align = "center"
    across: int = 1
    down: int = 1


class _Word(Struct, frozen=True):
    """Letters of one weight without a space."""

    text: str
    bold: bool


@cache
def _font(em: int, bold: bool) -> ImageFont.FreeTypeFont:
    """Roboto, found in the installed Kivy without importing it."""
    spec = importlib.util.find_spec("kivy")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the fonts come with kivy, which is not installed")
    folder = Path(spec.origin).parent / "data" / "fonts"
    return ImageFont.truetype(folder / ("Roboto-Bold.ttf" if bold else "Roboto-Regular.ttf"), em)


def draw_text(text: str, size: Size, *, bold: bool, align: Align, width: int, across: int = 1) -> list[Band]:
    """Draw a text as one band per line of paper; `width` is the printable width in dots.

    With `across` 2 a dot is two dots wide: half the bytes, and bold letters hardly look different.
    """
    return [_draw_line(line, _EM[size], align, across) for line in _wrap(_words(text, bold), _EM[size], width)]


def draw_fact(
    label: str, value: str, size: Size, *, width: int, align: Align = "center", across: int = 1
) -> list[Band]:
    """Draw a label and its value in bold, on one line of paper if they fit."""
    em, words, values = _EM[size], _words(label, False), _words(value, True)
    together = [*words, *values]
    lines = [together] if _length(together, em) <= width else [*_wrap(words, em, width), *_wrap(values, em, width)]
    return [_draw_line(line, em, align, across) for line in lines]


def draw_item(mark: str, text: str, size: Size, *, width: int, across: int = 1) -> list[Band]:
    """Draw an entry of a list: its mark on the left, its text set in beside it on every line."""
    em = _EM[size]
    indent = _round_up(round(em * 1.3))
    lines = [_draw_line(line, em, "left", across) for line in _filled(_words(text, False), em, width - indent)]
    marked = _draw_line(_words(mark, True), em, "left", across)
    return [_set_in(line, indent // across, marked if place == 0 else None) for place, line in enumerate(lines)]


def draw_logo(logo: Logo, *, width: int) -> Band:
    """Draw the hall's picture in black and white dots, at most as wide as the paper."""
    grey = Image.frombytes("L", (logo.width, logo.height), logo.grey)
    if grey.width > width:
        grey = grey.resize((width, max(1, round(grey.height * width / grey.width))), Image.Resampling.LANCZOS)
    ink = ImageChops.invert(grey.convert("1"))
    return Band(_pad(ink, logo.align), align=logo.align)


def draw_ruler(*, width: int, dots_per_mm: float) -> Band:
    """Draw a scale of millimetres from the first dot to the last: long strokes are centimetres."""
    image = Image.new("1", (width, 40))
    pen = ImageDraw.Draw(image)
    for millimetre in range(int(width / dots_per_mm) + 1):
        left = min(round(millimetre * dots_per_mm), width - 1)
        length = 24 if millimetre % 10 == 0 else 16 if millimetre % 5 == 0 else 10
        pen.line((left, 0, left, length), fill=_INK)
        if millimetre % 10 == 0 and millimetre:
            pen.text((left - 4, 38), str(millimetre), fill=_INK, font=_font(_EM[Size.SMALL] - 5, False), anchor="rs")
    pen.rectangle((0, 0, width - 1, 1), fill=_INK)
    return Band(image)


def draw_banner(text: str, *, width: int, across: int = 1) -> list[Band]:
    """Draw white text on black bars, one per line of paper."""
    em = _EM[Size.NORMAL]
    lines = _wrap(_words(text, True), em, width - 2 * _BAR_MARGIN)
    return [_draw_bar(line, em, across) for line in lines]


def draw_number(text: str, size: Size = Size.LARGE, *, width: int) -> Band:
    """Draw a ticket's number as large as the width allows, up to 16 mm high, to be printed at double scale."""
    em = (_NUMBER_EM if size is Size.LARGE else _SMALLER_NUMBER_EM) // 2
    em = min(em, int(em * (width // 2 - 8) / _font(em, True).getlength(text)))
    return Band(_draw_line(_words(text, True), em, "center").image, across=2, down=2)


def draw_qr(data: str) -> Band:
    """Draw a QR code without its quiet zone, to be printed at double scale."""
    code = draw_modules(data, qr_module_dots(data) // 2)
    return Band(_pad(code, "center"), across=2, down=2)


def draw_modules(data: str, dots: int) -> Image.Image:
    """Draw a QR code without its quiet zone, `dots` per module."""
    matrix = qr_matrix(data)
    image = Image.new("1", (len(matrix), len(matrix)))
    image.putdata([_INK * dark for row in matrix for dark in row])
    return image.resize((len(matrix) * dots, len(matrix) * dots), Image.Resampling.NEAREST)


@lru_cache(maxsize=64)
def qr_matrix(data: str) -> list[list[bool]]:
    """Return the modules of a QR code of middle error correction, without quiet zone."""
    code: Any = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(data.encode())
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def qr_module_dots(data: str) -> int:
    """Return the even number of dots per module, 4 to 8, that brings the QR code nearest to its width."""
    return min((4, 6, 8), key=lambda dots: abs(len(qr_matrix(data)) * dots - _QR_DOTS))


def draw_rule(width: int) -> Band:
    """Draw a dashed line across the paper."""
    image = Image.new("1", (width // 2 // 8 * 8, 1))
    pen = ImageDraw.Draw(image)
    for left in range(1, image.width, 6):
        pen.rectangle((left, 0, left + 3, 0), fill=_INK)
    return Band(image, across=2, down=2)


def _draw_line(words: list[_Word], em: int, align: Align, across: int = 1) -> Band:
    """Draw one line of paper and trim it to its ink."""
    image, baseline = _ink(words, em, across)
    box = image.getbbox()
    if box is None:
        return Band(Image.new("1", (8, 1)), above=round(em * _LINE) - 1)
    left, top, right, bottom = box
    start = min(left, em // across) if align == "left" else left
    above = top - baseline + round(em * _BASELINE)
    below = baseline + round(em * _LINE) - round(em * _BASELINE) - bottom
    return Band(_pad(image.crop((start, top, right, bottom)), align), max(0, above), max(0, below), align, across)


def _ink(words: list[_Word], em: int, across: int) -> tuple[Image.Image, int]:
    """Draw words on a canvas with room on all sides; returns it with the row of the baseline.

    Grey letters are drawn and then made black or white: drawn in black and white at once, the font's hints
    lift letters with stacked accents off the baseline.
    """
    baseline = round(em * 1.6)
    image = Image.new("L", (round(_length(words, em)) + 2 * em, baseline + em))
    pen = ImageDraw.Draw(image)
    left = float(em)
    for word in words:
        pen.text((round(left), baseline), word.text, fill=_INK, font=_font(em, word.bold), anchor="ls")
        left += _word_length(word, em) + _space(em)
    if across > 1:
        image = image.resize((image.width // across, image.height), Image.Resampling.BOX)
    return image.point(lambda grey: _INK * (grey >= _BLACK_FROM[across]), "1"), baseline


def _set_in(line: Band, indent: int, mark: Band | None) -> Band:
    """A line of a list moved to the right, with the mark of its entry if it is the first; both on one baseline."""
    bands = [line, mark] if mark else [line]
    above = min(band.above for band in bands)
    height = max(band.above + band.image.height for band in bands) - above
    image = Image.new("1", (indent + line.image.width, height))
    image.paste(line.image, (indent, line.above - above))
    if mark:
        image.paste(mark.image, (0, mark.above - above), mark.image)
    below = line.above + line.image.height + line.below - above - height
    return Band(_pad(image, "left"), above, below, "left", line.across)


def _draw_bar(words: list[_Word], em: int, across: int) -> Band:
    """Draw one line white on black."""
    text = _draw_line(words, em, "center", across)
    above, below = text.above + 2, text.below + 2
    size = (_round_up(text.image.width + 2 * _BAR_MARGIN // across), above + text.image.height + below)
    bar = Image.new("1", size)
    bar.paste(text.image, ((size[0] - text.image.width) // 2, above))
    return Band(ImageChops.invert(bar), across=across)


def _pad(image: Image.Image, align: Align) -> Image.Image:
    """Widen a picture to whole bytes on the side where its alignment does not show."""
    width = _round_up(image.width)
    left = {"left": 0, "center": (width - image.width) // 2, "right": width - image.width}[align]
    padded = Image.new("1", (width, image.height))
    padded.paste(image, (left, 0))
    return padded


def _round_up(dots: int) -> int:
    """The next multiple of 8."""
    return -(-dots // 8) * 8


def _words(text: str, bold: bool) -> list[_Word]:
    """The words of a text; a no-break space keeps two together."""
    return [_Word(word, bold) for word in text.split(" ") if word]


def _wrap(words: list[_Word], em: int, width: int) -> list[list[_Word]]:
    """Break words into the fewest lines that fit, and those into lines of about equal length."""
    pieces = [piece for word in words for piece in _break_word(word, em, width)]
    lines = _fill(pieces, em, width)
    narrow, wide = width // 2, width
    while wide - narrow > 8:
        middle = (narrow + wide) // 2
        tighter = _fill(pieces, em, middle)
        fits = len(tighter) == len(lines) and all(_length(line, em) <= middle for line in tighter)
        narrow, wide = (narrow, middle) if fits else (middle, wide)
    return _fill(pieces, em, wide)


def _filled(words: list[_Word], em: int, width: int) -> list[list[_Word]]:
    """Break words into lines that are as full as they can be, for text that begins at one edge."""
    return _fill([piece for word in words for piece in _break_word(word, em, width)], em, width)


def _fill(words: list[_Word], em: int, width: int) -> list[list[_Word]]:
    """Put as many words on each line as fit."""
    lines: list[list[_Word]] = [[]]
    for word in words:
        if lines[-1] and _length([*lines[-1], word], em) > width:
            lines.append([])
        lines[-1].append(word)
    return lines


def _break_word(word: _Word, em: int, width: int) -> list[_Word]:
    """Break a word that is wider than the paper."""
    if _length([word], em) <= width:
        return [word]
    fitting = len(word.text) - 1
    while fitting > 1 and _length([_Word(word.text[:fitting], word.bold)], em) > width:
        fitting -= 1
    return [_Word(word.text[:fitting], word.bold), *_break_word(_Word(word.text[fitting:], word.bold), em, width)]


def _length(words: list[_Word], em: int) -> float:
    """How wide words are on one line, in dots; a little more than their ink, which may lean out."""
    return sum(_word_length(word, em) for word in words) + _space(em) * (len(words) - 1) + 4


@lru_cache(maxsize=4096)
def _word_length(word: _Word, em: int) -> float:
    """How wide a word is, in dots; the same few words are measured again and again."""
    return _font(em, word.bold).getlength(word.text)


def _space(em: int) -> float:
    """The width of a space in dots."""
    return em * 0.26
