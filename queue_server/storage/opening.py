"""Open a hall's database: lay out a new one, migrate an older program's, refuse a newer one's."""

import secrets
from pathlib import Path

import apsw

from queue_server.storage.base import AnsweredLost, StorageFault
from queue_server.storage.in_place import LOST, finish_swap, refuse_half_swapped
from queue_server.storage.migrating import SCHEMA_VERSION, MigrationWaits, last_at, migrate, schema_of

BUSY_MILLISECONDS = 5000
_CHECKPOINT_PAGES = 1000
_SCHEMA = Path(__file__).parent / "schema.sql"


def open_database(path: Path, *, writing: bool, may_migrate: bool = True) -> apsw.Connection:
    """A connection to a hall's database, made if it does not exist and `writing` is on.

    Raises StorageFault; MigrationWaits if it is of an older schema and `may_migrate` is off.
    """
    db = _connect(path, writing)
    try:
        if writing and not db.pragma("user_version"):
            _create(db)
        _bring_up_to_date(db, path, writing=writing, may_migrate=may_migrate)
    except BaseException:
        db.close()
        raise
    return db


def _connect(path: Path, writing: bool) -> apsw.Connection:
    if not writing:
        refuse_half_swapped(path)
        db = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        db.execute("BEGIN")  # a hall that runs on must look the same from first to last
        return db
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    finish_swap(path)
    _refuse_lost(path)
    if not path.exists():
        path.touch(mode=0o600)  # it holds the key of the tokens; the files beside it get the same mode
    db = apsw.Connection(str(path))
    db.set_busy_timeout(BUSY_MILLISECONDS)
    db.pragma("journal_mode", "wal")
    db.pragma("synchronous", "FULL")
    db.pragma("secure_delete", "ON")  # what is erased must not stay in freed pages
    db.pragma("cache_size", -64_000)
    db.wal_autocheckpoint(_CHECKPOINT_PAGES)
    return db


def _refuse_lost(path: Path) -> None:
    marker = path.with_name(path.name + LOST)
    if marker.exists():
        raise AnsweredLost(marker.read_text(encoding="utf-8"))


def _create(db: apsw.Connection) -> None:
    """Lay out a new database, whole or not at all."""
    with db:
        db.execute(_SCHEMA.read_text(encoding="utf-8"))
        new = {
            "schema_version": str(SCHEMA_VERSION).encode(),
            "epoch": secrets.token_hex(8).encode(),
            "token_key": secrets.token_bytes(32),
        }
        db.executemany("INSERT INTO meta VALUES (?, ?)", new.items())
        db.pragma("user_version", 1)


def _bring_up_to_date(db: apsw.Connection, path: Path, *, writing: bool, may_migrate: bool) -> None:
    found = schema_of(db, path)
    if found == SCHEMA_VERSION:
        return
    older = f"{path}: its schema version is {found}, this program's is {SCHEMA_VERSION}"
    if not writing:
        raise StorageFault(f"{older}: start the server once, which copies it and brings it up to date")
    if not may_migrate:
        raise MigrationWaits(older, last_at(db))
    migrate(db, path)
