"""The ledger: what happened, who was answered what, committed together before anybody hears of it."""

import datetime as dt
from collections import OrderedDict

from msgspec import Struct

from protocol import codec
from protocol.events import EpochStarted, Event, EventBody
from protocol.words import EpochReason
from queue_server.domain.chain import link
from queue_server.domain.folding import apply
from queue_server.domain.hall import Hall
from queue_server.domain.rules import Rules
from queue_server.storage.base import (
    Batch,
    Erasable,
    Guard,
    Storage,
    StoredAnswer,
    StoredCallback,
    StoredEvent,
    StoredNote,
    StoredRating,
)

RECENT_ANSWERS = 20_000
"""Answers that changed nothing are remembered in memory only, so many of them."""


class Ledger:
    """The hall's state with its storage: `record` events, `remember` answers, `commit` them durably."""

    def __init__(self, rules: Rules, storage: Storage) -> None:
        self.storage = storage
        self._rules = rules
        self.reload()

    def reload(self) -> None:
        """Forget what is not committed and start from what is."""
        self._batch = Batch()
        self._batch_answers: dict[str, StoredAnswer] = {}
        self._recent: OrderedDict[str, StoredAnswer] = OrderedDict()
        stored = self.storage.load()
        self.hall = Hall(self._rules, self.storage.ticket)
        self.hall.epoch, self.hall.seq = self.storage.epoch, stored.seq
        self._head_hash = stored.head_hash
        self.hall.restore(stored.tickets, stored.ended, stored.rows)

    def begin(self, now: dt.datetime) -> None:
        """Write the first event of a new hall; do nothing if the log has begun."""
        if self.hall.seq == 0:
            self.record(EpochStarted(self._rules.hall_id), "server", now)

    def start_epoch(self, epoch: str, reason: EpochReason, hall_id: str, now: dt.datetime) -> None:
        """Let another epoch go on with the log; seq and chain go on too."""
        previous, self.hall.epoch = self.hall.epoch, epoch
        self.record(EpochStarted(hall_id, reason, previous), "server", now)

    def record(self, body: EventBody, device_id: str, now: dt.datetime) -> Event:
        """Let an event happen; raises a Refusal, with nothing changed, if the state does not allow it."""
        event = Event(self.hall.epoch, self.hall.seq + 1, now, device_id, body)
        apply(self.hall, event)
        stored = codec.encode(event)
        self._head_hash = link(self._head_hash, stored)
        self._batch.events.append(StoredEvent(event.seq, stored, self._head_hash))
        return event

    def rate(self, rating: StoredRating) -> None:
        """Keep a rating with the batch."""
        self._batch.ratings.append(rating)

    def tell_tallies(self, tallies: bytes) -> None:
        """Keep with the batch what of the day's ratings was told."""
        self._batch.tallies = tallies

    def want_callback(self, callback: StoredCallback) -> None:
        """Keep a request to be called back with the batch."""
        self._batch.callbacks.append(callback)

    def erase_callback(self, callback_id: str) -> None:
        """Drop a request to be called back with the batch."""
        self._batch.callbacks = [one for one in self._batch.callbacks if one.callback_id != callback_id]
        self._batch.erased_callbacks.append(callback_id)

    def callbacks(self) -> list[StoredCallback]:
        """The requests to be called back; those of the open batch included."""
        erased = set(self._batch.erased_callbacks)
        return [one for one in (*self.storage.callbacks(), *self._batch.callbacks) if one.callback_id not in erased]

    def erase(self, what: Erasable, before: dt.date) -> int:
        """Erase with the batch what is personal of service days before this one: how much it is."""
        count = self.storage.erasable(what, before)
        if count:
            self._batch.erasures[what] = before
        return count

    def write_note(self, note: StoredNote) -> None:
        """Keep a note with the batch."""
        self._batch.notes.append(note)

    def erase_notes(self, first_seq: int, last_seq: int) -> None:
        """Drop the notes of these events with the batch."""
        self._batch.notes = [note for note in self._batch.notes if not first_seq <= note.seq <= last_seq]
        self._batch.erased_notes += range(first_seq, last_seq + 1)

    def notes(self, ticket_id: int | None) -> list[StoredNote]:
        """The notes on a ticket, or today's messages to counters, oldest first; those of the open batch included."""
        erased = set(self._batch.erased_notes)
        stored = [note for note in self.storage.notes(ticket_id) if note.seq not in erased]
        return stored + [note for note in self._batch.notes if note.ticket_id == ticket_id]

    def guard(self, guard: Guard) -> None:
        """Remember with the batch that a person holds a ticket."""
        self._batch.guards.append(guard)

    def guards(self) -> list[Guard]:
        """Who holds which ticket today; those of the open batch included."""
        return [*self.storage.guards(), *self._batch.guards]

    def remembered(self, request_id: str) -> StoredAnswer | None:
        """What a request was answered, if it came before."""
        return self._batch_answers.get(request_id) or self._recent.get(request_id) or self.storage.answer(request_id)

    def remember(self, answer: StoredAnswer, events_before: int) -> None:
        """Remember an answer: durably if events came of it, else among the recent ones."""
        if len(self._batch.events) > events_before or answer.request_id in self._batch_answers:
            self._batch_answers[answer.request_id] = answer
            return
        self._recent[answer.request_id] = answer
        if len(self._recent) > RECENT_ANSWERS:
            self._recent.popitem(last=False)

    def keep(self, answer: StoredAnswer) -> None:
        """Remember an answer durably although nothing came of it."""
        if self.storage.answer(answer.request_id) is None:
            self._batch_answers[answer.request_id] = answer

    def event(self, seq: int) -> Event:
        """An event of the log, or of the open batch."""
        pending = self._batch.events
        stored = pending[seq - pending[0].seq] if pending and seq >= pending[0].seq else None
        return codec.decode_event((stored or next(self.storage.events(seq, seq))).body)

    def kept_answers(self) -> list[StoredAnswer]:
        """The answers that the open batch will store."""
        return list(self._batch_answers.values())

    @property
    def pending_events(self) -> int:
        """How many events the open batch holds."""
        return len(self._batch.events)

    def commit(self) -> list[bytes]:
        """Store the open batch durably and give its events (stored bytes) for publishing; raises StorageFault."""
        if not self._batch.events and not self._batch_answers:
            return []
        self._batch.answers = list(self._batch_answers.values())
        self._batch.tickets = list(self.hall.changes.tickets.values())
        self._batch.rows = dict[str, Struct | None](self.hall.changes.rows)
        self.storage.commit(self._batch)
        published = [event.body for event in self._batch.events]
        self._batch = Batch()
        self._batch_answers = {}
        self.hall.settle()
        return published
