"""Reports from the log of this moment: its rows are read anew, and asked through the same engine as the kept ones."""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from figures.directory import Directory
from figures.tables import Tables
from queue_server.day_events import events_of
from queue_server.figuring import rows_of_day
from queue_server.night_seats import seats_before
from queue_server.storage.base import Storage


@contextmanager
def tables_of_days(storage: Storage, directory: Directory, days: Iterable[dt.date]) -> Iterator[Tables]:
    """The rows of some service days as the log tells them now, with all votes; raises StorageFault."""
    zone = ZoneInfo(directory.hall.zone)
    with Tables(directory) as tables:
        for day in days:
            seats = seats_before(storage, day)
            tables.add(rows_of_day(day, events_of(storage, day), storage.ratings(day), zone, seats))
        yield tables
