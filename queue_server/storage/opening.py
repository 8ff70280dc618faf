"""Open a hall's database: lay out a new one, refuse one that another version of the program wrote."""

import secrets
from pathlib import Path

import apsw

from queue_server.storage.base import StorageFault

SCHEMA_VERSION = b"3"
BUSY_MILLISECONDS = 5000
_CHECKPOINT_PAGES = 1000
_SCHEMA = Path(__file__).parent / "schema.sql"


def open_database(path: Path, *, writing: bool) -> apsw.Connection:
    """A connection to a hall's database, made if it does not exist and `writing` is on; raises StorageFault."""
    db = _connect(path, writing)
    if writing and not db.pragma("user_version"):
        _create(db)
    _check_version(db, path)
    return db


def _connect(path: Path, writing: bool) -> apsw.Connection:
    if not writing:
        db = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        db.execute("BEGIN")  # a hall that runs on must look the same from first to last
        return db
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    db = apsw.Connection(str(path))
    db.set_busy_timeout(BUSY_MILLISECONDS)
    db.pragma("journal_mode", "wal")
    db.pragma("synchronous", "FULL")
    db.pragma("secure_delete", "ON")  # what is erased must not stay in freed pages
    db.pragma("cache_size", -64_000)
    db.wal_autocheckpoint(_CHECKPOINT_PAGES)
    return db


def _create(db: apsw.Connection) -> None:
    """Lay out a new database, whole or not at all."""
    with db:
        db.execute(_SCHEMA.read_text(encoding="utf-8"))
        new = {
            "schema_version": SCHEMA_VERSION,
            "epoch": secrets.token_hex(8).encode(),
            "token_key": secrets.token_bytes(32),
        }
        db.executemany("INSERT INTO meta VALUES (?, ?)", new.items())
        db.pragma("user_version", 1)


def _check_version(db: apsw.Connection, path: Path) -> None:
    found = db.execute("SELECT value FROM meta WHERE key = 'schema_version'").get
    if not isinstance(found, bytes):
        raise StorageFault("this is no hall's database: its schema_version is missing")
    if found != SCHEMA_VERSION:
        raise StorageFault(
            f"{path}: its schema version is {found.decode()}, this program's is {SCHEMA_VERSION.decode()}: "
            "start the program that wrote it, or update this one"
        )
