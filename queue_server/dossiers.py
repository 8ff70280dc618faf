"""Looks dossiers up in a file (CSV or XLSX) that another system writes; it is read again when it changed."""

import logging
import os
import threading
from pathlib import Path

from config.columns import Row, UnreadableListError
from config.names import folded
from config.rows import rows_of
from config.settings import HallFile
from config.texts import text
from protocol.errors import NoDossiers
from queue_server.cases.dossiers import Dossier, key_of
from queue_server.dossier_rows import BadCell, NoHeaderError, dossiers_of

LOOK_SECONDS = 2.0
"""How often the file is looked at; one that changed is read when it stayed the same from one look to the next."""
MOST_BYTES = 64 * 1024 * 1024
_MOST_TOLD = 20
_Stamp = tuple[int, int, int]
_log = logging.getLogger(__name__)


class _UnusableError(Exception):
    """The file can't be used as it is now; the message says why."""


class FileDossiers:
    """Dossiers in a file; a thread of its own reads it, so that a slow disk or network share holds nobody up.

    `service_id`: where results are fetched if a row does not say. A file that is gone, half written or no list leaves
    what was read before; the log says so once.
    """

    def __init__(self, path: Path, services: dict[str, str], service_id: str | None = None) -> None:
        self._path, self._services, self._service_id = path, services, service_id
        self._dossiers: dict[str, Dossier] | None = None
        self._seen: _Stamp | None = None
        self._read: _Stamp | None = None
        self._said = ""
        self._known_bad: set[tuple[str, str]] = set()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="dossiers", daemon=True)

    def look_up(self, code: str, /) -> Dossier | None:
        """The dossier of a code, if it is listed; raises NoDossiers as long as no file could be read."""
        if self._dossiers is None:
            raise NoDossiers
        return self._dossiers.get(key_of(code))

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def close(self) -> None:
        """Stop reading; a read that a dead share holds up is left behind."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=2)

    def look(self) -> None:
        """Look at the file once, and read it if it is new; what the thread does every `LOOK_SECONDS`."""
        try:
            stamp = self._stamp()
            settled = stamp == self._seen or self._dossiers is None
            self._seen = stamp
            if stamp != self._read and settled:
                self._read = stamp
                self._take()
        except _UnusableError as fault:
            self._say(str(fault))

    # ---- the reading thread ----

    def _run(self) -> None:
        self.look()
        while not self._stop.wait(LOOK_SECONDS):
            self.look()

    def _stamp(self) -> _Stamp:
        try:
            found = self._path.stat()
        except (OSError, ValueError) as error:
            self._seen = self._read = None
            raise _UnusableError(f"can't be found ({getattr(error, 'strerror', None) or error})") from error
        if found.st_size > MOST_BYTES:
            raise _UnusableError(f"has {found.st_size} bytes, expected at most {MOST_BYTES}")
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _take(self) -> None:
        try:
            rows = list(rows_of(self._path))
            if _cut_off(self._path, rows):
                raise _UnusableError("is half written: its last row is not complete")
            dossiers, bad = dossiers_of(rows, self._services, self._service_id)
        except UnreadableListError as error:
            raise _UnusableError(text(f"import.{error.code}", "en", **error.facts)) from error
        except NoHeaderError as error:
            raise _UnusableError("has no header with a column for codes and one for states") from error
        except (OSError, MemoryError) as error:
            self._read = None  # the next look may find it readable
            raise _UnusableError(f"can't be read ({error})") from error
        self._dossiers, self._said = dossiers, ""
        _log.info("%s: %d dossiers", self._path, len(dossiers))
        self._tell(bad)

    def _tell(self, bad: list[BadCell]) -> None:
        """Report what can't be used, each once as long as it stands there."""
        new = {cell.what: cell for cell in reversed(bad) if cell.what not in self._known_bad}
        for cell in sorted(new.values(), key=lambda cell: cell.row)[:_MOST_TOLD]:
            _log.warning(
                "%s: row %d: %s = %r: expected %s", self._path, cell.row, cell.column, cell.value, cell.expected
            )
        if len(new) > _MOST_TOLD:
            _log.warning("%s: and %d more like these", self._path, len(new) - _MOST_TOLD)
        self._known_bad = {cell.what for cell in bad}

    def _say(self, why: str) -> None:
        """Say once for each reason that the file can't be used, and what holds instead."""
        if why != self._said:
            self._said = why
            kept = "there is nothing to look up" if self._dossiers is None else "what was read before still holds"
            _log.warning("%s: %s: %s", self._path, why, kept)


def dossiers_of_hall(hall_path: Path, hall: HallFile) -> FileDossiers | None:
    """Where a hall looks dossiers up, not yet started; none if its file names none."""
    if not hall.dossiers.file:
        return None
    services = {folded(word): each.id for each in hall.services for word in (each.name_en, each.name, each.id)}
    return FileDossiers(hall_path.parent / hall.dossiers.file, services, hall.dossiers.service)


def _cut_off(path: Path, rows: list[Row]) -> bool:
    """Whether a text file ends within a row: no line end, and fewer cells than the row before."""
    if len(rows) < 2 or len(rows[-1][1]) >= len(rows[-2][1]):
        return False
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) not in b"\r\n\0"
