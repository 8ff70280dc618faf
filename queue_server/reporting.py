"""The command `report`: the figures of a day or of several, from the log of this moment."""

import argparse
import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from config.texts import languages, text
from figures.directory import Directory
from figures.formats import FORMATS, render
from figures.kept import NoFigures, read_directory
from figures.notice import notice
from figures.report import report_of
from figures.words import Dimension, Question
from protocol.errors import MotcuaError
from queue_server.day_events import service_days
from queue_server.hall_names import directory_of
from queue_server.keeping_figures import FOLDER
from queue_server.reports import tables_of_days
from queue_server.storage.base import Storage

_USUAL = [Dimension.SERVICE, Dimension.COUNTER]
_FILTERS = {
    "service": Dimension.SERVICE,
    "agency": Dimension.AGENCY,
    "field": Dimension.FIELD,
    "procedure": Dimension.PROCEDURE,
    "counter": Dimension.COUNTER,
    "operator": Dimension.OPERATOR,
    "class": Dimension.CLASS,
}
_PLURALS = {"agency": "agencies", "class": "classes"}
_QUICK_DAYS = 7
"""More days than these take a while: then it is told how far the reading is."""


class NothingToReport(MotcuaError):
    """What was asked for can't be: nothing was done. The message says why."""


def parser_into(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    day = dt.date.fromisoformat
    parser.add_argument("--day", type=day, metavar="YYYY-MM-DD", help="default: the log's last day")
    parser.add_argument("--from", dest="first_day", type=day, metavar="YYYY-MM-DD", help="the first of several days")
    parser.add_argument("--to", dest="last_day", type=day, metavar="YYYY-MM-DD", help="the last of several days")
    parser.add_argument(
        "--by",
        action="append",
        choices=[dimension.value for dimension in Dimension],
        help="a table by this, again for each; default: service and counter",
    )
    for name in _FILTERS:
        option = f"--{name}"
        parser.add_argument(option, dest=f"only_{name}", action="append", default=[], metavar="ID", help="only these")
    parser.add_argument("--sheet", action="store_true", help="one A4 page of the day for the notice board, as HTML")
    parser.add_argument("--format", choices=sorted(FORMATS), help="default: text")
    parser.add_argument("--language", choices=languages(), default="vi")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="default: standard output")
    parser.add_argument(
        "--hall", type=Path, metavar="FILE", help="the hall file, for the names of procedures, fields and staff"
    )


def reported(storage: Storage, options: argparse.Namespace) -> bytes:
    """The report that was asked for; raises NothingToReport, SettingsError, StorageFault or TablesFault."""
    _check(options)
    directory = _directory(storage, options)
    days = _days(storage, options)
    question = _question(directory, days, options)
    dimensions = [Dimension(name) for name in dict.fromkeys(options.by or [])] or _USUAL
    with tables_of_days(storage, directory, _told(days, options.language)) as tables:
        report = report_of(tables, question, _USUAL if options.sheet else dimensions)
    return notice(report, options.language) if options.sheet else render(report, form_of(options), options.language)


def form_of(options: argparse.Namespace) -> str:
    """The form in which the report is written."""
    return "html" if options.sheet else options.format or "text"


def _check(options: argparse.Namespace) -> None:
    first, last, language = options.first_day, options.last_day, options.language
    if options.day and (first or last):
        raise NothingToReport(text("report.one_day_only", language))
    if first and last and first > last:
        raise NothingToReport(text("report.days_reversed", language))
    if options.sheet and (first or last or options.format not in (None, "html")):
        raise NothingToReport(text("report.sheet_of_a_day", language))


def _directory(storage: Storage, options: argparse.Namespace) -> Directory:
    """The hall's names, with those that the running server knows of its hall file where none is given."""
    description = storage.description()
    if description is None:
        raise _no_day(storage, options)
    found = directory_of(description, options.hall)
    if options.hall:
        return found
    try:
        kept = read_directory(options.data / FOLDER)
    except NoFigures:
        return found
    return Directory(replace(found.hall, operators=kept.hall.operators), kept.procedures, kept.fields)


def _days(storage: Storage, options: argparse.Namespace) -> list[dt.date]:
    """The service days of the log among those asked for; raises NothingToReport if there are none."""
    known = storage.days()
    if options.day:
        first = last = options.day
    elif options.first_day or options.last_day:
        first, last = options.first_day or dt.date.min, options.last_day or dt.date.max
    else:
        first = last = known[-1] if known else dt.date.max
    found = service_days(storage, first, last)
    if not found:
        raise _no_day(storage, options)
    return found


def _no_day(storage: Storage, options: argparse.Namespace) -> NothingToReport:
    known = ", ".join(map(str, storage.days()[-5:])) or "–"
    return NothingToReport(text("report.no_day", options.language, known=known))


def _question(directory: Directory, days: list[dt.date], options: argparse.Namespace) -> Question:
    chosen = {}
    for name, dimension in _FILTERS.items():
        values, known = getattr(options, f"only_{name}"), directory.keys(dimension)
        unknown = [value for value in values if known and value not in known]
        if unknown:
            listed = ", ".join(known[:20])
            words = text("report.no_group", options.language, option=f"--{name}", value=unknown[0], known=listed)
            raise NothingToReport(words)
        chosen[_PLURALS.get(name, f"{name}s")] = tuple(values)
    return Question(options.first_day or days[0], options.last_day or days[-1], **chosen)


def _told(days: list[dt.date], language: str) -> Iterator[dt.date]:
    """The days one after the other; of many, each month is told when it begins."""
    month = ""
    for place, day in enumerate(days, 1):
        if len(days) > _QUICK_DAYS and f"{day:%Y-%m}" != month:
            month = f"{day:%Y-%m}"
            told = text("report.progress", language, day=f"{day:%d/%m/%Y}", place=place, of=len(days))
            sys.stderr.write(f"{told}\n")
        yield day
