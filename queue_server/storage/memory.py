"""A storage that forgets when the program ends: for tests and for playing a hall forward."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

from msgspec import Struct

from protocol import codec
from protocol.events import DayStarted
from queue_server.domain.chain import START
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
    begun_epoch,
    told_late,
)


class MemoryStorage:
    """Everything in dictionaries; set `failing` to see what a full disk does."""

    def __init__(self, epoch: str = "0123456789abcdef", token_key: bytes = b"k" * 32) -> None:
        self.epoch = epoch
        self.token_key = token_key
        self.failing = False
        self._events: list[StoredEvent] = []
        self._tickets: dict[int, Ticket] = {}
        self._rows: dict[str, Struct] = {}
        self._answers: dict[str, StoredAnswer] = {}
        self._ratings: list[StoredRating] = []
        self._notes: dict[int, StoredNote] = {}
        self._callbacks: dict[str, StoredCallback] = {}
        self._tallies: bytes | None = None
        self._guards: list[Guard] = []
        self._guard_day: dt.date | None = None
        self._days: dict[dt.date, int] = {}
        self._description: bytes | None = None

    def load(self) -> Stored:
        """The head of the log, the live tickets and all state rows."""
        head_hash = self._events[-1].hash if self._events else START
        live = [ticket for ticket in self._tickets.values() if ticket.live]
        first = max(self._days.values(), default=len(self._events))
        ended = [ticket for ticket in self._tickets.values() if not ticket.live and ticket.ticket_id > first]
        return Stored(len(self._events), head_hash, live, ended, dict(self._rows))

    def commit(self, batch: Batch) -> None:
        """Store a batch; raises StorageFault when failing."""
        if self.failing:
            raise StorageFault("the storage was told to fail")
        self._events += batch.events
        self.epoch = begun_epoch(batch.events) or self.epoch
        self._tickets.update({ticket.ticket_id: ticket for ticket in batch.tickets})
        for key, row in batch.rows.items():
            self._rows.pop(key, None)
            if row is not None:
                self._rows[key] = row
        self._notes.update({note.seq: note for note in batch.notes})
        for seq in batch.erased_notes:
            self._notes.pop(seq, None)
        self._guards += batch.guards
        self._answers.update({answer.request_id: answer for answer in batch.answers})
        self._ratings += batch.ratings
        self._callbacks.update({callback.callback_id: callback for callback in batch.callbacks})
        for callback_id in batch.erased_callbacks:
            self._callbacks.pop(callback_id, None)
        for what, before in batch.erasures.items():
            self._erase(what, before)
        self._tallies = batch.tallies or self._tallies
        for event in batch.events:
            body = codec.decode_event(event.body).body
            if isinstance(body, DayStarted):
                self._days.setdefault(body.service_day, event.seq)

    def ticket(self, ticket_id: int) -> Ticket | None:
        """A committed ticket in whatever state."""
        return self._tickets.get(ticket_id)

    def answer(self, request_id: str) -> StoredAnswer | None:
        """The committed answer of a request."""
        return self._answers.get(request_id)

    def events(self, first_seq: int = 1, last_seq: int | None = None) -> Iterator[StoredEvent]:
        """The log in order."""
        return iter(self._events[first_seq - 1 : last_seq])

    def rows(self) -> dict[str, Struct]:
        """All state rows."""
        return dict(self._rows)

    def tickets(self) -> Iterator[Ticket]:
        """All tickets."""
        return iter(list(self._tickets.values()))

    def recent_tickets(self, count: int, before: int | None = None) -> list[Ticket]:
        """The latest tickets (issued before a seq), so many of them."""
        return [ticket for ticket in self._tickets.values() if before is None or ticket.ticket_id < before][-count:]

    def ratings(self, service_day: dt.date) -> list[StoredRating]:
        """The ratings of a service day."""
        return [rating for rating in self._ratings if rating.service_day == service_day]

    def notes(self, ticket_id: int | None) -> list[StoredNote]:
        """The notes on a ticket, or today's messages to counters, oldest first."""
        today = max(self._days, default=None)
        found = [note for note in self._notes.values() if note.ticket_id == ticket_id]
        return [note for note in found if ticket_id is not None or note.service_day == today]

    def guards(self) -> list[Guard]:
        """Who holds which ticket today, as keyed hashes."""
        return list(self._guards)

    def guard_key(self, service_day: dt.date) -> bytes:
        """The key of a day's hashes; an earlier day's hashes are destroyed."""
        if self._guard_day != service_day:
            self._guard_day, self._guards = service_day, []
        return service_day.isoformat().encode()

    def callbacks(self) -> list[StoredCallback]:
        """The requests to be called back."""
        return sorted(self._callbacks.values(), key=lambda callback: callback.service_day)

    def tallies(self) -> bytes | None:
        """What of the day's ratings was told."""
        return self._tallies

    def erasable(self, what: Erasable, before: dt.date) -> int:
        """How much of service days before this one would be erased."""
        comments = [rating for rating in self._ratings if rating.comment]
        days = {
            "notes": [note.service_day for note in self._notes.values()],
            "comments": [rating.service_day for rating in comments],
            "callbacks": [callback.service_day for callback in self._callbacks.values()],
        }
        return sum(day < before for day in days[what])

    def _erase(self, what: Erasable, before: dt.date) -> None:
        if what == "notes":
            self._notes = {seq: note for seq, note in self._notes.items() if note.service_day >= before}
        elif what == "callbacks":
            self._callbacks = {c: one for c, one in self._callbacks.items() if one.service_day >= before}
        else:
            self._ratings = [replace(r, comment="") if r.service_day < before else r for r in self._ratings]

    def day_span(self, service_day: dt.date) -> tuple[int, int] | None:
        """The first and last seq of a service day's events, or None if it has none."""
        first = self._days.get(service_day)
        if first is None:
            return None
        later = [seq for seq in self._days.values() if seq > first]
        return first, min(later) - 1 if later else len(self._events)

    def late_events(self, service_day: dt.date) -> list[int]:
        """The events of later days that tell of numbers of this one."""
        begins = min((seq for day, seq in self._days.items() if day > service_day), default=len(self._events))
        return told_late((ticket for ticket in self._tickets.values() if ticket.service_day == service_day), begins)

    def days(self) -> list[dt.date]:
        """All service days of the log, oldest first."""
        return sorted(self._days)

    def describe(self, hall: bytes) -> None:
        """Keep the hall's description."""
        self._description = hall

    def description(self) -> bytes | None:
        """The hall's description as last kept."""
        return self._description

    def forget_answers(self, before: dt.date) -> None:
        """Answers carry no day here: all stay."""

    def tidy(self) -> None:
        """There is nothing to tidy."""

    def close(self) -> None:
        """There is nothing to close."""
