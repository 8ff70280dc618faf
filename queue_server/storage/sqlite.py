"""The hall's database: SQLite through APSW, WAL with synchronous=FULL, one writing connection.

FULL because NORMAL loses acknowledged commits at a power cut (sqlite.org/pragma.html#pragma_synchronous).
What is done when the disk is full or fails: docs/decisions/0024-disk-faults.md.
"""

import contextlib
import datetime as dt
import logging
import secrets
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import apsw
import msgspec

from protocol.events import DayStarted, Event
from protocol.keys import write_private_bytes
from queue_server.storage.base import (
    AnsweredLost,
    Batch,
    DiskFault,
    Erasable,
    Ships,
    StorageFault,
    Stored,
    StoredAnswer,
    StoredEvent,
    StoredNote,
    StoredRating,
    begun_epoch,
)
from queue_server.storage.faults import fault_of, is_full, words_of
from queue_server.storage.found_log import forget_cached, write_again
from queue_server.storage.head import HeadFile
from queue_server.storage.in_place import LOST
from queue_server.storage.opening import BUSY_MILLISECONDS, open_database
from queue_server.storage.reading import SqliteReading
from queue_server.storage.reserve import NoReserve, Reserve

log = logging.getLogger(__name__)

AGAIN_AFTER_SECONDS = 5.0
"""A database that could not be opened after a fault is tried again so much later."""
_WHAT_TO_DO = (
    "Let the second machine take over (there: ./motcua promote --data DIR) or, if there is none, restore the latest "
    "backup, best on another disk; to go on with what is left here, delete the file"
)
_ON_DISK = ("", "-wal")
"""What is read anew after a fault. Not the shared memory: to close it would end the locks of who copies meanwhile."""
_DAYS_RATED_LATE = 11
"""Days whose ratings may have come since the last tidying: a rating is open for ten days at most."""
_ERASING: dict[Erasable, str] = {
    "notes": "DELETE FROM notes WHERE service_day < ?",
    "comments": "UPDATE ratings SET comment = '' WHERE service_day < ? AND comment <> ''",
    "callbacks": "DELETE FROM callbacks WHERE service_day < ?",
}
_encode = msgspec.json.Encoder().encode


class SqliteStorage(SqliteReading):
    """A hall's `hall.db`; `path` is made if it does not exist and `writing` is on, `reserve` serves a full disk."""

    def __init__(
        self, path: Path, *, writing: bool = True, may_migrate: bool = True, reserve: Reserve | None = None
    ) -> None:
        self._path = path
        self.reserve = reserve or NoReserve()
        self._erased = False
        self._rated_days: set[str] = set()
        self._lost = ""
        self._closed = False
        self._again_at = 0.0
        self.head_file: HeadFile | None = None
        """Where a server's folder notes how far its log is."""
        self.link: Ships | None = None
        """By which a second machine gets every batch before anybody hears of it."""
        try:
            self._open(writing, may_migrate=may_migrate)
            self.epoch = self._meta("epoch").decode(errors="replace")  # a flipped bit is for `verify` to tell
            self.token_key = self._meta("token_key")
            if writing:  # a crash may have come before the last ratings were laid anew
                self._rated_days.add(self._today().isoformat())
        except apsw.Error as fault:
            raise fault_of(fault, about=f"{path}: ") from fault
        except OSError as fault:
            raise DiskFault(f"{path}: {fault}") from fault
        self._answered = self.head()
        self._last_answer: str | None = None
        """No remembered request_id is greater: those begin with the time, so a new one need not be looked for."""

    def _open(self, writing: bool, *, may_migrate: bool = True) -> None:
        if writing:
            write_again(self._path.with_name(f"{self._path.name}-wal"))
        self._db = open_database(self._path, writing=writing, may_migrate=may_migrate)
        self._cursor = self._db.cursor()

    def load(self) -> Stored:
        """The head of the log, the live tickets and all state rows."""
        self._reopen_if_closed()
        self._last_answer = self._one("SELECT max(request_id) FROM answers")[0] or ""
        if self.link:
            self.link.go_on_after(self.last_number())
        return super().load()

    # ---- faults of the disk ----

    def _durably(self, write: Callable[[], object]) -> None:
        """Do a write transaction, whole or not at all; raises StorageFault."""
        self._let_disk(partial(self._transact, write))

    def _transact(self, write: Callable[[], object]) -> None:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            write()
            self._db.execute("COMMIT")
        except BaseException:
            if not self._db.get_autocommit():
                self._db.execute("ROLLBACK")
            raise

    def _let_disk(self, work: Callable[[], object]) -> None:
        """Do what needs the disk; if that is full, once more with the space of the reserve."""
        self._reopen_if_closed()
        try:
            work()
        except apsw.Error as fault:
            full = is_full(fault, self._db)
            if not (full and self.reserve.give_up()):
                raise self._after(fault, full=full) from fault
        else:
            return
        try:
            work()
        except apsw.Error as fault:
            raise self._after(fault, full=is_full(fault, self._db)) from fault

    def _after(self, fault: apsw.Error, *, full: bool) -> StorageFault:
        """What to tell of a fault; after one of the disk itself the database was opened anew, if that can be."""
        told = fault_of(fault, full=full)
        if isinstance(told, DiskFault):
            try:
                self._open_anew()
            except DiskFault as again:
                return again
        return told

    def _reopen_if_closed(self) -> None:
        if self._lost:
            raise AnsweredLost(self._lost)
        if self._closed:
            if time.monotonic() < self._again_at:
                raise DiskFault("the database is closed since the disk failed; it is opened again soon")
            self._open_anew()

    def _open_anew(self) -> None:
        """Close the database and go on from what really lies on the disk; raises DiskFault or AnsweredLost.

        Nothing is synced a second time: after a failed fsync Linux calls pages clean that it never wrote, so that the
        next fsync says yes to what is not there (lwn.net/Articles/752063). Closing settles what was synced before into
        the database and drops the rest; a log that is left is written again before anything stands on it.
        """
        self._again_at = time.monotonic() + AGAIN_AFTER_SECONDS
        self._shut()
        try:
            for part in _ON_DISK:
                forget_cached(self._path.with_name(self._path.name + part))
            self._open(writing=True)
            self._require_answered()
            self._db.execute(
                "INSERT OR REPLACE INTO meta VALUES ('opened_anew', ?)", (str(self._answered[0]).encode(),)
            )
        except (apsw.Error, DiskFault, OSError) as fault:
            self._shut()
            raise DiskFault(f"{self._path} can't be opened after a fault of the disk: {fault}") from fault
        self._closed = False
        log.error("the disk failed; the database was opened anew and holds all that was answered")

    def _shut(self) -> None:
        self._closed = True
        with contextlib.suppress(apsw.Error):
            self._db.close()

    def _require_answered(self) -> None:
        seq, head_hash = self._answered
        found = self._one("SELECT hash FROM events WHERE seq = ?", seq)
        if seq and (found is None or found[0] != head_hash):
            self._lost = f"{self._path}: event {seq} was answered and is not there after a fault of the disk"
            self._shut()
            with contextlib.suppress(OSError):
                self._keep_lost(seq, head_hash)
            raise AnsweredLost(self._lost)

    def _keep_lost(self, seq: int, hashed: bytes) -> None:
        """Have no new start forget it; who goes on with what is left gives no number twice (`restoring`)."""
        marker = self._path.with_name(self._path.name + LOST)
        write_private_bytes(marker, f"{self._lost}. {_WHAT_TO_DO} {marker.name}.\n".encode())
        if self.head_file:
            self.head_file.demand(seq, hashed)

    # ---- writing ----

    def commit(self, batch: Batch) -> None:
        """Store a batch durably, whole or not at all; raises StorageFault."""
        if self.link:
            self.link.number(batch)
        if self._last_answer is not None:  # before it is tried: what fails may be on the disk all the same
            self._last_answer = max(self._last_answer, *(answer.request_id for answer in batch.answers), "")
        self._durably(partial(self._write, batch))
        self.epoch = begun_epoch(batch.events) or self.epoch
        if batch.events:
            self._answered = batch.events[-1].seq, batch.events[-1].hash
        if self.link:
            self.link.ship(batch)

    def answer(self, request_id: str) -> StoredAnswer | None:
        """The committed answer of a request."""
        if self._last_answer is not None and request_id > self._last_answer:
            return None
        return super().answer(request_id)

    def _write(self, batch: Batch) -> None:
        many = self._db.executemany
        many("INSERT INTO events VALUES (?, ?, ?)", ((e.seq, e.body, e.hash) for e in batch.events))
        many(
            "INSERT OR REPLACE INTO tickets VALUES (?, ?, ?)",
            ((t.ticket_id, t.live, _encode(t)) for t in batch.tickets),
        )
        kept = ((key, _encode(row)) for key, row in batch.rows.items() if row is not None)
        many("INSERT OR REPLACE INTO rows VALUES (?, ?)", kept)
        many("DELETE FROM rows WHERE key = ?", ((key,) for key, row in batch.rows.items() if row is None))
        many("INSERT INTO notes VALUES (?, ?, ?, ?, ?, ?, ?)", (_note_row(note) for note in batch.notes))
        many("DELETE FROM notes WHERE seq = ?", ((seq,) for seq in batch.erased_notes))
        self._erased = self._erased or bool(batch.erased_notes)
        self._keep_for_link(batch)
        many("INSERT INTO guards VALUES (?, ?, ?)", ((g.person, g.service_id, g.ticket_id) for g in batch.guards))
        today = getattr(batch.rows.get("day"), "service_day", None) or self._today()
        day = today.isoformat()
        many(
            "INSERT INTO answers VALUES (?, ?, ?, ?)",
            ((a.request_id, a.fingerprint, a.reply, day) for a in batch.answers),
        )
        many(
            "INSERT INTO ratings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (_rating_row(rating) for rating in batch.ratings)
        )
        self._rated_days.update(rating.service_day.isoformat() for rating in batch.ratings)
        many(
            "INSERT INTO callbacks VALUES (?, ?, ?)",
            ((c.callback_id, c.service_day.isoformat(), c.sealed) for c in batch.callbacks),
        )
        self._erase(batch)
        if batch.tallies is not None:
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('tallies', ?)", (batch.tallies,))
        for event in batch.events:
            self._note_day(event)
        if epoch := begun_epoch(batch.events):
            self._db.execute("UPDATE meta SET value = ? WHERE key = 'epoch'", (epoch.encode(),))

    def _keep_for_link(self, batch: Batch) -> None:
        """Keep what two machines need to be alike: the number of the batch, and the key of the day's guards."""
        if batch.number is not None:
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('number', ?)", (str(batch.number).encode(),))
        if batch.guard_key is not None and batch.guard_key != self.kept_guard_key():
            self._change_guard_key(batch.guard_key)

    def _erase(self, batch: Batch) -> None:
        many = self._db.executemany
        many("DELETE FROM callbacks WHERE callback_id = ?", ((name,) for name in batch.erased_callbacks))
        for what, before in batch.erasures.items():
            self._db.execute(_ERASING[what], (before.isoformat(),))
        self._erased = self._erased or bool(batch.erased_callbacks or batch.erasures)

    def _note_day(self, event: StoredEvent) -> None:
        if b'"day_started"' in event.body:
            body = msgspec.json.decode(event.body, type=Event).body
            if isinstance(body, DayStarted):
                self._db.execute("INSERT OR IGNORE INTO days VALUES (?, ?)", (body.service_day.isoformat(), event.seq))

    def describe(self, hall: bytes) -> None:
        """Keep the hall's description (JSON), so that a report needs no hall file."""
        self._durably(lambda: self._db.execute("INSERT OR REPLACE INTO meta VALUES ('hall', ?)", (hall,)))

    def install(self, installation: str) -> None:
        """Let the database belong to a folder."""
        sql = "INSERT OR REPLACE INTO meta VALUES ('installation', ?)"
        self._durably(lambda: self._db.execute(sql, (installation.encode(),)))

    def forget_answers(self, before: dt.date) -> None:
        """Drop remembered answers of service days before this one."""
        sql = "DELETE FROM answers WHERE service_day < ?"
        self._durably(lambda: self._db.execute(sql, (before.isoformat(),)))

    def guard_key(self, service_day: dt.date) -> bytes:
        """The key of a day's hashes; an earlier day's key and hashes are destroyed."""
        found = self.kept_guard_key()
        day = service_day.isoformat().encode()
        if found is not None and found.startswith(day):
            return found[len(day) :]
        key = secrets.token_bytes(32)
        self._durably(partial(self._change_guard_key, day + key))
        return key

    def _change_guard_key(self, key: bytes) -> None:
        self._db.execute("DELETE FROM guards")
        self._erased = True
        self._db.execute("INSERT OR REPLACE INTO meta VALUES ('guard_key', ?)", (key,))

    def tidy(self) -> None:
        """Copy the write-ahead log into the database when it has grown: cheap between bursts, slow within them.

        After something was erased the log is cut as well, as soon as nobody reads in it: its old pages hold it still.
        """
        self._let_disk(lambda: self._db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE))
        if self._rated_days:
            self._lay_ratings_anew()
        if self._erased:
            self._let_disk(self._cut_log)
        if self.head_file:
            self.head_file.keep(self)

    def _lay_ratings_anew(self) -> None:
        """Write the days' ratings once more, by their random ids: a page keeps its rows in the order of writing.

        That order, beside the log's, would tell whose each was; so the write-ahead log is cut as well.
        """
        self._durably(lambda: _lay_anew(self._db, sorted(self._rated_days)))
        self._rated_days.clear()
        self._erased = True

    def _cut_log(self) -> None:
        self._db.set_busy_timeout(0)
        try:
            self._db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
            self._erased = False
        except apsw.BusyError:
            pass  # a backup or report reads: at the next tidying
        finally:
            self._db.set_busy_timeout(BUSY_MILLISECONDS)

    def copy_to(self, target: Path) -> None:
        """Copy the whole database to a file, also while another connection writes."""
        try:
            copy = apsw.Connection(str(target))
            try:
                with copy.backup("main", self._db, "main") as backup:
                    backup.step(-1)
                copy.pragma("journal_mode", "delete")
                copy.pragma("secure_delete", "ON")
                latest = copy.execute("SELECT service_day FROM days ORDER BY 1 DESC LIMIT ?", (_DAYS_RATED_LATE,))
                _lay_anew(copy, [str(day) for (day,) in latest.fetchall()])
            finally:
                copy.close()
        except apsw.Error as fault:
            raise StorageFault(f"{target} can't be written: {words_of(fault)}") from fault

    def close(self) -> None:
        """Close; what is committed stays, and the last ratings lie in no order."""
        if self._rated_days and not self._closed and not self._db.readonly("main"):
            with contextlib.suppress(StorageFault):  # the disk may be full: at the next start they are laid anew
                self._lay_ratings_anew()
        if self.head_file and not self._closed:
            with contextlib.suppress(StorageFault):  # it only lags behind
                self.head_file.keep(self)
        with contextlib.suppress(apsw.Error):  # a disk that fails now: the next start reads the log that lies there
            self._db.close()


def _lay_anew(db: apsw.Connection, days: list[str]) -> None:
    """Write ratings of these days, and the requests to be called back, once more by their random ids."""
    with db:
        for day in days:
            sql = "SELECT * FROM ratings WHERE service_day = ? ORDER BY rating_id"
            rows = db.execute(sql, (day,)).fetchall()
            db.execute("DELETE FROM ratings WHERE service_day = ?", (day,))
            db.executemany("INSERT INTO ratings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        asked = db.execute("SELECT * FROM callbacks ORDER BY callback_id").fetchall()
        db.execute("DELETE FROM callbacks")
        db.executemany("INSERT INTO callbacks VALUES (?, ?, ?)", asked)


def _note_row(note: StoredNote) -> tuple[Any, ...]:
    at = note.at.isoformat()
    day = note.service_day.isoformat()
    return note.seq, day, note.ticket_id, at, note.counter_id, note.operator_id, note.text


def _rating_row(rating: StoredRating) -> tuple[Any, ...]:
    reasons, criteria = _encode(rating.reasons).decode(), _encode(rating.criteria).decode()
    where = rating.service_day.isoformat(), rating.service_id, rating.counter_id, rating.operator_id
    return rating.rating_id, *where, rating.score, reasons, rating.comment, criteria
