"""Reads the TOML files that describe printers and papers; a bad one is refused with all its faults at once."""

import tomllib
import unicodedata
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from config.faults import ABSENT, Fault, Faults
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
    document = _parsed(path, faults)
    if document is not None:
        compare(document, kind, "", faults)
    if faults.found:
        raise PrinterFileError(faults.found, language)
    return msgspec.convert(document, kind)


def _parsed(path: Path, faults: Faults) -> dict[str, object] | None:
    """The document in NFC; none, and a fault, if it cannot be read."""
    try:
        return tomllib.loads(unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        faults.add("", ABSENT, "unreadable", reason=error.strerror or error)
    except UnicodeDecodeError as error:
        faults.add("", ABSENT, "not_utf8", place=error.start)
    except (ValueError, RecursionError) as error:
        faults.add("", ABSENT, "not_toml", reason=error)
    return None
