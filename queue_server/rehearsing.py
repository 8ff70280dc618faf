"""The command `rehearse`: past days played again under other rules of the line, beside the days as they were."""

import argparse
import datetime as dt
import sys
from pathlib import Path

from config.faults import SettingsError
from config.loading import load_hall
from config.settings import HallFile
from config.texts import languages, text
from protocol import codec
from protocol.errors import MotcuaError
from queue_server.domain.rules import rules_of
from queue_server.rehearsal.calls import Called
from queue_server.rehearsal.changes import changed, gentle
from queue_server.rehearsal.past import PastDay, read_day
from queue_server.rehearsal.play import play
from queue_server.rehearsal_formats import FORMATS, Variant
from queue_server.storage.base import Storage
from queue_server.storage.sqlite import SqliteStorage


class NothingToRehearse(MotcuaError):
    """There is no hall, no rule or no day to play; the message says which."""


def parser_into(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the hall's data folder")
    parser.add_argument(
        "--hall",
        type=Path,
        metavar="FILE",
        help="the hall file that holds now (default: DIR/hall.toml, if it is there)",
    )
    parser.add_argument(
        "--day",
        type=dt.date.fromisoformat,
        action="append",
        metavar="YYYY-MM-DD",
        help="again for each day; default: the log's last",
    )
    parser.add_argument(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="another value, e.g. own_field_minutes=5, classes.elderly.head_start_minutes=20, calling.limits=false",
    )
    parser.add_argument("--other", type=Path, metavar="FILE", help="another hall file to compare with")
    parser.add_argument("--format", choices=sorted(FORMATS), default="text")
    parser.add_argument("--language", choices=languages(), default="vi")


def rehearse(options: argparse.Namespace) -> int:
    """Play the days and print what each rule costs; exit 0, or 2 for wrong input."""
    language: str = options.language
    try:
        path = options.hall or options.data / "hall.toml"
        if options.hall is None and not path.is_file():
            raise NothingToRehearse(text("rehearsal.no_hall", language, path=path))
        file = load_hall(path, language, catalogue_needed=False)
        rules = _rules(file, path, options)
        days = _read_days(options, file)
    except SettingsError as error:
        sys.stderr.writelines(f"{fault.line(language)}\n" for fault in error.faults)
        return 2
    except NothingToRehearse as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    variants = [Variant(text("rehearsal.really", language), [call for day in days.values() for call in day.calls])]
    variants += [_played(name, changed_file, days, language) for name, changed_file in rules.items()]
    sys.stdout.write(FORMATS[options.format](file, list(days), variants, language))
    sys.stdout.flush()
    return 0


# ---- what is played ----


def _rules(file: HallFile, path: Path, options: argparse.Namespace) -> dict[str, HallFile]:
    """The rules to compare, by the name under which the table shows them."""
    language: str = options.language
    found = {text("rehearsal.as_it_is", language): file, text("rehearsal.gentle", language): gentle(file)}
    if options.other:
        found[text("rehearsal.other", language, file=options.other.name)] = load_hall(
            options.other, language, catalogue_needed=False
        )
    if options.settings:
        name = text("rehearsal.changed", language, settings=", ".join(options.settings))
        found[name] = changed(file, path, options.settings, language)
    return found


def _read_days(options: argparse.Namespace, file: HallFile) -> dict[dt.date, PastDay]:
    """The days that were asked for, read from the log; raises NothingToRehearse."""
    path, language = options.data / "hall.db", options.language
    if not path.is_file():
        raise NothingToRehearse(text("rehearsal.no_log", language, path=path))
    storage = SqliteStorage(path, writing=False)
    try:
        wanted = sorted(set(options.day or storage.days()[-1:]))
        if not wanted:
            raise NothingToRehearse(text("rehearsal.empty_log", language))
        return {day: _read_day(storage, file, day, language) for day in wanted}
    finally:
        storage.close()


def _read_day(storage: Storage, file: HallFile, day: dt.date, language: str) -> PastDay:
    span = storage.day_span(day)
    events = (codec.decode_event(event.body) for event in storage.events(*span)) if span else ()
    found = read_day(rules_of(file), events)
    if not found.visits:
        known = ", ".join(str(known) for known in storage.days()[-5:])
        raise NothingToRehearse(text("rehearsal.no_tickets", language, day=day, known=known))
    if found.unknown:
        sys.stderr.write(text("rehearsal.left_out", language, day=day, count=found.unknown) + "\n")
    return found


def _played(name: str, file: HallFile, days: dict[dt.date, PastDay], language: str) -> Variant:
    rules, calls = rules_of(file), list[Called]()
    for place, (day, past) in enumerate(days.items(), 1):
        if len(days) > 1:
            sys.stderr.write(text("rehearsal.progress", language, rule=name, day=day, place=place, of=len(days)) + "\n")
        calls += play(past, rules)
    return Variant(name, calls)
