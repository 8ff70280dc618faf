"""The command `backup`: a copy of the database, taken while the hall runs, checked and on the disk before it counts."""

import datetime as dt
import logging
from pathlib import Path

from protocol.keys import write_private
from queue_server.last_backup import NAME, LastBackup
from queue_server.storage.in_place import put_in_place
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify

log = logging.getLogger(__name__)


def back_up(storage: SqliteStorage, target: Path) -> int:
    """Copy a hall's database to a new file: the seq of its last event.

    Raises Broken, StorageFault or OSError and leaves no file if that fails.
    """
    temporary = target.with_name(target.name + ".new")
    try:
        temporary.unlink(missing_ok=True)
        temporary.touch(mode=0o600)  # the copy holds the hall's secret of its tokens
        storage.copy_to(temporary)
        copy = SqliteStorage(temporary, writing=False)
        try:
            seq = verify(copy)
        finally:
            copy.close()
        put_in_place(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
    return seq


def note_backup(data: Path, target: Path, seq: int, epoch: str, now: dt.datetime) -> None:
    """Let the hall's server know of a copy; a folder that can't be written keeps no copy from counting."""
    try:
        write_private(data / NAME, LastBackup(now, seq, epoch, str(target.resolve())))
    except OSError as fault:
        log.warning("the server will not know of this backup: %s", fault)
