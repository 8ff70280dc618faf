"""What happened in the hall beside its tickets: the bodies of events of days, devices, doors and counters."""

import datetime as dt
from typing import Literal

from msgspec import Struct

from protocol.words import AnnouncementKind, EpochReason, Takes


class _Body(Struct, frozen=True, gc=False, tag_field="type"):
    """The part of an event that its kind decides."""


class EpochStarted(_Body, frozen=True, tag="epoch_started"):
    """A database began its life (`new`), or goes on with another: after a restore, or in the place of a lost server.

    `seq` and chain go on; what the `previous` epoch wrote after this event's `seq` is not of this log.
    """

    hall_id: str
    reason: EpochReason = "new"
    previous: str | None = None


class DayStarted(_Body, frozen=True, tag="day_started"):
    """A service day began: every number series starts again."""

    service_day: dt.date


class DeviceEnrolled(_Body, frozen=True, tag="device_enrolled"):
    """A device joined the hall with its public key (Z85)."""

    enrolled_device_id: str
    role: str
    public_key: str
    counter_id: str | None = None


class DeviceRevoked(_Body, frozen=True, tag="device_revoked"):
    """A device's key was shut out."""

    revoked_device_id: str


class CounterOpened(_Body, frozen=True, tag="counter_opened"):
    """An operator took a counter, perhaps from another whose lease was over or whom a supervisor relieved (`by`)."""

    counter_id: str
    operator_id: str
    from_operator_id: str | None = None
    by: str | None = None


class CounterClosed(_Body, frozen=True, tag="counter_closed"):
    """An operator left a counter."""

    counter_id: str
    operator_id: str
    by: str | None = None
    reason_id: str | None = None


class CounterPaused(_Body, frozen=True, tag="counter_paused"):
    """A counter stopped calling for a while."""

    counter_id: str
    operator_id: str
    reason_id: str


class CounterContinued(_Body, frozen=True, tag="counter_continued"):
    """A counter's pause ended."""

    counter_id: str
    operator_id: str


class NextAsked(_Body, frozen=True, tag="next_asked"):
    """An idle counter asked for the next arrival (`waits`), or no longer asks."""

    counter_id: str
    operator_id: str
    waits: bool
    service_id: str | None = None
    """Only an arrival for this service."""


class ServicesAssigned(_Body, frozen=True, tag="services_assigned"):
    """A counter's services were changed for the day; `service_ids` null means what the hall file says."""

    counter_id: str
    service_ids: list[str] | None
    takes: Takes
    by: str


class AlarmRaised(_Body, frozen=True, tag="alarm_raised"):
    """A counter called for help."""

    counter_id: str
    operator_id: str


class AlarmAnswered(_Body, frozen=True, tag="alarm_answered"):
    """Help is at the counter that called for it."""

    counter_id: str
    operator_id: str
    at_counter_id: str


class MessageSent(_Body, frozen=True, tag="message_sent"):
    """A supervisor said something to counters (`[]`: to all); the text lies apart, under this event's seq."""

    counter_ids: list[str]
    by: str


class ServiceSuspended(_Body, frozen=True, tag="service_suspended"):
    """No more numbers are given for a service."""

    service_id: str
    reason: str
    by: str


class ServiceReopened(_Body, frozen=True, tag="service_reopened"):
    """Numbers are given for a service again."""

    service_id: str
    by: str


class KioskSuspended(_Body, frozen=True, tag="kiosk_suspended"):
    """A kiosk was taken out of use."""

    kiosk_id: str
    reason: str
    by: str


class KioskReopened(_Body, frozen=True, tag="kiosk_reopened"):
    """A kiosk was taken into use again."""

    kiosk_id: str
    by: str


class CounterCountSet(_Body, frozen=True, tag="counter_count_set"):
    """Forecasts reckon with so many counters; null: with those that are open."""

    count: int | None
    by: str


class DeviceReported(_Body, frozen=True, tag="device_reported"):
    """What is wrong with a device changed; `[]`: nothing is."""

    reporting_device_id: str
    troubles: list[str]


class AppointmentBooked(_Body, frozen=True, tag="appointment_booked"):
    """A place in the line was promised; `appointment_id` equals the `seq` of this event."""

    appointment_id: int
    service_id: str
    class_id: str
    slot_at: dt.datetime
    first_place: bool = False
    by: str = ""
    from_home: bool = False
    """Its citizen took it with a phone, before coming."""


class NumbersReserved(_Body, frozen=True, tag="numbers_reserved"):
    """A kiosk holds the numbers from `first` to `last` of a queue for a service day; `block_id` equals the `seq`.

    They are shown with `prefix` and `digits`, also if the hall file says otherwise by the time they are handed in.
    """

    block_id: int
    kiosk_id: str
    queue_id: str
    service_day: dt.date
    first: int
    last: int
    prefix: str = ""
    digits: int = 0


class NumbersNeeded(_Body, frozen=True, tag="numbers_needed"):
    """A queue's free numbers run out: kiosks give back what they can spare of their blocks."""

    queue_id: str
    service_day: dt.date


class NumbersReturned(_Body, frozen=True, tag="numbers_returned"):
    """A kiosk holds only the numbers of its block from `first` on."""

    block_id: int
    first: int


class HelperOpened(_Body, frozen=True, tag="helper_opened"):
    """A person began to take numbers for others at a kiosk."""

    kiosk_id: str
    operator_id: str


class AnnouncementMade(_Body, frozen=True, tag="announcement_made"):
    """Something is said to the room until an instant (null: until it is ended); `announcement_id` equals the `seq`.

    Its words are public, so they stand in the log.
    """

    announcement_id: int
    kind: AnnouncementKind
    text: str
    by: str
    text_en: str = ""
    until: dt.datetime | None = None
    display_ids: list[str] = []
    """Only on these displays; `[]`: on all."""
    spoken: bool = False


class AnnouncementEnded(_Body, frozen=True, tag="announcement_ended"):
    """An announcement was taken from the walls."""

    announcement_id: int
    by: str


class DataErased(_Body, frozen=True, tag="data_erased"):
    """Personal data were erased: how many of what kind, of service days before this one (null: one asked for)."""

    what: Literal["notes", "comments", "callbacks"]
    count: int
    before: dt.date | None
    by: str = ""


class NumbersVoided(_Body, frozen=True, tag="numbers_voided"):
    """Nobody gets the numbers from `first` to `last` of a queue: they may be on papers that a restored log forgot."""

    queue_id: str
    service_day: dt.date
    first: int
    last: int


class ClockDoubted(_Body, frozen=True, tag="clock_doubted"):
    """The machine's clock jumped to `told` where `expected` was due: no service day begins until it is confirmed."""

    told: dt.datetime
    expected: dt.datetime


class ClockConfirmed(_Body, frozen=True, tag="clock_confirmed"):
    """The clock is right: a person said so (`by`), or it came back by itself (empty)."""

    by: str = ""
