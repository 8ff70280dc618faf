"""Put files in place so that a power cut leaves the old one or the new one, and never less than was promised."""

import os
from pathlib import Path

import msgspec
from msgspec import Struct

from protocol.keys import write_private
from queue_server.storage.base import StorageFault

LOST = ".answered_lost"
"""The file of this ending keeps a server from starting on a database that lost what was answered; it says why."""
_PARTS = ("-wal", "-shm", LOST, "")
"""What belongs to a database beside its file, and the file itself last."""


class Swap(Struct, frozen=True):
    """A database that is to take the place of another: the name under which the other is kept."""

    aside: str


def settle_file(path: Path) -> None:
    """Have a file's content on the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def settle_folder(folder: Path) -> None:
    """Have the names of a folder's files on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_in_place(temporary: Path, target: Path) -> None:
    """Let a finished file take its place, whole or not at all."""
    settle_file(temporary)
    temporary.replace(target)
    settle_folder(target.parent)


# ---- a database in the place of another ----


def fresh_of(path: Path) -> Path:
    """Where the database is made that is to take the place of `path`."""
    return path.with_name(f"{path.name}.restoring")


def _note_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.swap")


def swap(path: Path, aside: str) -> None:
    """Let the database at `fresh_of(path)` take the place of `path`, which is kept under the name `aside`.

    It is decided when the note is on the disk: whoever opens the database next ends what was begun.
    """
    begin_swap(path, aside)
    finish_swap(path)


def begin_swap(path: Path, aside: str) -> None:
    """Decide it; if this fails, and the database at `fresh_of(path)` is deleted, nothing comes of it.

    Raises StorageFault if that one is not whole: on a full disk its write-ahead log is left beside it.
    """
    fresh = fresh_of(path)
    if fresh.with_name(f"{fresh.name}-wal").exists():
        raise StorageFault(f"{fresh} could not be written to its end: the disk is full")
    settle_file(fresh)
    write_private(_note_of(path), Swap(aside))
    settle_folder(path.parent)


def finish_swap(path: Path) -> None:
    """End a swap that was begun; nothing to do if there is none. A database moves with its write-ahead log."""
    note = _note_of(path)
    if not note.exists():
        return
    aside = msgspec.json.decode(note.read_bytes(), type=Swap).aside
    if fresh_of(path).exists():
        for part in _PARTS:
            old, kept = path.with_name(path.name + part), path.with_name(aside + part)
            if old.exists() and not kept.exists():
                old.rename(kept)
        settle_folder(path.parent)
        fresh_of(path).rename(path)
        settle_folder(path.parent)
    note.unlink()
    settle_folder(path.parent)


def refuse_half_swapped(path: Path) -> None:
    """Raise StorageFault if a restore was cut off: who only reads does not end it."""
    if _note_of(path).exists():
        raise StorageFault(f"{path}: a restore was cut off; start the server, which ends it")
