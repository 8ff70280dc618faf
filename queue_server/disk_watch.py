"""Keeps an eye on the disk and on the log that lies there: space, reserve, what the last check of the chain found."""

import datetime as dt
import logging
import time
from collections.abc import Callable
from pathlib import Path

from config.settings import Watch
from queue_server.chain_checked import read_chain_checked
from queue_server.service import QueueService
from queue_server.storage.base import StorageFault
from queue_server.storage.reserve import MEGABYTE, Reserve
from queue_server.verifying import Broken, check_chain

log = logging.getLogger(__name__)

LOOK_SECONDS = 30.0
CHECKED_AT_START = 10_000
"""So many events at the log's end are checked before the first answer: more than a day's, in a moment."""


class DiskWatch:
    """`look` is called about once a second; `data` is the data folder."""

    def __init__(
        self,
        service: QueueService,
        data: Path,
        watch: Watch,
        reserve: Reserve,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._service = service
        self._health = service.health
        self._data = data
        self._low = watch.disk_low_mb * MEGABYTE
        self._reserve = reserve
        self._seconds = seconds
        self._look_at = 0.0
        self._fault_day: dt.date | None = None

    def check_end(self, now: dt.datetime) -> None:
        """Check the chain of what was logged last; a fault is told, and the hall goes on with what is there."""
        storage, seq = self._service.ledger.storage, self._service.hall.seq
        try:
            check_chain(storage, max(1, seq - CHECKED_AT_START + 1))
        except (Broken, StorageFault) as fault:
            log.error("the log is not what it must be: %s", fault)
            self._health.trouble("chain_broken", now, where=str(fault))

    def look(self, now: dt.datetime) -> None:
        """Tell at once that the reserve was given up, and all the rest every half minute."""
        if self._reserve.given_up:
            self._health.trouble("disk_full", now)
        if self._seconds() >= self._look_at:
            self._look_at = self._seconds() + LOOK_SECONDS
            self._heed_space(now)
            self._heed_chain()
            self._forget_old_fault()

    def _heed_space(self, now: dt.datetime) -> None:
        try:
            self._reserve.make()
            free = self._reserve.free()
        except OSError as fault:
            log.error("the disk of %s can't be looked at: %s", self._data, fault)
            return
        self._health.gauges |= {"disk_free_bytes": free, "disk_reserve_bytes": self._reserve.held}
        if free < self._low:
            self._health.trouble("disk_low", now, free_mb=free // MEGABYTE)
        else:
            self._health.well("disk_low")
        if not self._reserve.given_up and (self._reserve.held or free >= self._low):
            self._health.well("disk_full")

    def _heed_chain(self) -> None:
        found = read_chain_checked(self._data)
        if found is None or found.epoch != self._service.hall.epoch:
            return
        self._health.gauges["chain_checked_seq"] = found.seq
        if found.broken and self._health.trouble("chain_broken", found.at, where=found.broken):
            log.error("the last check of the whole log found it broken: %s", found.broken)

    def _forget_old_fault(self) -> None:
        """A fault of the disk is told for the rest of its day, since a person must look at that disk."""
        day = self._service.hall.day.service_day if self._service.hall.day else None
        told = any(trouble.code == "disk_fault" for trouble in self._health.troubles)
        if told and self._fault_day is None:
            self._fault_day = day
        elif told and day != self._fault_day:
            self._health.well("disk_fault")
            self._fault_day = None
