"""How far a folder's log was when last looked at: tells a database that was copied over another, or away from it.

The file lies beside the database, is never part of a backup, and knows the id of its folder, as the database does.
"""

import contextlib
import hashlib
import logging
import secrets
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from protocol.keys import write_private
from queue_server.storage.in_place import settle_folder

_MACHINE = Path("/etc/machine-id")
log = logging.getLogger(__name__)


class Head(Struct, frozen=True):
    """The last event that the folder's server knew to be stored; `machine` and `hash` are hex of SHA-256."""

    installation: str
    machine: str
    epoch: str
    seq: int
    hash: str


class KnowsItsHead(Protocol):
    """What is needed of `sqlite.SqliteStorage`."""

    epoch: str

    def head(self) -> tuple[int, bytes]:
        """The last event's seq and hash."""

    def hash_of(self, seq: int) -> bytes | None:
        """The hash of an event, or None if there is none."""

    def installation(self) -> str | None:
        """The id of the folder to which the database belongs; None if it never belonged to one."""

    def install(self, installation: str) -> None:
        """Let the database belong to a folder."""


class HeadFile:
    """`hall.head` of a data folder."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_suffix(".head")
        self._kept: Head | None = None

    def departure(self, storage: KnowsItsHead) -> str | None:
        """Why this database is not the one that the folder's server left here; None: it is, or the folder is new."""
        installation = storage.installation()
        if installation is None:
            return None
        head = self._read()
        if head is None:
            return f"{self.path.name} is missing: the database was copied here"
        if (head.installation, head.machine) != (installation, machine_id()):
            return "the database or its folder comes from another place"
        if head.seq and (storage.hash_of(head.seq) or b"").hex() != head.hash:
            return f"the log ends with event {storage.head()[0]}; event {head.seq}, which was stored here, is not in it"
        return None

    def settle(self, storage: KnowsItsHead) -> None:
        """Let the database belong to this folder as it is now; a departure is one no more."""
        known = self._read()
        installation = storage.installation()
        if installation is None or known is None or known.installation != installation:
            installation = secrets.token_hex(16)
            storage.install(installation)
        self.keep(storage)

    def demand(self, seq: int, hashed: bytes) -> None:
        """Note an event that was answered and is lost: who serves this folder without it begins another epoch."""
        known = self._read()
        if known is not None:
            self._write(replace(known, seq=seq, hash=hashed.hex()))

    def keep(self, storage: KnowsItsHead) -> None:
        """Note how far the log is, if it went on; a disk that does not take it is told and tried again later."""
        installation = storage.installation()
        if installation is not None and (now := self._now(storage, installation)) != self._kept:
            try:
                self._write(now)
            except OSError as fault:
                log.warning("%s was not written: %s", self.path, fault)

    def _now(self, storage: KnowsItsHead, installation: str) -> Head:
        seq, hashed = storage.head()
        return Head(installation, machine_id(), storage.epoch, seq, hashed.hex())

    def _write(self, head: Head) -> None:
        write_private(self.path, head)
        settle_folder(self.path.parent)
        self._kept = head

    def _read(self) -> Head | None:
        with contextlib.suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
            return msgspec.json.decode(self.path.read_bytes(), type=Head)
        return None


def machine_id() -> str:
    """What tells this machine from others, not to be led back to it (as machine-id(5) asks); empty if it has none."""
    with contextlib.suppress(OSError):
        return hashlib.sha256(b"motcua\0" + _MACHINE.read_bytes().strip()).hexdigest()
    return ""
