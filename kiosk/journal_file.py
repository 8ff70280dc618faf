"""The file of a journal: opened, checked and, where it is damaged, moved aside.

SQLite through APSW, WAL with synchronous=FULL: NORMAL loses commits at a power cut (sqlite.org/pragma.html). Every row
carries a checksum, since SQLite does not notice a flipped bit within a row.
"""

import logging
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import apsw
import msgspec

SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE entries (place INTEGER PRIMARY KEY, request_id TEXT NOT NULL UNIQUE, made_at TEXT NOT NULL,
                      done INTEGER NOT NULL, body BLOB NOT NULL, checksum INTEGER NOT NULL) STRICT;
CREATE TABLE blocks (block_id TEXT PRIMARY KEY, body BLOB NOT NULL, checksum INTEGER NOT NULL) STRICT;
CREATE TABLE kept (name TEXT PRIMARY KEY, body BLOB NOT NULL, checksum INTEGER NOT NULL) STRICT;
"""
ROWS = {
    "entries": "SELECT request_id, body, checksum FROM entries ORDER BY place",
    "blocks": "SELECT block_id, body, checksum FROM blocks ORDER BY block_id",
    "kept": "SELECT name, body, checksum FROM kept ORDER BY name",
}
Row = tuple[str, bytes, int]
UNREADABLE = (msgspec.DecodeError, ValueError, TypeError, AttributeError)
"""What reading rows may raise that are not as they were written."""
_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class JournalFault(Exception):
    """A journal can't be opened here: in use by another program, not allowed, or the disk is full."""


class JournalDamaged(Exception):
    """What stands in the file is not what was written there."""


def connect(path: Path | None) -> apsw.Connection:
    """Open a journal's file, made if it is not there; without a path in memory.

    Raises JournalFault or JournalDamaged.
    """
    try:
        return _checked(_opened(path))
    except apsw.BusyError as fault:
        raise JournalFault(f"{path}: in use by another kiosk program") from fault
    except (apsw.CantOpenError, apsw.PermissionsError, apsw.ReadOnlyError, apsw.FullError, OSError) as fault:
        raise JournalFault(f"{path}: {fault}") from fault
    except (apsw.Error, *UNREADABLE) as fault:
        raise JournalDamaged(f"{type(fault).__name__}: {fault}") from fault


def _opened(path: Path | None) -> apsw.Connection:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    db = apsw.Connection(":memory:" if path is None else str(path))
    try:
        db.pragma("locking_mode", "EXCLUSIVE")
        db.pragma("journal_mode", "WAL")
        db.pragma("synchronous", "FULL")
        db.pragma("secure_delete", True)
        if not db.pragma("user_version"):
            _create(db)
    except BaseException:
        db.close()
        raise
    return db


def _create(db: apsw.Connection) -> None:
    with db:
        db.execute(_SCHEMA)
        db.pragma("user_version", SCHEMA_VERSION)


def _checked(db: apsw.Connection) -> apsw.Connection:
    """A journal whose every page and row is as it was written; else it is closed."""
    try:
        if (version := db.pragma("user_version")) != SCHEMA_VERSION:
            raise JournalDamaged(f"of version {version}, known is {SCHEMA_VERSION}")
        if (found := db.pragma("integrity_check")) != "ok":
            raise JournalDamaged(str(found)[:200])
        for table in ROWS:
            for row in rows(db, table):
                body_of(*row)
    except BaseException:
        db.close()
        raise
    return db


def rows(db: apsw.Connection, table: str) -> Iterator[Row]:
    """The rows of a table: name, body and checksum."""
    return iter(db.execute(ROWS[table]))


def summed(name: str, body: bytes) -> Row:
    """A row as it is stored."""
    return name, body, zlib.crc32(body, zlib.crc32(name.encode()))


def body_of(name: str, body: bytes, checksum: int) -> bytes:
    """What stands in a row; raises JournalDamaged."""
    if summed(name, body)[2] != checksum:
        raise JournalDamaged(f"{name[:64]!r} is not as it was written")
    return body


def move_aside(path: Path) -> Path:
    """Give a damaged journal another name; returns it."""
    number = 1
    while (aside := path.with_name(f"{path.name}.damaged-{number}")).exists():
        number += 1
    for ending in ("-wal", "-shm", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    return aside


def salvage(path: Path, decoder: "msgspec.json.Decoder[_T]") -> list[_T]:
    """The entries of a damaged journal that can still be read and are as they were written."""
    found: list[_T] = []
    try:
        db = apsw.Connection(str(path))
    except apsw.Error:
        return found
    try:
        for row in rows(db, "entries"):
            _salvage_row(row, decoder, found)
    except (apsw.Error, *UNREADABLE) as fault:
        _log.error("%s can be read only in part: %s", path, fault)
    finally:
        db.close()
    return found


def _salvage_row(row: Row, decoder: "msgspec.json.Decoder[_T]", found: list[_T]) -> None:
    try:
        found.append(decoder.decode(body_of(*row)))
    except (JournalDamaged, *UNREADABLE) as fault:
        _log.error("an entry is lost: %s", fault)
