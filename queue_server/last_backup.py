"""`DIR/last_backup.json`: when the database was copied last, and how far the copy goes."""

import datetime as dt
from pathlib import Path

import msgspec

NAME = "last_backup.json"


class LastBackup(msgspec.Struct, frozen=True):
    """The last copy that was checked: its instant, the `seq` and `epoch` of its last event, and where it lies."""

    at: dt.datetime
    seq: int
    epoch: str
    file: str


def read_last_backup(data: Path) -> LastBackup | None:
    """What is known of the last copy of the hall in a data folder; None: nothing."""
    try:
        found = msgspec.json.decode((data / NAME).read_bytes(), type=LastBackup)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return found if found.at.tzinfo is not None else None
