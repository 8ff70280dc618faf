"""What is read of a hall's database; also a database that another process writes is read so."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import apsw
import msgspec
from msgspec import Struct

from queue_server.domain.chain import START
from queue_server.domain.folding import BLOCKS_KEPT
from queue_server.domain.rows import ROW_TYPES
from queue_server.domain.ticket import Ticket
from queue_server.storage.base import (
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
from queue_server.storage.faults import fault_of

_LATE_DAYS = BLOCKS_KEPT + dt.timedelta(days=1)
_COUNTING: dict[Erasable, str] = {
    "notes": "SELECT count(*) FROM notes WHERE service_day < ?",
    "comments": "SELECT count(*) FROM ratings WHERE service_day < ? AND comment <> ''",
    "callbacks": "SELECT count(*) FROM callbacks WHERE service_day < ?",
}
_tickets = msgspec.json.Decoder(Ticket)


class SqliteReading:
    """The reading half of the hall's storage, over an open connection; all methods raise StorageFault."""

    _db: apsw.Connection
    _cursor: apsw.Cursor

    def head(self) -> tuple[int, bytes]:
        """The last event's seq and hash."""
        found = self._one("SELECT seq, hash FROM events ORDER BY seq DESC LIMIT 1")
        return (found[0], found[1]) if found else (0, START)

    def last_number(self) -> int:
        """The number of the last batch that a second machine was to get; 0: none."""
        found = self._one("SELECT value FROM meta WHERE key = 'number'")
        return int(bytes(found[0])) if found else 0

    def damage(self) -> str:
        """What SQLite finds wrong with the pages of the file; empty: nothing. Reads all of it."""
        found = [str(row[0]) for row in self._all("PRAGMA integrity_check(3)")]
        return "" if found == ["ok"] else "; ".join(found)

    def hash_of(self, seq: int) -> bytes | None:
        """The hash of an event, or None if there is none."""
        found = self._one("SELECT hash FROM events WHERE seq = ?", seq)
        return found[0] if found else None

    def installation(self) -> str | None:
        """The id of the folder to which the database belongs; None if it never belonged to one."""
        found = self._one("SELECT value FROM meta WHERE key = 'installation'")
        return bytes(found[0]).decode() if found else None

    def load(self) -> Stored:
        """The head of the log, the live tickets and all state rows."""
        seq, head_hash = self.head()
        live = self._all("SELECT body FROM tickets WHERE live = 1 ORDER BY ticket_id")
        tickets = [_tickets.decode(body) for (body,) in live]
        return Stored(seq, head_hash, tickets, self._ended_today(), self.rows())

    def _ended_today(self) -> list[Ticket]:
        today = "ticket_id > (SELECT max(first_seq) FROM days)"
        ended = self._all(f"SELECT body FROM tickets WHERE {today} AND live = 0 ORDER BY ticket_id")  # noqa: S608
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

    def kept_guard_key(self) -> bytes | None:
        """The day of the guards' hashes and the key of them, as kept."""
        found = self._one("SELECT value FROM meta WHERE key = 'guard_key'")
        return bytes(found[0]) if found else None

    def day_span(self, service_day: dt.date) -> tuple[int, int] | None:
        """The first and last seq of a service day's events, or None if it has none."""
        found = self._one("SELECT first_seq FROM days WHERE service_day = ?", service_day.isoformat())
        if found is None:
            return None
        after = self._one("SELECT min(first_seq) FROM days WHERE first_seq > ?", found[0])[0]
        return found[0], self.head()[0] if after is None else after - 1

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

    def _today(self) -> dt.date:
        latest = self._one("SELECT max(service_day) FROM days")[0]
        return dt.date.fromisoformat(latest) if latest else dt.date.min

    def _all(self, sql: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        try:
            yield from self._db.execute(sql, values)
        except apsw.Error as fault:
            raise fault_of(fault) from fault

    def _one(self, sql: str, *values: Any) -> Any:
        try:
            # all of it, although one is wanted: an unfinished reading would keep the log from being tidied
            found = self._cursor.execute(sql, values).fetchall()
        except apsw.Error as fault:
            raise fault_of(fault) from fault
        return found[0] if found else None

    def _meta(self, key: str) -> bytes:
        found = self._one("SELECT value FROM meta WHERE key = ?", key)
        if found is None or not isinstance(found[0], bytes):
            raise StorageFault(f"this is no hall's database: its {key} is missing")
        return found[0]


def _rating(
    service_day: dt.date, rating_id: bytes, service_id: str, counter_id: str, score: int, *rest: str
) -> StoredRating:
    reasons, comment, operator_id, criteria = rest
    what = rating_id, service_day, service_id, counter_id, score
    return StoredRating(*what, msgspec.json.decode(reasons), comment, operator_id, msgspec.json.decode(criteria))
