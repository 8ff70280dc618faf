"""Printer models: what a kind of printer can do, read from `config/printers/*.toml`."""

import difflib
from functools import cache
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from config.settings import ROOT
from printers.base import PrinterSetupError

_FOLDER = ROOT / "printers"


class PrinterModel(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a kind of printer can do."""

    title: Annotated[str, Meta(min_length=1, max_length=100)]
    width_dots: Annotated[int, Meta(ge=256, le=1024, multiple_of=8)]
    """The printable width: 576 for 80 mm paper, 384 for 58 mm, at 8 dots per mm."""
    native_qr: bool
    """It draws QR codes itself (GS ( k)."""
    status: bool
    """It answers DLE EOT 1, 2 and 4."""
    barrier: bool
    """It answers GS r 1 only after all commands before it were carried out."""
    cutter: bool
    """It cuts; otherwise the paper is fed to the tear-off edge."""
    motion_units: bool = False
    """It must be told that feeds count dots (GS P)."""
    tear_dots: Annotated[int, Meta(ge=0, le=400)] = 120
    """From the last printed row to the tear-off edge; only without a cutter."""
    settle_seconds: Annotated[float, Meta(ge=0, le=30)] = 2.5
    """How long a ticket takes to print; without a barrier the printer is asked again only then."""
    answer_seconds: Annotated[float, Meta(gt=0, le=10)] = 0.7
    """How long a status answer may take."""


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


def read_model(path: Path) -> PrinterModel:
    """Read one model file; raises PrinterSetupError that names the faulty key."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=PrinterModel)
    except msgspec.DecodeError as error:
        raise PrinterSetupError("printer model file", str(path), str(error)) from error
