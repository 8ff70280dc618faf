"""`catalogue import`: reads an official list of procedures and writes a hall's catalogue."""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

import msgspec
import tomli_w

from config.catalogue import Reader, Refusal, agencies_of
from config.columns import UnreadableListError
from config.faults import SettingsError, shown
from config.loading import load_hall
from config.mapping import Mapping
from config.rows import rows_of
from config.settings import HallFile, Procedure
from config.summary import unmapped_lines
from config.texts import FALLBACK, languages, text

_PROGRESS_ROWS = 1000


def catalogue_import(arguments: list[str]) -> int:
    """Run `catalogue import FILE -o OUT`; the exit code: 0 written, 1 the disk refused, 2 wrong input."""
    options = _options(arguments)
    try:
        hall = load_hall(options.hall, options.language, catalogue_needed=False) if options.hall else None
        reader = _read(options.file, options.out, hall, options.language)
        _write(options.out, reader.procedures)
    except SettingsError as error:
        return _fail(2, *(fault.line(options.language) for fault in error.faults))
    except UnreadableListError as error:
        return _fail(2, f"{options.file}: {text(f'import.{error.code}', options.language, **error.facts)}")
    except OSError as error:
        return _fail(1, text("import.unwritten", options.language, path=options.out, reason=error.strerror or error))
    _tell(sys.stdout, _summary(options.out, reader, hall, options.language))
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("motcua catalogue import", description=text("import.about"))
    parser.add_argument("file", type=Path, metavar="FILE", help=text("import.file"))
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="OUT", help=text("import.out"))
    parser.add_argument("--hall", type=Path, metavar="HALL", help=text("import.hall"))
    parser.add_argument("--language", choices=languages(), default=FALLBACK)
    return parser.parse_args(arguments)


def _read(file: Path, out: Path, hall: HallFile | None, language: str) -> Reader:
    """Everything the list holds; raises UnreadableListError if that is nothing, or if `out` can't be meant."""
    if out.is_dir() or not out.parent.is_dir() or out.resolve() == file.resolve():
        raise UnreadableListError("bad_out", path=out)
    reader = Reader(agencies_of(hall))
    taken = 0
    for taken, number in enumerate(reader.read(rows_of(file)), 1):
        if taken % _PROGRESS_ROWS == 0:
            _tell(sys.stderr, [text("import.progress", language, row=number)])
    _tell(sys.stderr, (_refusal_line(file, refusal, language) for refusal in reader.refusals))
    if not reader.procedures:
        raise UnreadableListError("nothing", count=taken)
    return reader


def _refusal_line(file: Path, refusal: Refusal, language: str) -> str:
    reason = text(f"import.{refusal.reason}", language, other=refusal.other)
    return text("import.refused", language, file=file, row=refusal.row, value=shown(refusal.value), reason=reason)


def _write(out: Path, procedures: list[Procedure]) -> None:
    """Replace `out` in one step, so that a reader finds the old catalogue or the new one."""
    tables = [{key: value for key, value in msgspec.to_builtins(each).items() if value} for each in procedures]
    content = tomli_w.dumps({"procedures": tables})
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(out)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _summary(out: Path, reader: Reader, hall: HallFile | None, language: str) -> list[str]:
    taken, refused = len(reader.procedures), len(reader.refusals)
    lines = [text("import.done", language, taken=taken, refused=refused, rows=taken + refused, path=out)]
    told = {
        name: sum(bool(getattr(each, name)) for each in reader.procedures) for name in ("fee", "time_limit", "papers")
    }
    lines.append(text("import.details", language, **told))
    if reader.without_unit:
        lines.append(text("import.without_unit", language, count=reader.without_unit))
    if hall is not None:
        lines += unmapped_lines(Mapping(hall), reader.procedures, language)
    return lines


def _tell(stream: TextIO, lines: Iterable[str]) -> None:
    stream.writelines(f"{line}\n" for line in lines)


def _fail(code: int, *lines: str) -> int:
    _tell(sys.stderr, lines)
    return code
