"""What the queue server asks of its storage: one batch is one durable transaction."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, Protocol

from msgspec import Struct

from protocol import codec
from protocol.errors import MotcuaError
from protocol.events import EpochStarted
from queue_server.domain.ticket import Ticket


def told_late(tickets: Iterable[Ticket], begins: int) -> list[int]:
    """The events from the seq `begins` on that tell of an earlier day's tickets: handed in then, or withdrawn."""
    found = {seq for t in tickets if t.ticket_id > begins or t.withdrawn for seq in (t.ticket_id, t.moved_seq)}
    return sorted(seq for seq in found if seq > begins)


class StorageFault(MotcuaError):
    """The storage could not do what was asked; nothing of the batch is stored."""

    trouble = ""
    """The code of the trouble (`queue_server.health`) that it is a sign of, if any."""


class DiskFull(StorageFault):
    """There is no space, nor any reserve of it."""

    trouble = "disk_full"


class DiskFault(StorageFault):
    """The disk failed to write, sync or read; the database was closed for it."""

    trouble = "disk_fault"


class AnsweredLost(StorageFault):
    """The disk no longer holds what was answered: nothing is taken any more until a person has looked."""

    trouble = "chain_broken"


@dataclass(frozen=True)
class StoredEvent:
    """An event as it lies in the log: its bytes and the chain's hash up to it."""

    seq: int
    body: bytes
    hash: bytes


def begun_epoch(events: Iterable[StoredEvent]) -> str | None:
    """The epoch that begins with one of these events."""
    begun = [event for event in events if b'"epoch_started"' in event.body]
    found = (codec.decode_event(event.body) for event in reversed(begun))
    return next((event.epoch for event in found if isinstance(event.body, EpochStarted)), None)


@dataclass(frozen=True)
class StoredAnswer:
    """The answer that a request got, and the fingerprint of that request."""

    request_id: str
    fingerprint: bytes
    reply: bytes


@dataclass(frozen=True)
class StoredRating:
    """A rating, apart from its ticket; `rating_id` is random, so that no order is kept either."""

    rating_id: bytes
    service_day: dt.date
    service_id: str
    counter_id: str
    score: int
    reasons: list[str]
    comment: str
    operator_id: str = ""
    criteria: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class StoredCallback:
    """A request to be called back: what its citizen left, sealed; `callback_id` is random, so that no order is kept."""

    callback_id: str
    service_day: dt.date
    sealed: bytes


Erasable = Literal["notes", "comments", "callbacks"]
"""What is personal and kept for so many days only."""


@dataclass(frozen=True)
class StoredNote:
    """What staff wrote, apart from the log: under the seq of its event, on a ticket or (None) to counters."""

    seq: int
    service_day: dt.date
    ticket_id: int | None
    at: dt.datetime
    counter_id: str | None
    operator_id: str
    text: str


@dataclass(frozen=True)
class Guard:
    """That a person, known by a keyed hash only, holds a ticket of a service."""

    person: bytes
    service_id: str
    ticket_id: int


@dataclass
class Batch:
    """What one transaction stores; a row that is None is dropped, notes from `erased_notes` too."""

    events: list[StoredEvent] = field(default_factory=list)
    tickets: list[Ticket] = field(default_factory=list)
    rows: dict[str, Struct | None] = field(default_factory=dict)
    answers: list[StoredAnswer] = field(default_factory=list)
    ratings: list[StoredRating] = field(default_factory=list)
    notes: list[StoredNote] = field(default_factory=list)
    erased_notes: list[int] = field(default_factory=list)
    guards: list[Guard] = field(default_factory=list)
    callbacks: list[StoredCallback] = field(default_factory=list)
    erased_callbacks: list[str] = field(default_factory=list)
    erasures: dict[Erasable, dt.date] = field(default_factory=dict)
    """What is erased of service days before a day."""
    tallies: bytes | None = None
    """What of the day's ratings was told so far (JSON), if that changed."""
    guard_key: bytes | None = None
    """The day and key of the guards' hashes, where a second machine must learn them."""
    number: int | None = None
    """Which batch this is of those that a second machine gets."""


@dataclass(frozen=True)
class Stored:
    """What a server starts from: the head of the log and the live state; `ended` are the tickets that ended today."""

    seq: int
    head_hash: bytes
    tickets: list[Ticket]
    ended: list[Ticket]
    rows: dict[str, Struct]


class Fenced(StorageFault):
    """The second machine took the hall over: what this one wrote counts nowhere."""


class Ships(Protocol):
    """What a storage needs of the link to a second machine."""

    def number(self, batch: Batch) -> None:
        """Give a batch its number before it is stored."""

    def ship(self, batch: Batch) -> None:
        """Bring a stored batch to the second machine, if that is in step; raises Fenced."""

    def go_on_after(self, number: int) -> None:
        """The storage was read anew, and this is the number of the last batch in it."""


class Storage(Protocol):
    """The one writer's storage; all methods raise StorageFault when the disk fails."""

    epoch: str
    token_key: bytes

    def load(self) -> Stored:
        """The head of the log, the live tickets and all state rows."""

    def commit(self, batch: Batch) -> None:
        """Store a batch durably, whole or not at all."""

    def ticket(self, ticket_id: int) -> Ticket | None:
        """A committed ticket in whatever state."""

    def answer(self, request_id: str) -> StoredAnswer | None:
        """The committed answer of a request."""

    def events(self, first_seq: int = 1, last_seq: int | None = None) -> Iterator[StoredEvent]:
        """The log in order."""

    def rows(self) -> dict[str, Struct]:
        """All state rows."""

    def tickets(self) -> Iterator[Ticket]:
        """All tickets."""

    def recent_tickets(self, count: int, before: int | None = None) -> list[Ticket]:
        """The latest tickets (issued before a seq), so many of them."""

    def ratings(self, service_day: dt.date) -> list[StoredRating]:
        """The ratings of a service day, in no order."""

    def notes(self, ticket_id: int | None) -> list[StoredNote]:
        """The notes on a ticket, or today's messages to counters, oldest first."""

    def guards(self) -> list[Guard]:
        """Who holds which ticket today, as keyed hashes."""

    def guard_key(self, service_day: dt.date) -> bytes:
        """The key of a day's hashes; an earlier day's key and hashes are destroyed."""

    def callbacks(self) -> list[StoredCallback]:
        """The requests to be called back, oldest day first."""

    def tallies(self) -> bytes | None:
        """What of the day's ratings was told, as last kept."""

    def erasable(self, what: Erasable, before: dt.date) -> int:
        """How much of service days before this one would be erased."""

    def day_span(self, service_day: dt.date) -> tuple[int, int] | None:
        """The first and last seq of a service day's events, or None if it has none."""

    def late_events(self, service_day: dt.date) -> list[int]:
        """The events of later days that tell of numbers of this one: handed in late, or withdrawn; in order."""

    def days(self) -> list[dt.date]:
        """All service days of the log, oldest first."""

    def describe(self, hall: bytes) -> None:
        """Keep the hall's description (JSON), so that a report needs no hall file."""

    def description(self) -> bytes | None:
        """The hall's description as last kept."""

    def forget_answers(self, before: dt.date) -> None:
        """Drop remembered answers of service days before this one."""

    def tidy(self) -> None:
        """Do what is better done between bursts than within them."""

    def close(self) -> None:
        """Close; what is committed stays."""
