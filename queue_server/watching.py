"""Looks at the server itself every second: database, memory, age of the backup; and tells that it lives."""

import datetime as dt
import logging
import os
import resource
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from config.settings import Watch
from config.watchdog import Watchdog
from protocol.codec import UNREADABLE
from queue_server.chain_checked import read_chain_checked
from queue_server.last_backup import read_last_backup
from queue_server.service import QueueService
from queue_server.storage.base import StorageFault

log = logging.getLogger(__name__)

MEASURE_SECONDS = 5.0
HEARD_WITHIN = dt.timedelta(seconds=60)
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")


class Watching:
    """The server's look at itself; `look` is called about once a second from the loop that answers requests.

    So a loop that hangs does not tell that it lives, and neither does one whose storage can't be read any more.
    """

    def __init__(
        self,
        service: QueueService,
        data: Path,
        watch: Watch,
        watchdog: Watchdog,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._service = service
        self._health = service.health
        self._data = data
        self._backup_after = dt.timedelta(hours=watch.backup_hours)
        self._watchdog = watchdog
        self._seconds = seconds
        self._measure_at = 0.0
        self._began_at = self._first_event()

    def look(self, now: dt.datetime) -> None:
        """Prove that the storage can be read, tell systemd, and measure now and then."""
        if not self._storage_lives():
            return
        self._watchdog.alive()
        if self._seconds() >= self._measure_at:
            self._measure_at = self._seconds() + MEASURE_SECONDS
            self.measure(now)

    def _storage_lives(self) -> bool:
        try:
            self._service.ledger.storage.answer("")
        except StorageFault as fault:
            log.error("the database can't be read: %s", fault)
            return False
        return True

    def measure(self, now: dt.datetime) -> None:
        """Write the gauges anew and tell of an old backup."""
        gauges = self._health.gauges
        gauges["database_bytes"] = _size(self._data / "hall.db")
        gauges["wal_bytes"] = _size(self._data / "hall.db-wal")
        gauges["memory_bytes"] = memory_bytes()
        gauges["open_files"] = open_files()
        gauges["open_files_limit"] = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        heard = self._service.heard.values()
        gauges["devices_heard"] = sum(now - at <= HEARD_WITHIN for at in heard)
        try:
            gauges["disk_bytes"] = shutil.disk_usage(self._data).total
        except OSError as fault:
            log.error("the disk of %s can't be measured: %s", self._data, fault)
        checked = read_chain_checked(self._data)
        if checked is not None:
            gauges["chain_checked_age_seconds"] = _seconds_since(checked.at, now)
        self._heed_backup(now)

    def _heed_backup(self, now: dt.datetime) -> None:
        last = read_last_backup(self._data)
        if last is not None:
            self._health.gauges["backup_age_seconds"] = _seconds_since(last.at, now)
            self._health.gauges["backup_seq"] = last.seq
        since = last.at if last is not None else self._began_at
        if since is not None and now - since > self._backup_after:
            hours = int((now - since).total_seconds() // 3600)
            self._health.trouble("backup_old", since + self._backup_after, hours=hours)
        else:
            self._health.well("backup_old")

    def _first_event(self) -> dt.datetime | None:
        """When the hall's log began: before its first evening nobody expects a backup."""
        try:
            return self._service.ledger.event(1).at if self._service.hall.seq else None
        except (StorageFault, StopIteration, *UNREADABLE):
            return None


def _seconds_since(at: dt.datetime, now: dt.datetime) -> float:
    return max(0.0, (now - at).total_seconds())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def memory_bytes() -> int:
    """The memory that this process holds, or its highest so far where there is no /proc."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE_BYTES
    except (OSError, ValueError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def open_files() -> int:
    """How many files and sockets this process has open; 0: not known here."""
    try:
        return len(os.listdir("/proc/self/fd")) - 1  # noqa: PTH208 - a thousand paths each second are not needed
    except OSError:
        return 0
