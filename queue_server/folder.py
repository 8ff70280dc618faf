"""The data folder of a hall: one program works on it, and its database is opened when that may be done."""

import datetime as dt
import fcntl
import logging
from collections.abc import Callable
from pathlib import Path
from typing import IO

from config.settings import HallFile
from protocol.keys import why_not_private
from queue_server.clock import Clock
from queue_server.clock_watch import WatchedClock, doubt_clause
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
    data: Path,
    file: HallFile,
    clock_after: Callable[[dt.datetime | None], Clock],
    reserve: Reserve,
    *,
    migrate_now: bool = False,
) -> SqliteStorage:
    """The database that a server serves; one of an older program is brought up to date outside of opening hours.

    `clock_after` gives the clock of a server whose log ends with this instant. Raises StorageFault, which says when
    that may be done.
    """
    path = data / "hall.db"
    try:
        storage = SqliteStorage(path, may_migrate=migrate_now, reserve=reserve)
    except MigrationWaits as fault:
        why = _why_not_now(rules_of(file).hours, clock_after(fault.last_at))
        if why is not None:
            told = "or start this one with --migrate-now: a copy of the database is made first"
            raise StorageFault(f"{fault}, and {why}; {told}") from fault
        storage = SqliteStorage(path, reserve=reserve)
    storage.head_file = HeadFile(path)
    return storage


def _why_not_now(hours: OpeningHours, clock: Clock) -> str | None:
    """Why nothing is brought up to date now, and what to do; a clock that can't be believed tells no hour."""
    now = clock()
    if isinstance(clock, WatchedClock) and clock.doubt is not None:
        return f"{doubt_clause(clock.doubt)}, so nobody knows whether the hall is open: set the clock right"
    closes_at = hours.closes_at(now) if in_hours(hours, now) else None
    if closes_at is None:
        return None
    closes = closes_at.astimezone(hours.zone)
    return f"the hall is open: start the program that wrote it until {closes:%H:%M}, and this one after that"


def in_hours(hours: OpeningHours, now: dt.datetime) -> bool:
    """Whether citizens may be in the hall: from the first number of the day to closing time, breaks included."""
    begins, ends = hours.numbers_begin(now), hours.closes_at(now)
    return begins is not None and ends is not None and begins <= now < ends
