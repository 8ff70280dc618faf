"""What a fault of SQLite says of the disk: full, failing, or neither."""

import errno

import apsw

from queue_server.storage.base import DiskFault, DiskFull, StorageFault

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
_SYNCING = (apsw.SQLITE_IOERR_FSYNC, apsw.SQLITE_IOERR_DIR_FSYNC)
_FAILING = (
    apsw.IOError,
    apsw.CorruptError,
    apsw.NotADBError,
    apsw.CantOpenError,
    apsw.ReadOnlyError,
    apsw.ConnectionClosedError,
    apsw.CursorClosedError,
)


def is_full(fault: apsw.Error, db: apsw.Connection) -> bool:
    """Whether a fault means that there was no space; a sync that says so has failed, and that is another matter."""
    if isinstance(fault, apsw.FullError):
        return True
    return isinstance(fault, apsw.IOError) and _detail(fault) not in _SYNCING and db.system_errno in _NO_SPACE


def _detail(fault: apsw.Error) -> int:
    return int(getattr(fault, "extendedresult", 0))


_IN_WORDS: dict[type[apsw.Error], str] = {
    apsw.FullError: "the disk is full",
    apsw.NotADBError: "this is no database, or its first page is damaged",
    apsw.CorruptError: "the database is damaged",
}
"""What SQLite itself says of these is at times "not an error"."""


def words_of(fault: apsw.Error) -> str:
    """A fault as a sentence begins."""
    return _IN_WORDS.get(type(fault), f"{type(fault).__name__}: {fault}")


def fault_of(fault: apsw.Error, *, full: bool = False, about: str = "") -> StorageFault:
    """The storage's own words for a fault of SQLite."""
    text = about + words_of(fault)
    if full:
        return DiskFull(text)
    return DiskFault(text) if isinstance(fault, _FAILING) else StorageFault(text)
