"""Reads the TOML files that describe printers and papers; a bad one is refused with all its faults at once."""

from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from config.documents import parsed
from config.faults import Fault, Faults, SettingsError
from config.shapes import compare
from config.texts import FALLBACK
from printers.base import PrinterSetupError

_S = TypeVar("_S", bound=Struct)


class PrinterFileError(PrinterSetupError):
    """A file that describes a printer or a paper can't be used; `faults` says all that is wrong with it."""

    def __init__(self, faults: list[Fault], language: str = FALLBACK) -> None:
        first = faults[0]
        super().__init__(str(first.file), first.value, first.expected, first.hint or None)
        self.args = ("\n".join(fault.line(language) for fault in faults),)
        self.faults = faults


def read_document(path: Path, kind: type[_S], language: str = FALLBACK) -> _S:
    """The file at `path` as a `kind`; raises PrinterFileError with every fault, told in `language`."""
    faults = Faults(path, language)
    try:
        document = parsed(path, faults)
        compare(document, kind, "", faults)
        faults.raise_if_any()
    except SettingsError as error:
        raise PrinterFileError(error.faults, language) from None
    return msgspec.convert(document, kind)
