"""The report of one day, as the command makes it."""

import datetime as dt

import msgspec

from figures.directory import Directory
from figures.report import Report, report_of
from figures.words import Dimension, Question
from protocol.replies import HallReply
from queue_server.reports import tables_of_days
from queue_server.storage.base import Storage


def day_report(storage: Storage, day: dt.date) -> Report:
    """The figures of a day, by service and by counter."""
    directory = Directory(msgspec.json.decode(storage.description() or b"", type=HallReply))
    with tables_of_days(storage, directory, [day]) as tables:
        return report_of(tables, Question(day, day), [Dimension.SERVICE, Dimension.COUNTER])
