"""A disk that writes down what SQLite does to it, and fails or dies when told: an APSW VFS under the real storage."""

import contextlib
import errno
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple
from unittest.mock import patch

import apsw

from queue_server.storage import sqlite

Kind = Literal["create", "write", "truncate", "sync", "failed_sync", "delete"]


class Operation(NamedTuple):
    """One step: `place` is the offset of a write or the size of a truncate."""

    kind: Kind
    file: str
    place: int = 0
    data: bytes = b""


Fault = Callable[[Operation, int], int]
"""What an operation, counted from 0, ends in: 0, or the code of SQLite's fault; it may also end the process."""


def sound(_operation: Operation, _count: int) -> int:
    """Nothing fails."""
    return 0


@dataclass
class Disk:
    """What happened so far, and what is to happen."""

    fault: Fault = sound
    keep: bool = True
    """Whether operations are kept, or only counted."""
    operations: list[Operation] = field(default_factory=list)
    count: int = 0

    def meet(self, operation: Operation) -> None:
        """Let an operation meet its fault; raises apsw.Error."""
        code = self.fault(operation, self.count)
        self.count += 1
        if not code:
            self._note(operation)
            return
        if operation.kind == "sync":
            self._note(operation._replace(kind="failed_sync"))
        raise apsw.exception_for(code)

    def write_again(self, path: Path) -> None:
        """What the storage does to a log that it finds, told to this disk; raises OSError."""
        if not path.exists():
            return
        try:
            self.meet(Operation("write", path.name, 0, path.read_bytes()))
            self.meet(Operation("sync", path.name))
        except apsw.Error as fault:
            raise OSError(errno.EIO, str(fault)) from fault

    def _note(self, operation: Operation) -> None:
        if self.keep:
            self.operations.append(operation)


@contextlib.contextmanager
def disk_under(disk: Disk) -> Iterator[Disk]:
    """Let every database that is opened within lie on this disk, through the ordinary code.

    A VFS of Python has no shared memory, which WAL needs unless the database is locked by its one connection.
    """
    vfs = _Vfs(disk)
    apsw.connection_hooks.append(_alone)
    try:
        with patch.object(sqlite, "write_again", disk.write_again):
            yield disk
    finally:
        apsw.connection_hooks.remove(_alone)
        apsw.set_default_vfs("unix")
        vfs.unregister()


def _alone(db: apsw.Connection) -> None:
    db.pragma("locking_mode", "exclusive")


class _Vfs(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        super().__init__("watched", "unix", makedefault=True)
        self._disk = disk
        self._created: set[Path] = set()

    def xOpen(self, name: Any, flags: list[int]) -> "_File":  # noqa: N802 - SQLite's names
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        if path and self._is_new(Path(path)):
            self._disk.meet(Operation("create", Path(path).name))
            self._created.add(Path(path))
        return _File(self._disk, name, flags, Path(path).name if path else "")

    def _is_new(self, path: Path) -> bool:
        """Also when the storage made it, empty, with the mode that it wants."""
        return not path.exists() or (path not in self._created and not path.stat().st_size)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        self._disk.meet(Operation("delete", Path(filename).name, int(syncdir)))
        super().xDelete(filename, syncdir)


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int], file: str) -> None:
        self._disk = disk
        self._file = file
        super().__init__("unix", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._disk.meet(Operation("write", self._file, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        self._disk.meet(Operation("truncate", self._file, newsize))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self._disk.meet(Operation("sync", self._file))
        super().xSync(flags)
