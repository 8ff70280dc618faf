"""Reads a hall's ticket template and its logo; a bad one is refused with file, key, value and what was expected."""

from pathlib import Path

from PIL import Image, UnidentifiedImageError

from config.faults import Fault, shown
from config.names import nearest
from config.texts import FALLBACK, languages, text
from printers.documents import PrinterFileError, read_document
from printers.lines import Logo
from printers.template import PaperLine, TemplateFile, TicketTemplate
from printers.usual_template import completed, default_template

_KINDS = ("ticket", "place", "come_back", "procedure", "test")
_DOTS_PER_MM = 8
_LARGEST_LOGO = (640, 800)
"""Dots: wider than any paper, and as high as a hand."""


def load_template(path: Path, language: str = FALLBACK) -> TicketTemplate:
    """The template at `path`, complete and with its logo; raises PrinterFileError with every fault."""
    written = read_document(path, TemplateFile, language)
    faults = [fault for kind in _KINDS for fault in _line_faults(path, kind, getattr(written, kind), language)]
    logo = _logo(path, written, language, faults)
    if faults:
        raise PrinterFileError(faults, language)
    return completed(written, default_template(), logo)


def _line_faults(path: Path, kind: str, lines: list[PaperLine], language: str) -> list[Fault]:
    """What is wrong with the words of a paper's lines."""
    faults = []
    for place, line in enumerate(lines, 1):
        key = f"{kind}[{place}].text"
        if line.line == "text" and not line.text:
            faults.append(Fault(path, key, "", text("printers.template_words", language)))
        for name in line.text:
            if name not in languages():
                expected = text("printers.template_language", language, languages=", ".join(languages()))
                faults.append(Fault(path, f"{key}.{name}", "", expected, nearest(name, languages())))
    return faults


def _logo(path: Path, written: TemplateFile, language: str, faults: list[Fault]) -> Logo | None:
    """The logo in grey, on white, as large as it is printed; none without one, or with a fault."""
    if not written.logo:
        return None
    file = path.parent / written.logo
    try:
        with Image.open(file, formats=("PNG",)) as picture:
            grey = _on_white(picture)
    except (OSError, ValueError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        reason = getattr(error, "strerror", None) or text("printers.not_png", language)
        expected = text("printers.template_logo", language, path=file, reason=reason)
        faults.append(Fault(path, "logo", shown(written.logo), expected))
        return None
    grey = _scaled(grey, round(written.logo_width_mm * _DOTS_PER_MM))
    return Logo(grey.width, grey.height, grey.tobytes())


def _on_white(picture: Image.Image) -> Image.Image:
    """A picture in grey; what is transparent in it becomes white."""
    colours = picture.convert("RGBA")
    white = Image.new("RGBA", colours.size, "white")
    return Image.alpha_composite(white, colours).convert("L")


def _scaled(grey: Image.Image, width: int) -> Image.Image:
    """A picture at the width asked for, in its proportions, and never larger than a paper can take."""
    factor = width / grey.width if width else 1.0
    factor = min(factor, _LARGEST_LOGO[0] / grey.width, _LARGEST_LOGO[1] / grey.height)
    size = (max(1, round(grey.width * factor)), max(1, round(grey.height * factor)))
    return grey if size == grey.size else grey.resize(size, Image.Resampling.LANCZOS)
