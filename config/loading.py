"""Reads hall files and catalogues from disk; a file that can't be used is refused with all its faults at once."""

from pathlib import Path
from typing import TypeVar

import msgspec

from config.checking import check_hall
from config.documents import parsed
from config.faults import Fault, Faults, SettingsError
from config.settings import Catalogue, HallFile, HallTable, Procedure
from config.shapes import compare
from config.tables import table, tables
from config.texts import FALLBACK

__all__ = ["Fault", "SettingsError", "catalogue_path", "load_catalogue", "load_hall"]

_S = TypeVar("_S", HallFile, Catalogue)


def load_hall(path: Path, language: str = FALLBACK, *, catalogue_needed: bool = True) -> HallFile:
    """The hall file at `path`, checked; raises SettingsError with every fault, told in `language`.

    Only the import, which may be about to write it, does not need the hall's catalogue to be there.
    """
    faults = Faults(path, language)
    document = parsed(path, faults)
    compare(document, HallFile, "", faults)
    check_hall(document, faults)
    if catalogue_needed:
        _check_catalogue(path, document, faults)
    faults.raise_if_any()
    return _convert(document, HallFile)


def load_catalogue(path: Path, language: str = FALLBACK) -> Catalogue:
    """The catalogue at `path`, checked; raises SettingsError with every fault, told in `language`."""
    faults = Faults(path, language)
    document = parsed(path, faults)
    compare(document, Catalogue, "", faults)
    _check_codes(document, faults)
    faults.raise_if_any()
    return _convert(document, Catalogue)


def catalogue_path(hall_path: Path, hall: HallFile) -> Path | None:
    """Where the hall's catalogue lies; None if it has none."""
    return hall_path.parent / hall.hall.catalogue if hall.hall.catalogue else None


def _convert(document: dict[str, object], kind: type[_S]) -> _S:
    return msgspec.convert(document, kind)


def _check_catalogue(path: Path, document: dict[str, object], faults: Faults) -> None:
    name = table(document, "hall", HallTable).value("catalogue", str)
    if not name:
        return
    listed = path.parent / name
    if not _is_file(listed):
        faults.add("hall.catalogue", name, "no_catalogue", path=listed)
        return
    try:
        load_catalogue(listed, faults.language)
    except SettingsError as error:
        faults.found += error.faults


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _check_codes(document: dict[str, object], faults: Faults) -> None:
    seen: set[str] = set()
    for procedure in tables(document, "procedures", Procedure):
        code = procedure.value("code", str)
        if code is not None and code in seen:
            faults.add(procedure.key_of("code"), code, "double")
        seen.add(code or "")
