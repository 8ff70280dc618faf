"""The data folder of a hall: one program works on it, and its database is opened when that may be done."""

import datetime as dt
import fcntl
import logging
from pathlib import Path
from typing import IO

from config.settings import HallFile
from protocol.keys import why_not_private
from queue_server.domain.hours import OpeningHours
from queue_server.domain.rules import rules_of
from queue_server.storage.base import StorageFault
from queue_server.storage.head import HeadFile
from queue_server.storage.migrating import MigrationWaits
from queue_server.storage.reserve import Reserve
from queue_server.storage.sqlite import SqliteStorage

log = logging.getLogger(__name__)


def lock(data: Path) -> IO[bytes]:
    """Hold a data folder: a second writer would break the log. The lock ends with the process, however it ends."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    if complaint := why_not_private(data):
        log.warning("%s", complaint)
    held = (data / "hall.lock").open("wb")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as fault:
        held.close()
        raise StorageFault(f"{data}: another server works on this folder; stop it first") from fault
    return held


def open_to_serve(
    data: Path, file: HallFile, now: dt.datetime, reserve: Reserve, *, migrate_now: bool = False
) -> SqliteStorage:
    """The database that a server serves; one of an older program is brought up to date outside of opening hours.

    Raises StorageFault, which says when that may be done.
    """
    hours, path = rules_of(file).hours, data / "hall.db"
    closes_at = hours.closes_at(now) if in_hours(hours, now) else None
    try:
        storage = SqliteStorage(path, may_migrate=migrate_now or closes_at is None, reserve=reserve)
    except MigrationWaits as fault:
        assert closes_at is not None, "it waits only within hours"
        closes = closes_at.astimezone(hours.zone)
        raise StorageFault(
            f"{fault}, and the hall is open: start the program that wrote it until {closes:%H:%M}, and this one after "
            "that; or start this one with --migrate-now: a copy of the database is made first"
        ) from fault
    storage.head_file = HeadFile(path)
    return storage


def in_hours(hours: OpeningHours, now: dt.datetime) -> bool:
    """Whether citizens may be in the hall: from the first number of the day to closing time, breaks included."""
    begins, ends = hours.numbers_begin(now), hours.closes_at(now)
    return begins is not None and ends is not None and begins <= now < ends
