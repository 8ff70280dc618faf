"""The command `backup`: a copy of the database, taken while the hall runs, checked before it counts."""

from pathlib import Path

from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import verify


def back_up(storage: SqliteStorage, target: Path) -> None:
    """Copy a hall's database to a new file; raises Broken or StorageFault and leaves no file if that fails."""
    temporary = target.with_name(target.name + ".new")
    try:
        temporary.unlink(missing_ok=True)
        temporary.touch(mode=0o600)  # the copy holds the hall's secret of its tokens
        storage.copy_to(temporary)
        copy = SqliteStorage(temporary, writing=False)
        try:
            verify(copy)
        finally:
            copy.close()
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
