"""The command line of the settings: `check FILE` and `catalogue import FILE -o OUT`."""

import argparse
import datetime as dt
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

from config.checking.certificate import certificate_notes, check_certificate
from config.checking.dossiers import check_dossiers_file
from config.faults import Faults, SettingsError
from config.importing import catalogue_import
from config.loading import catalogue_path, load_catalogue, load_hall
from config.settings import Catalogue, HallFile
from config.summary import hall_lines
from config.texts import FALLBACK, languages, text

__all__ = ["catalogue_import", "check", "main"]


def check(path: Path, language: str = FALLBACK) -> int:
    """Check a hall file and its catalogue; the exit code: 0 with a summary, 2 with every fault on stderr."""
    try:
        hall = load_hall(path, language)
        listed = catalogue_path(path, hall)
        catalogue = load_catalogue(listed, language) if listed else Catalogue(procedures=[])
        _check_files(path, hall, language)
    except SettingsError as error:
        sys.stderr.writelines(f"{fault.line(language)}\n" for fault in error.faults)
        sys.stderr.write(text("check.faults", language, count=len(error.faults)) + "\n")
        return 2
    today = dt.datetime.now(ZoneInfo(hall.hall.zone)).date()
    lines = hall_lines(hall, catalogue.procedures, language, today)
    lines += certificate_notes(path, hall.network, language, dt.datetime.now(dt.UTC))
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


def _check_files(path: Path, hall: HallFile, language: str) -> None:
    """Raise SettingsError if files are missing or of no use without which a hall itself starts."""
    faults = Faults(path, language)
    check_dossiers_file(path, hall.dossiers, faults)
    check_certificate(path, hall.network, faults, dt.datetime.now(dt.UTC))
    faults.raise_if_any()


def main(arguments: list[str]) -> int:
    """Run the command that `arguments` name; the exit code."""
    if arguments[:2] == ["catalogue", "import"]:
        return catalogue_import(arguments[2:])
    parser = argparse.ArgumentParser("motcua", description=text("check.about"), epilog=text("check.also"))
    parser.add_argument("command", choices=["check"])
    parser.add_argument("file", type=Path, metavar="FILE", help=text("check.file"))
    parser.add_argument("--language", choices=languages(), default=FALLBACK)
    options = parser.parse_args(arguments)
    return check(options.file, options.language)
