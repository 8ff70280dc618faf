"""Printer models: what a kind of printer can do, read from `config/printers/*.toml`."""

import difflib
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from config.faults import Fault
from config.settings import ROOT
from config.texts import FALLBACK, text
from printers.base import PrinterSetupError
from printers.documents import PrinterFileError, read_document

_FOLDER = ROOT / "printers"

Flow = Literal["none", "rtscts", "xonxoff"]
BAUDS = (9600, 19200, 38400, 57600, 115200, 230400)
Page = Annotated[int, Meta(ge=0, le=255)]


class PrinterModel(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a kind of printer can do."""

    title: Annotated[str, Meta(min_length=1, max_length=100)]
    width_dots: Annotated[int, Meta(ge=256, le=1024, multiple_of=8)]
    """The printable width: 576 for 80 mm paper, 384 for 58 mm, at 8 dots per mm."""
    dots_per_mm: Annotated[float, Meta(ge=5, le=24)] = 8.0
    """How many rows a millimetre of paper takes, to know how much paper is left."""
    native_qr: bool
    """It draws QR codes itself (GS ( k)."""
    status: bool
    """It answers DLE EOT 1, 2 and 4."""
    barrier: bool
    """It answers GS r 1 only after all commands before it were carried out."""
    clears: bool = False
    """It forgets what it holds when told to (DLE DC4 8), so that a ticket that stopped is surely over."""
    cutter: Literal["none", "partial", "full"]
    """How it cuts; with none the paper is fed to the tear-off edge."""
    memory: Literal["none", "graphics"] = "none"
    """`graphics`: it keeps pictures under a key and lists them (GS ( L 64, 67, 69), so that they travel once."""
    text: Literal["raster", "tcvn"] = "raster"
    """`tcvn`: it has both TCVN-3 code pages, and prints Vietnamese in its own letters."""
    tcvn_lower_page: Page | None = None
    """The number of the page with small Vietnamese letters (ESC t)."""
    tcvn_upper_page: Page | None = None
    """The number of the page with capital ones."""
    motion_units: bool = False
    """It must be told that feeds count dots (GS P)."""
    tear_dots: Annotated[int, Meta(ge=0, le=400)] = 120
    """From the last printed row to the tear-off edge; only without a cutter."""
    cut_dots: Annotated[int, Meta(ge=0, le=400)] = 110
    """From the last printed row to the knife: paper that every cut costs."""
    settle_seconds: Annotated[float, Meta(ge=0, le=30)] = 2.5
    """How long a ticket takes to print; without a barrier the printer is asked again only then."""
    answer_seconds: Annotated[float, Meta(gt=0, le=10)] = 0.7
    """How long a status answer may take."""
    baud: Annotated[int, Meta(ge=1200, le=921600)] = 115200
    """The speed of its serial line, unless the address says another."""
    flow: Flow = "none"
    """How its serial line says that it must wait, unless the address says otherwise."""
    roll_metres: Annotated[float, Meta(gt=0, le=1000)] = 80.0
    """How long a new roll is."""
    near_end_metres: Annotated[float, Meta(ge=0, le=100)] = 0.0
    """How much paper is left when its near-end sensor speaks; 0: it has none, or nobody knows."""

    @property
    def width_mm(self) -> float:
        """The printable width."""
        return self.width_dots / self.dots_per_mm


def model_names() -> list[str]:
    """The names of all known models."""
    return sorted(path.stem for path in _FOLDER.glob("*.toml"))


@cache
def load_model(name: str) -> PrinterModel:
    """Read the model of this name; raises PrinterSetupError for an unknown name or a faulty file."""
    if name not in model_names():
        nearest = difflib.get_close_matches(name, model_names(), n=1, cutoff=0.4)
        raise PrinterSetupError("printer model", name, f"one of {', '.join(model_names())}", next(iter(nearest), None))
    return read_model(_FOLDER / f"{name}.toml")


def read_model(path: Path, language: str = FALLBACK) -> PrinterModel:
    """Read one model file; raises PrinterFileError with every faulty key."""
    model = read_document(path, PrinterModel, language)
    if faults := [*_page_faults(path, model, language), *_baud_faults(path, model, language)]:
        raise PrinterFileError(faults, language)
    return model


def _page_faults(path: Path, model: PrinterModel, language: str) -> list[Fault]:
    """TCVN text needs both pages."""
    pages = {"tcvn_lower_page": model.tcvn_lower_page, "tcvn_upper_page": model.tcvn_upper_page}
    missing = [name for name, page in pages.items() if model.text == "tcvn" and page is None]
    return [Fault(path, name, "", text("printers.model_pages", language)) for name in missing]


def _baud_faults(path: Path, model: PrinterModel, language: str) -> list[Fault]:
    """Serial lines have only certain speeds."""
    if model.baud in BAUDS:
        return []
    choices = text("faults.choice", language, choices=", ".join(map(str, BAUDS)))
    closest = min(BAUDS, key=lambda baud: abs(baud - model.baud))
    return [Fault(path, "baud", str(model.baud), choices, str(closest))]
