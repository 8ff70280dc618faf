"""The nightly check of the whole log's chain, done beside the server by the process that keeps the figures."""

import datetime as dt
import logging
from pathlib import Path
from zoneinfo import ZoneInfo

from queue_server.chain_checked import ChainChecked, read_chain_checked, write_chain_checked
from queue_server.hall_names import directory_of
from queue_server.storage.base import StorageFault
from queue_server.storage.sqlite import SqliteStorage
from queue_server.verifying import Broken, check_chain

log = logging.getLogger("figures")

NIGHT = range(5)
"""The hours in which a hall that never stops is checked."""
_BY_NIGHT = dt.timedelta(hours=20)
_ANYWAY = dt.timedelta(hours=44)
"""A hall whose machine is off by night is checked by day, every other day."""


def check_when_due(data: Path, now: dt.datetime) -> bool:
    """Check the chain of the hall in a data folder if it is time to; whether it was. Raises StorageFault or OSError."""
    storage = SqliteStorage(data / "hall.db", writing=False)
    try:
        if not is_due(read_chain_checked(data), storage, now):
            return False
        write_chain_checked(data, check(storage, now))
        return True
    finally:
        storage.close()


def is_due(last: ChainChecked | None, storage: SqliteStorage, now: dt.datetime) -> bool:
    """Whether the last check is of another log, or older than it may be at this hour of the hall."""
    if last is None or last.epoch != storage.epoch:
        return True
    description = storage.description()
    zone = ZoneInfo(directory_of(description, None).hall.zone) if description else dt.UTC
    return now - last.at >= (_BY_NIGHT if now.astimezone(zone).hour in NIGHT else _ANYWAY)


def check(storage: SqliteStorage, now: dt.datetime) -> ChainChecked:
    """What is found on the way from the first event to the last."""
    try:
        return ChainChecked(now, storage.epoch, check_chain(storage))
    except (Broken, StorageFault) as fault:
        log.error("the log is not what it must be: %s", fault)
        return ChainChecked(now, storage.epoch, storage.head()[0], str(fault))
