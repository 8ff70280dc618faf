"""Where a hall looks dossiers up: the service of their results, the way to it by a code, and the file itself."""

from pathlib import Path

from config.checking.references import Document, check_known
from config.faults import Faults
from config.settings import Dossiers, Purpose
from config.tables import table, tables


def check_dossiers(document: Document, faults: Faults) -> None:
    """Note a service that the hall does not have, and a purpose that leads to dossiers where there are none."""
    dossiers = table(document, "dossiers", Dossiers)
    check_known(dossiers.key_of("service"), dossiers.value("service", str), document, "services", faults)
    if dossiers.value("file", str):
        return
    for purpose in tables(document, "purposes", Purpose):
        if purpose.value("by_code", bool):
            faults.add(purpose.key_of("by_code"), True, "by_code_nowhere")


def check_dossiers_file(path: Path, dossiers: Dossiers, faults: Faults) -> None:
    """Note a file of dossiers that is not there; `path` is the hall file's.

    For who checks a hall file, not for who starts a hall: the other system may write its file later.
    """
    listed = path.parent / dossiers.file
    if dossiers.file and not _is_file(listed):
        faults.add("dossiers.file", dossiers.file, "no_dossiers_file", path=listed)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False
