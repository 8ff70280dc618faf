"""The rows of a hall's state beside its tickets, and under which keys they are stored."""

import datetime as dt

from msgspec import Struct
from msgspec.structs import replace

from protocol.words import AnnouncementKind, EpochReason, Takes

NOBODY = 0
"""Stands for a ticket that is not known."""
NO_KIOSK = ""
"""Stands for the kiosk of numbers that nobody may give."""


class Counter(Struct, frozen=True, gc=False, omit_defaults=True):
    """A counter: who is there, since when it is as it is, and the ticket it holds."""

    counter_id: str
    operator_id: str | None = None
    ticket_id: int | None = None
    since: dt.datetime | None = None
    paused_reason_id: str | None = None
    asks_next: bool = False
    asks_service_id: str | None = None
    service_ids: list[str] | None = None
    takes: Takes = "all"
    alarm_at: dt.datetime | None = None
    last_finished_id: int | None = None

    @property
    def key(self) -> str:
        """Where the row is stored."""
        return f"counter:{self.counter_id}"

    @property
    def idle(self) -> bool:
        """Whether it could call somebody now."""
        return self.operator_id is not None and self.ticket_id is None and self.paused_reason_id is None


class Device(Struct, frozen=True, omit_defaults=True):
    """A device that was enrolled; its public key is Z85."""

    device_id: str
    role: str
    public_key: str
    counter_id: str | None = None
    revoked: bool = False
    suspended: bool = False
    reason: str = ""
    troubles: list[str] = []

    @property
    def key(self) -> str:
        """Where the row is stored."""
        return f"device:{self.device_id}"


class Day(Struct, frozen=True, omit_defaults=True):
    """The running service day: where each queue's series stands, what was given of quotas, how many were served.

    `given` counts per service and per `service@span`, where there is a quota. `priority_run` is how many priority calls
    came in a row. `passed` are numbers of a queue that kiosks gave back when its series had passed them already.
    """

    service_day: dt.date
    last_numbers: dict[str, int] = {}
    finished: int = 0
    given: dict[str, int] = {}
    priority_run: int = 0
    counter_count: int | None = None
    passed: dict[str, list[int]] = {}

    key = "day"


class Suspension(Struct, frozen=True):
    """A service that gives no numbers for now."""

    service_id: str
    reason: str
    by: str

    @property
    def key(self) -> str:
        """Where the row is stored."""
        return f"suspension:{self.service_id}"


class Appointment(Struct, frozen=True, omit_defaults=True):
    """A promised place in the line; `ticket_id` once it was checked in."""

    appointment_id: int
    service_id: str
    class_id: str
    slot_at: dt.datetime
    first_place: bool = False
    ticket_id: int | None = None
    booked_at: dt.datetime | None = None
    """When it was taken from home; null: it was not."""

    @property
    def key(self) -> str:
        """Where the row is stored."""
        return f"appointment:{self.appointment_id}"


class ComeBack(Struct, frozen=True, omit_defaults=True):
    """A finished ticket whose citizen may return until an instant, and the ticket with which he did."""

    ticket_id: int
    service_id: str
    class_id: str
    counts_since: dt.datetime
    until: dt.datetime
    used_by: int | None = None

    @property
    def key(self) -> str:
        """Where the row is stored."""
        return f"come_back:{self.ticket_id}"


class Announcement(Struct, frozen=True, omit_defaults=True):
    """What is said to the room until an instant, or until it is ended."""

    announcement_id: int
    kind: AnnouncementKind
    text: str
    text_en: str
    at: dt.datetime
    until: dt.datetime | None = None
    display_ids: list[str] = []
    spoken: bool = False

    @property
    def key(self) -> str:
        """Where the row is stored."""
        return f"announcement:{self.announcement_id}"


class Block(Struct, frozen=True, omit_defaults=True):
    """Numbers that a kiosk may give by itself: from `first` to `last`.

    `used` are the tickets that were handed in, by number; NOBODY stands for one that may be on a paper that was not.
    A block of NO_KIOSK are numbers that a restored log voided: they may be on papers of which it knows nothing.
    """

    block_id: int
    kiosk_id: str
    queue_id: str
    service_day: dt.date
    first: int
    last: int
    prefix: str = ""
    digits: int = 0
    used: dict[int, int] = {}

    @property
    def key(self) -> str:
        """Where the row is stored."""
        return f"block:{self.block_id}"

    @property
    def next(self) -> int:
        """The first number that is surely not on paper yet, as far as it was handed in."""
        return max([self.first, *(count + 1 for count in self.used)])

    @property
    def numbers_left(self) -> bool:
        """Whether the kiosk holds any that it may still give."""
        return self.kiosk_id != NO_KIOSK and self.next <= self.last

    @property
    def stretches(self) -> list[tuple[int, int]]:
        """The numbers that it keeps from others, as stretches in no order."""
        held = [(self.first, self.last)] if self.first <= self.last else []
        return held + [(count, count) for count in self.used if not self.first <= count <= self.last]

    def kept_within(self, first: int, last: int) -> int:
        """How many numbers from `first` to `last` it keeps from others."""
        return sum(max(0, min(last, end) - max(first, start) + 1) for start, end in self.stretches)

    def after(self, number: int) -> int:
        """The first number from here on that this block does not keep from others."""
        if self.first <= number <= self.last:
            number = self.last + 1
        while number in self.used:
            number += 1
        return number

    def holds(self, number: int) -> bool:
        """Whether the kiosk may have given this number."""
        return self.first <= number <= self.last or number in self.used

    def handed_in(self, number: int, ticket_id: int) -> "Block":
        """The block once a number's ticket is known."""
        return replace(self, used={**self.used, number: ticket_id})

    def returned(self, first: int) -> "Block":
        """The block when the kiosk keeps the numbers from `first` on; what lies below a used one may be on paper."""
        given = range(self.first, min(self.next, first))
        return replace(self, first=first, used={**dict.fromkeys(given, NOBODY), **self.used})


class Epoch(Struct, frozen=True, omit_defaults=True):
    """From which seq on the log is of an epoch, since when, and why it began."""

    epoch: str
    first_seq: int
    at: dt.datetime
    reason: EpochReason = "new"

    @property
    def key(self) -> str:
        """Where the row is stored."""
        return f"epoch:{self.first_seq}"


class ClockDoubt(Struct, frozen=True):
    """That the machine's clock told an instant where another was due, and nobody has confirmed it yet."""

    told: dt.datetime
    expected: dt.datetime

    key = "clock_doubt"


Row = Counter | Device | Day | Suspension | Appointment | ComeBack | Block | Announcement | Epoch | ClockDoubt

ROW_TYPES: dict[str, type[Struct]] = {
    "counter": Counter,
    "device": Device,
    "day": Day,
    "suspension": Suspension,
    "appointment": Appointment,
    "come_back": ComeBack,
    "block": Block,
    "announcement": Announcement,
    "epoch": Epoch,
    "clock_doubt": ClockDoubt,
}
"""What a state row holds, by the part of its key before the colon."""
