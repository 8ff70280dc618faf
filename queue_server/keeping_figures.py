"""`keep-figures`: keeps the rows of the hall's days in `DIR/figures/` while the server runs, beside it and after it."""

import datetime as dt
import itertools
import logging
import os
import time
from collections.abc import Collection
from pathlib import Path
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from config.loading import SettingsError
from figures.directory import Directory
from figures.keeping import describe, keep, publish, sweep
from figures.kept import RUNNING, Index, Part, read_index
from figures.rows import Rows
from figures.tables import TablesFault
from protocol.errors import MotcuaError
from queue_server.checking_chain import check_when_due
from queue_server.day_events import events_after, events_of, service_days
from queue_server.figuring import rows_of_day
from queue_server.hall_names import directory_of
from queue_server.night_seats import seats_before
from queue_server.storage.base import Storage, StoredRating
from queue_server.storage.sqlite import SqliteStorage

log = logging.getLogger("figures")

_NOTHING = Part({}, {})

FOLDER = "figures"
PAUSE_SECONDS = 60.0
_LATE_DAYS = dt.timedelta(days=12)
"""So long after its day a number can be handed in or a visit be rated."""


def keep_while_parent_lives(data: Path, hall_path: Path | None, parent: int) -> None:
    """Look every minute whether the log has something new, at low priority, until the parent process has ended.

    By night the whole log is checked as well.
    """
    os.nice(19)
    while os.getppid() == parent:
        try:
            look_once(data, hall_path)
        except (MotcuaError, SettingsError, OSError) as fault:
            log.error("the figures stay as they were: %s", fault)
        try:
            check_when_due(data, dt.datetime.now(dt.UTC))
        except (MotcuaError, OSError) as fault:
            log.error("the log could not be checked: %s", fault)
        until = time.monotonic() + PAUSE_SECONDS
        while os.getppid() == parent and time.monotonic() < until:
            time.sleep(1.0)


def look_once(data: Path, hall_path: Path | None) -> bool:
    """Bring the kept rows up to date; whether there was anything new.

    Raises StorageFault, TablesFault, SettingsError or OSError; what was kept before is kept on then.
    """
    storage = SqliteStorage(data / "hall.db", writing=False)
    try:
        return bring_up_to_date(storage, data / FOLDER, hall_path)
    finally:
        storage.close()


def bring_up_to_date(storage: Storage, folder: Path, hall_path: Path | None = None) -> bool:
    """Extract the days that changed; each month is kept as soon as it is done."""
    description = storage.description()
    if description is None or not storage.days():
        return False
    index = read_index(folder)
    if index.epoch != storage.epoch:
        index = Index(epoch=storage.epoch, generation=index.generation)
    look = _Look(storage, index)
    if not look.anything_new:
        return False
    folder.mkdir(mode=0o700, exist_ok=True)
    directory = directory_of(description, hall_path)
    sweep(folder)
    describe(folder, directory)
    _Update(storage, folder, directory, index).run(look)
    return True


class _Look:
    """Which days' rows are no longer what the log says."""

    def __init__(self, storage: Storage, index: Index) -> None:
        self._storage = storage
        self._index = index
        self.running = storage.days()[-1]
        first = self.running - _LATE_DAYS if index.parts else dt.date.min
        self.ended = sorted({*storage.days(), *service_days(storage, first)} - {self.running})
        self.new_day = index.votes_until != self.running.isoformat()
        self.changed = self._changed()
        """Of the ended days, oldest first."""
        running = {self.running.isoformat(): self.mark(self.running)}
        self.anything_new = bool(self.changed) or index.parts.get(RUNNING, _NOTHING).days != running

    def _changed(self) -> list[dt.date]:
        """The ended days whose rows are missing or old; votes that came late are told when a day has ended."""
        parts = self._index.parts.items()
        kept = {day: mark for name, part in parts if name != RUNNING for day, mark in part.days.items()}
        recent = {day for day in self.ended if day >= self.running - _LATE_DAYS}

        def is_old(day: dt.date) -> bool:
            mark = kept.get(day.isoformat())
            if mark is None or day not in recent:
                return mark is None
            if self.new_day:
                return self.mark(day) != mark
            yesterday = day == self.ended[-1]
            return not mark.startswith(self.mark_of_events(day) if yesterday else self.mark_of_numbers(day))

        return [day for day in self.ended if is_old(day)]

    def mark(self, day: dt.date) -> str:
        """Tells whether all that a day's rows are made from is still the same."""
        return self.mark_of_events(day) + self.votes(day)

    def votes(self, day: dt.date) -> str:
        """Tells how many votes a day has; of the running day that is nobody's business."""
        return "" if day == self.running else str(len(self._storage.ratings(day)))

    def votes_told(self, days: list[dt.date]) -> dict[dt.date, str]:
        """How many votes were told of days that are kept already: until another day has ended they stay as they are."""
        parts = (part.days for name, part in self._index.parts.items() if name != RUNNING)
        kept = {day: mark for part in parts for day, mark in part.items()}
        return {day: kept[str(day)].rpartition("/")[2] for day in days if str(day) in kept}

    def mark_of_events(self, day: dt.date) -> str:
        """Tells whether the events of a day, and those of later days about it, are still the same."""
        after = events_after(self._storage, day)
        return f"{self.mark_of_numbers(day)}{len(after)}-{after[-1] if after else 0}/"

    def mark_of_numbers(self, day: dt.date) -> str:
        """Tells whether a day's own events, and the numbers that were handed in later, are still the same; quick."""
        span, late = self._storage.day_span(day), self._storage.late_events(day)
        last = next(iter(self._storage.events(span[1], span[1])), None) if span else None
        return f"{last.hash.hex()[:16] if last else ''}/{len(late)}-{late[-1] if late else 0}/"


class _Update:
    """The rows of the days that changed, and of the running day, anew."""

    def __init__(self, storage: Storage, folder: Path, directory: Directory, index: Index) -> None:
        self._storage = storage
        self._folder = folder
        self._directory = directory
        self._index = index

    def run(self, look: _Look) -> None:
        """Keep each month's days, and then the running one."""
        for month, days in itertools.groupby(look.changed, key=_month):
            log.info("the figures of %s are kept", month)
            self._keep_month(look, month, list(days))
        self._drop(RUNNING)
        running = look.running.isoformat()
        self._keep(RUNNING, self._rows([look.running], {}), {running: look.mark(look.running)})
        self._publish(votes_until=running)

    def _keep_month(self, look: _Look, month: str, days: list[dt.date]) -> None:
        try:
            self._keep_days(look, month, days)
        except TablesFault as fault:
            log.warning("the kept rows of %s can't be read (%s); they are made anew", month, fault)
            self._drop(month)
            look = _Look(self._storage, self._index)
            self._keep_days(look, month, [day for day in look.ended if _month(day) == month])
        self._publish(votes_until=self._index.votes_until)

    def _keep_days(self, look: _Look, month: str, days: list[dt.date]) -> None:
        told = {} if look.new_day else look.votes_told(days)
        marks = {day.isoformat(): look.mark_of_events(day) + told.get(day, look.votes(day)) for day in days}
        if self._index.parts.get(RUNNING, _NOTHING).days.keys() & marks.keys():
            self._drop(RUNNING)
        rows = self._rows(days, {day: [] if day in told else self._storage.ratings(day) for day in days})
        self._keep(month, rows, marks, [day.isoformat() for day in told])

    def _rows(self, days: list[dt.date], ratings: dict[dt.date, list[StoredRating]]) -> Rows:
        found, zone = Rows(), ZoneInfo(self._directory.hall.zone)
        for day in days:
            seats = seats_before(self._storage, day)
            found.add(rows_of_day(day, events_of(self._storage, day), ratings.get(day), zone, seats))
        return found

    def _keep(self, name: str, rows: Rows, marks: dict[str, str], votes_kept: Collection[str] = ()) -> None:
        self._index = keep(self._folder, self._index, self._directory, name, rows, marks, votes_kept)

    def _drop(self, name: str) -> None:
        parts = {other: part for other, part in self._index.parts.items() if other != name}
        self._index = replace(self._index, parts=parts)

    def _publish(self, votes_until: str) -> None:
        self._index = publish(self._folder, replace(self._index, votes_until=votes_until))


def _month(day: dt.date) -> str:
    return f"{day:%Y-%m}"
