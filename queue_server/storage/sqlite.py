"""The hall's database: SQLite through APSW, WAL with synchronous=FULL, one writing connection.

FULL because NORMAL loses acknowledged commits at a power cut (sqlite.org/pragma.html#pragma_synchronous).
"""

import contextlib
import datetime as dt
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import msgspec
from msgspec import Struct

from protocol.events import DayStarted, Event
from queue_server.domain.chain import START
from queue_server.domain.folding import BLOCKS_KEPT
from queue_server.domain.rows import ROW_TYPES
from queue_server.domain.ticket import Ticket
from queue_server.storage.base import (
    Batch,
    Erasable,
    Guard,
    StorageFault,
    Stored,
    StoredAnswer,
    StoredCallback,
    StoredEvent,
    StoredNote,
    StoredRating,
    told_late,
)
from queue_server.storage.opening import BUSY_MILLISECONDS, open_database

_DAYS_RATED_LATE = 11
"""Days whose ratings may have come since the last tidying: a rating is open for ten days at most."""
_LATE_DAYS = BLOCKS_KEPT + dt.timedelta(days=1)
_COUNTING: dict[Erasable, str] = {
    "notes": "SELECT count(*) FROM notes WHERE service_day < ?",
    "comments": "SELECT count(*) FROM ratings WHERE service_day < ? AND comment <> ''",
    "callbacks": "SELECT count(*) FROM callbacks WHERE service_day < ?",
}
_ERASING: dict[Erasable, str] = {
    "notes": "DELETE FROM notes WHERE service_day < ?",
    "comments": "UPDATE ratings SET comment = '' WHERE service_day < ? AND comment <> ''",
    "callbacks": "DELETE FROM callbacks WHERE service_day < ?",
}
_encode = msgspec.json.Encoder().encode
_tickets = msgspec.json.Decoder(Ticket)


class SqliteStorage:
    """A hall's `hall.db`; `path` is made if it does not exist and `writing` is on."""

    def __init__(self, path: Path, *, writing: bool = True) -> None:
        self._erased = False
        self._rated_days: set[str] = set()
        try:
            self._db = open_database(path, writing=writing)
            self._cursor = self._db.cursor()
            self.epoch = self._meta("epoch").decode()
            self.token_key = self._meta("token_key")
            if writing:  # a crash may have come before the last ratings were laid anew
                self._rated_days.add(self._today().isoformat())
        except apsw.Error as fault:
            raise StorageFault(f"{path}: {fault}") from fault

    # ---- reading ----

    def load(self) -> Stored:
        """The head of the log, the live tickets and all state rows."""
        head = self._one("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1")
        seq, head_hash = head if head else (0, START)
        live = self._all("SELECT body FROM tickets WHERE live = 1 ORDER BY ticket_id")
        tickets = [_tickets.decode(body) for (body,) in live]
        return Stored(seq, head_hash, tickets, self._ended_today(), self.rows())

    def _ended_today(self) -> list[Ticket]:
        first = self._one("SELECT max(first_seq) FROM days")
        if first is None or first[0] is None:
            return []
        ended = self._all("SELECT body FROM tickets WHERE ticket_id > ? AND live = 0 ORDER BY ticket_id", first[0])
        return [_tickets.decode(body) for (body,) in ended]

    def rows(self) -> dict[str, Struct]:
        """All state rows."""
        found = self._all("SELECT key, body FROM rows")
        return {key: msgspec.json.decode(body, type=ROW_TYPES[key.partition(":")[0]]) for key, body in found}

    def ticket(self, ticket_id: int) -> Ticket | None:
        """A committed ticket in whatever state."""
        found = self._one("SELECT body FROM tickets WHERE ticket_id = ?", ticket_id)
        return _tickets.decode(found[0]) if found else None

    def answer(self, request_id: str) -> StoredAnswer | None:
        """The committed answer of a request."""
        found = self._one("SELECT fingerprint, reply FROM answers WHERE request_id = ?", request_id)
        return StoredAnswer(request_id, *found) if found else None

    def events(self, first_seq: int = 1, last_seq: int | None = None) -> Iterator[StoredEvent]:
        """The log in order."""
        last = last_seq if last_seq is not None else 2**62
        rows = self._all("SELECT seq, body, hash FROM events WHERE seq BETWEEN ? AND ? ORDER BY seq", first_seq, last)
        return (StoredEvent(*row) for row in rows)

    def tickets(self) -> Iterator[Ticket]:
        """All tickets."""
        return (_tickets.decode(body) for (body,) in self._all("SELECT body FROM tickets ORDER BY ticket_id"))

    def recent_tickets(self, count: int, before: int | None = None) -> list[Ticket]:
        """The latest tickets (issued before a seq), so many of them."""
        sql = "SELECT body FROM tickets WHERE ticket_id < ? ORDER BY ticket_id DESC LIMIT ?"
        found = self._all(sql, before or 2**62, count)
        return [_tickets.decode(body) for (body,) in found]

    def ratings(self, service_day: dt.date) -> list[StoredRating]:
        """The ratings of a service day, in no order."""
        columns = "rating_id, service_id, counter_id, score, reasons, comment, operator_id, criteria"
        found = self._all(f"SELECT {columns} FROM ratings WHERE service_day = ?", service_day.isoformat())  # noqa: S608
        return [_rating(service_day, *row) for row in found]

    def callbacks(self) -> list[StoredCallback]:
        """The requests to be called back, oldest day first."""
        found = self._all("SELECT callback_id, service_day, sealed FROM callbacks ORDER BY service_day, callback_id")
        return [StoredCallback(name, dt.date.fromisoformat(day), bytes(sealed)) for name, day, sealed in found]

    def tallies(self) -> bytes | None:
        """What of the day's ratings was told, as last kept."""
        found = self._one("SELECT value FROM meta WHERE key = 'tallies'")
        return bytes(found[0]) if found else None

    def erasable(self, what: Erasable, before: dt.date) -> int:
        """How much of service days before this one would be erased."""
        return int(self._one(_COUNTING[what], before.isoformat())[0])

    def notes(self, ticket_id: int | None) -> list[StoredNote]:
        """The notes on a ticket, or today's messages to counters, oldest first."""
        if ticket_id is None:
            where, value = "ticket_id IS NULL AND service_day = ?", self._today().isoformat()
        else:
            where, value = "ticket_id = ?", str(ticket_id)
        columns = "seq, service_day, ticket_id, at, counter_id, operator_id, text"
        found = self._all(f"SELECT {columns} FROM notes WHERE {where} ORDER BY seq", value)  # noqa: S608 - no input
        return [
            StoredNote(seq, dt.date.fromisoformat(day), ticket, dt.datetime.fromisoformat(at), *rest)
            for seq, day, ticket, at, *rest in found
        ]

    def guards(self) -> list[Guard]:
        """Who holds which ticket today, as keyed hashes."""
        return [Guard(*row) for row in self._all("SELECT person, service_id, ticket_id FROM guards")]

    def day_span(self, service_day: dt.date) -> tuple[int, int] | None:
        """The first and last seq of a service day's events, or None if it has none."""
        found = self._one("SELECT first_seq FROM days WHERE service_day = ?", service_day.isoformat())
        if found is None:
            return None
        after = self._one("SELECT min(first_seq) FROM days WHERE first_seq > ?", found[0])
        if after is not None and after[0] is not None:
            return found[0], after[0] - 1
        last = self._one("SELECT max(seq) FROM events")
        return found[0], last[0] if last else found[0]

    def late_events(self, service_day: dt.date) -> list[int]:
        """The events of later days that tell of numbers of this one, within `_LATE_DAYS`."""
        after = "SELECT min(first_seq) FROM days WHERE service_day > ?"
        begins = self._one(after, service_day.isoformat())[0]
        if begins is None:
            return []
        ends = self._one(after, (service_day + _LATE_DAYS).isoformat())[0] or 2**62
        first = (self.day_span(service_day) or (begins, 0))[0]
        sql = "SELECT body FROM tickets WHERE ticket_id BETWEEN ? AND ? AND instr(body, ?)"
        found = self._all(sql, first, ends, f'"service_day":"{service_day}"'.encode())
        return told_late((_tickets.decode(body) for (body,) in found), begins)

    def days(self) -> list[dt.date]:
        """All service days of the log, oldest first."""
        return [dt.date.fromisoformat(day) for (day,) in self._all("SELECT service_day FROM days ORDER BY 1")]

    def description(self) -> bytes | None:
        """The hall's description as last kept."""
        found = self._one("SELECT value FROM meta WHERE key = 'hall'")
        return bytes(found[0]) if found else None

    # ---- writing ----

    def commit(self, batch: Batch) -> None:
        """Store a batch durably, whole or not at all; raises StorageFault."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                self._write(batch)
                self._db.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise
        except apsw.Error as fault:
            raise StorageFault(f"{type(fault).__name__}: {fault}") from fault

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

    def _roll_back(self) -> None:
        if not self._db.get_autocommit():
            self._db.execute("ROLLBACK")

    def _today(self) -> dt.date:
        found = self._one("SELECT max(service_day) FROM days")
        return dt.date.fromisoformat(found[0]) if found and found[0] else dt.date.min

    def describe(self, hall: bytes) -> None:
        """Keep the hall's description (JSON), so that a report needs no hall file."""
        try:
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('hall', ?)", (hall,))
        except apsw.Error as fault:
            raise StorageFault(str(fault)) from fault

    def forget_answers(self, before: dt.date) -> None:
        """Drop remembered answers of service days before this one."""
        try:
            self._db.execute("DELETE FROM answers WHERE service_day < ?", (before.isoformat(),))
        except apsw.Error as fault:
            raise StorageFault(str(fault)) from fault

    def guard_key(self, service_day: dt.date) -> bytes:
        """The key of a day's hashes; an earlier day's key and hashes are destroyed."""
        found = self._one("SELECT value FROM meta WHERE key = 'guard_key'")
        day = service_day.isoformat().encode()
        if found is not None and bytes(found[0]).startswith(day):
            return bytes(found[0])[len(day) :]
        key = secrets.token_bytes(32)
        try:
            self._db.execute("DELETE FROM guards")
            self._erased = True
            self._db.execute("INSERT OR REPLACE INTO meta VALUES ('guard_key', ?)", (day + key,))
        except apsw.Error as fault:
            raise StorageFault(str(fault)) from fault
        return key

    def tidy(self) -> None:
        """Copy the write-ahead log into the database when it has grown: cheap between bursts, slow within them.

        After something was erased the log is cut as well, as soon as nobody reads in it: its old pages hold it still.
        """
        try:
            self._db.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
            if self._rated_days:
                self._lay_ratings_anew()
            if self._erased:
                self._cut_log()
        except apsw.Error as fault:
            raise StorageFault(str(fault)) from fault

    def _lay_ratings_anew(self) -> None:
        """Write the days' ratings once more, by their random ids: a page keeps its rows in the order of writing.

        That order, beside the log's, would tell whose each was; so the write-ahead log is cut as well.
        """
        _lay_anew(self._db, sorted(self._rated_days))
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
            raise StorageFault(f"{target}: {fault}") from fault

    def close(self) -> None:
        """Close; what is committed stays, and the last ratings lie in no order."""
        if self._rated_days and not self._db.readonly("main"):
            with contextlib.suppress(
                apsw.Error
            ):  # a full disk keeps them as they lie: at the next start they are laid anew
                self._lay_ratings_anew()
        self._db.close()

    def _all(self, sql: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._db.execute(sql, values)
        except apsw.Error as fault:
            raise StorageFault(f"{type(fault).__name__}: {fault}") from fault

    def _one(self, sql: str, *values: Any) -> Any:
        try:
            # all of it, although one is wanted: an unfinished reading would keep the log from being tidied
            found = self._cursor.execute(sql, values).fetchall()
        except apsw.Error as fault:
            raise StorageFault(f"{type(fault).__name__}: {fault}") from fault
        return found[0] if found else None

    def _meta(self, key: str) -> bytes:
        found = self._one("SELECT value FROM meta WHERE key = ?", key)
        if found is None or not isinstance(found[0], bytes):
            raise StorageFault(f"this is no hall's database: its {key} is missing")
        return found[0]


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


def _rating(
    service_day: dt.date, rating_id: bytes, service_id: str, counter_id: str, score: int, *rest: str
) -> StoredRating:
    reasons, comment, operator_id, criteria = rest
    what = rating_id, service_day, service_id, counter_id, score
    return StoredRating(*what, msgspec.json.decode(reasons), comment, operator_id, msgspec.json.decode(criteria))
