"""What a power cut leaves of files: what was synced, and of the rest whatever the disk happened to have written.

Of writes since the last sync a cut keeps none, all, the first ones, or any; whole or in part, sector by sector. Names
come and go in their order, as on every file system with a journal; for sure they did once the file or the folder was
synced.
After a failed sync the pages count as clean: what of them did not reach the disk then never will, unless it is written
anew.
"""

import itertools
import random
from dataclasses import dataclass, field

from tests.crash.disk import Operation

SECTOR = 512
MODES = ("none", "all", "first", "any", "torn")


@dataclass
class _File:
    durable: bytearray = field(default_factory=bytearray)
    pending: list[Operation] = field(default_factory=list)

    def sync(self) -> None:
        for operation in self.pending:
            _apply(self.durable, operation)
        self.pending = []

    def forget(self, luck: random.Random) -> None:
        """The sync failed: none, any or all of the writes are lost, though every reader sees them."""
        lost = luck.choice([0.0, 0.5, 1.0])
        for operation in self.pending:
            if operation.kind == "truncate" or luck.random() >= lost:
                _apply(self.durable, operation)
        self.pending = []

    def after_cut(self, mode: str, luck: random.Random) -> bytes:
        left = bytearray(self.durable)
        for operation in _kept(self.pending, mode, luck):
            _apply(left, operation)
        return bytes(left)


class Platter:
    """The files of a folder, followed operation by operation."""

    def __init__(self, luck: random.Random) -> None:
        self._luck = luck
        self._files: dict[str, _File] = {}
        self._folder: dict[str, _File] = {}
        """The names that are on the disk for sure."""
        self._moves: list[tuple[str, _File | None]] = []
        """Names that came or (None) went since then."""

    def follow(self, operation: Operation) -> None:
        """Take an operation that happened."""
        name = operation.file
        if operation.kind == "create":
            self._files[name] = _File()
            self._moves.append((name, self._files[name]))
        elif operation.kind == "delete":
            self._delete(name, durable=bool(operation.place))
        elif operation.kind == "sync":
            self._files[name].sync()
            self._settle(self._file_moves(name))
        elif operation.kind == "failed_sync":
            self._files[name].forget(self._luck)
        else:
            self._files[name].pending.append(operation)

    def _delete(self, name: str, *, durable: bool) -> None:
        if self._files.pop(name, None) is not None:
            self._moves.append((name, None))
        if durable:
            self._settle(len(self._moves))

    def _file_moves(self, name: str) -> int:
        """How many moves a file's sync settles: SQLite syncs the folder with the first sync of a log or journal."""
        places = [place for place, (_, file) in enumerate(self._moves, 1) if file is self._files[name]]
        if places and not name.endswith(".db"):
            return len(self._moves)
        return places[-1] if places else 0

    def _settle(self, count: int) -> None:
        _move(self._folder, self._moves[:count])
        del self._moves[:count]

    def after_cut(self, mode: str, luck: random.Random) -> dict[str, bytes]:
        """The files that are found when power is back."""
        folder = dict(self._folder)
        count = {"none": 0, "all": len(self._moves)}.get(mode, luck.randint(0, len(self._moves)))
        _move(folder, self._moves[:count])
        return {name: file.after_cut(mode, luck) for name, file in folder.items()}


def _move(folder: dict[str, _File], moves: list[tuple[str, _File | None]]) -> None:
    for name, file in moves:
        folder.pop(name, None)
        if file is not None:
            folder[name] = file


def _apply(content: bytearray, operation: Operation) -> None:
    if operation.kind == "truncate":
        del content[operation.place :]
        content.extend(bytes(operation.place - len(content)))
        return
    end = operation.place + len(operation.data)
    if len(content) < operation.place:
        content.extend(bytes(operation.place - len(content)))
    content[operation.place : end] = operation.data


def _kept(pending: list[Operation], mode: str, luck: random.Random) -> list[Operation]:
    if mode == "none":
        return []
    if mode == "all":
        return pending
    if mode == "first":
        return pending[: luck.randint(0, len(pending))]
    if mode == "any":
        return [operation for operation in pending if luck.random() < 0.5]
    return [part for operation in pending for part in _sectors(operation) if luck.random() < 0.6]


def _sectors(operation: Operation) -> list[Operation]:
    """A write as the disk does it: one sector at a time."""
    if operation.kind != "write":
        return [operation]
    begin, end = operation.place, operation.place + len(operation.data)
    cuts = [begin, *range(begin - begin % SECTOR + SECTOR, end, SECTOR), end]
    return [
        operation._replace(place=at, data=operation.data[at - begin : to - begin])
        for at, to in itertools.pairwise(cuts)
    ]
