"""Bring the database of an older program up to this one's schema: a copy beside it first, then step by step."""

import contextlib
import datetime as dt
import logging
from collections.abc import Callable
from pathlib import Path

import apsw
import msgspec

from protocol import codec
from queue_server.domain.chain import START, link
from queue_server.domain.rows import Epoch
from queue_server.storage.base import StorageFault
from queue_server.storage.faults import words_of
from queue_server.storage.in_place import put_in_place

SCHEMA_VERSION = 4
OLDEST = 3
"""Databases before this schema are not in use anywhere."""
log = logging.getLogger(__name__)


class MigrationWaits(StorageFault):
    """The database is an older program's and would be changed, which was not asked for: nothing was done."""

    def __init__(self, text: str, last_at: dt.datetime | None) -> None:
        super().__init__(text)
        self.last_at = last_at
        """When the log's last event happened, if it has one that can be read."""


def last_at(db: apsw.Connection) -> dt.datetime | None:
    """When the log's last event happened, whatever the schema; None: it has none, or none that can be read."""
    body = db.execute("SELECT body FROM events ORDER BY seq DESC LIMIT 1").get
    with contextlib.suppress(*codec.UNREADABLE, TypeError):
        return codec.decode_event(body).at
    return None


def schema_of(db: apsw.Connection, path: Path) -> int:
    """The schema version of a database; raises StorageFault if it is none, or not one that can be read here."""
    try:
        version = int(db.execute("SELECT value FROM meta WHERE key = 'schema_version'").get)
    except (apsw.SQLError, TypeError, ValueError) as fault:
        raise StorageFault(f"{path}: this is no hall's database: its schema_version is missing") from fault
    if version > SCHEMA_VERSION or version < OLDEST:
        raise StorageFault(
            f"{path}: its schema version is {version}, this program's is {SCHEMA_VERSION}: "
            "start the program that wrote it, or update this one"
        )
    return version


def migrate(db: apsw.Connection, path: Path, *, keep_copy: bool = True) -> None:
    """Take the steps from the database's schema to this program's, each whole or not at all; raises StorageFault.

    Before the first the database is copied to `<name>.schema-<n>` beside it: the program that wrote it can go on there.
    """
    found = schema_of(db, path)
    if found == SCHEMA_VERSION:
        return
    copy = _copy_beside(db, path, found) if keep_copy else None
    for version in range(found, SCHEMA_VERSION):
        try:
            _take_step(db, version)
        except (apsw.Error, *codec.UNREADABLE) as fault:
            raise StorageFault(
                f"{path}: it could not be brought from schema version {version} to {version + 1} ({fault}); "
                f"it is still of version {version}: start the program that wrote it, and ask for help"
            ) from fault
        log.warning("%s: brought from schema version %d to %d; its copy is %s", path, version, version + 1, copy)


def _take_step(db: apsw.Connection, version: int) -> None:
    with db:
        _STEPS[version](db)
        db.execute("UPDATE meta SET value = ? WHERE key = 'schema_version'", (str(version + 1).encode(),))


def copy_up_to_date(source: Path, target: Path) -> None:
    """Copy a database, check the copy's pages and chain, and bring it to this program's schema; raises StorageFault."""
    try:
        db = apsw.Connection(str(source), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            schema_of(db, source)
            target.touch(mode=0o600)
            _copy(db, source, target)
        finally:
            db.close()
        copy = apsw.Connection(str(target))
        try:
            migrate(copy, source, keep_copy=False)
        finally:
            copy.close()
    except apsw.Error as fault:
        raise StorageFault(f"{source} can't be copied: {words_of(fault)}") from fault


# ---- the copy beside it ----


def _copy_beside(db: apsw.Connection, path: Path, version: int) -> Path:
    """Copy and check the whole database; a copy of an attempt that was cut off is replaced by the newer one."""
    target = path.with_name(f"{path.name}.schema-{version}")
    temporary = target.with_name(target.name + ".new")
    try:
        temporary.unlink(missing_ok=True)
        temporary.touch(mode=0o600)
        _copy(db, path, temporary)
        put_in_place(temporary, target)
    except (apsw.Error, OSError) as fault:
        raise StorageFault(
            f"{path}: it is of schema version {version} and stays so: no copy could be made beside it: "
            f"{words_of(fault) if isinstance(fault, apsw.Error) else fault}"
        ) from fault
    finally:
        temporary.unlink(missing_ok=True)
    return target


def _copy(db: apsw.Connection, source: Path, target: Path) -> None:
    copy = apsw.Connection(str(target))
    try:
        with copy.backup("main", db, "main") as backup:
            backup.step(-1)
        copy.pragma("journal_mode", "delete")
        _check(copy, source)
    finally:
        copy.close()


def _check(db: apsw.Connection, path: Path) -> None:
    """The pages are sound and the log's chain is unbroken: that holds for every schema."""
    if (found := db.pragma("integrity_check")) != "ok":
        raise StorageFault(f"{path}: the database is damaged ({found}): restore a sound backup")
    previous = START
    for seq, body, hashed in db.execute("SELECT seq, body, hash FROM events ORDER BY seq"):
        previous = link(previous, body) if isinstance(body, bytes) else b""
        if previous != hashed:
            raise StorageFault(f"{path}: event {seq}: its hash does not fit: restore a sound backup")


# ---- the steps ----


def _with_epochs(db: apsw.Connection) -> None:
    """3 → 4: the state knows from which seq on the log is of which epoch; until now there was one."""
    first = db.execute("SELECT body FROM events WHERE seq = 1").get
    if first is not None:
        event = codec.decode_event(first)
        row = Epoch(event.epoch, event.seq, event.at)
        db.execute("INSERT INTO rows VALUES (?, ?)", (row.key, msgspec.json.encode(row)))


_STEPS: dict[int, Callable[[apsw.Connection], None]] = {3: _with_epochs}
"""What brings a schema to the next one; a step never changes once it was released."""
