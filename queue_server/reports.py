"""Reports from the log of this moment: its rows are read anew, and asked through the same engine as the kept ones."""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from figures.directory import Directory
from figures.report import Report, report_of
from figures.tables import Tables
from figures.words import Dimension, Figures, Question
from protocol import events as ev
from protocol.replies import HallReply
from queue_server.day_events import events_of
from queue_server.figuring import rows_of_day
from queue_server.night_seats import seats_before
from queue_server.storage.base import Storage, StoredRating

__all__ = ["DayReport", "Figures", "day_report", "events_of", "tables_of_days"]

DayReport = Report


@contextmanager
def tables_of_days(storage: Storage, directory: Directory, days: Iterable[dt.date]) -> Iterator[Tables]:
    """The rows of some service days as the log tells them now, with all votes; raises StorageFault."""
    zone = ZoneInfo(directory.hall.zone)
    with Tables(directory) as tables:
        for day in days:
            seats = seats_before(storage, day)
            tables.add(rows_of_day(day, events_of(storage, day), storage.ratings(day), zone, seats))
        yield tables


def day_report(
    hall: HallReply, service_day: dt.date, events: Iterable[ev.Event], ratings: list[StoredRating]
) -> Report:
    """The report of a day from its events (in order) and its ratings."""
    with Tables(Directory(hall)) as tables:
        tables.add(rows_of_day(service_day, events, ratings, ZoneInfo(hall.zone)))
        return report_of(tables, Question(service_day, service_day), [Dimension.SERVICE, Dimension.COUNTER])
