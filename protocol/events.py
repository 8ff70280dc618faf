"""What happened in the hall: the bodies of its log, published as they are stored.

Events are past tense and carry no personal data, no token, no score and no note. Those of tickets are in
`ticket_events`, the others in `hall_events`; here are all of them in `EventBody`, and their envelope.
"""

import datetime as dt

from msgspec import Struct

from protocol.hall_events import (
    AlarmAnswered,
    AlarmRaised,
    AnnouncementEnded,
    AnnouncementMade,
    AppointmentBooked,
    ClockConfirmed,
    ClockDoubted,
    CounterClosed,
    CounterContinued,
    CounterCountSet,
    CounterOpened,
    CounterPaused,
    DataErased,
    DayStarted,
    DeviceEnrolled,
    DeviceReported,
    DeviceRevoked,
    EpochStarted,
    HelperOpened,
    KioskReopened,
    KioskSuspended,
    MessageSent,
    NextAsked,
    NumbersNeeded,
    NumbersReserved,
    NumbersReturned,
    NumbersVoided,
    ServiceReopened,
    ServicesAssigned,
    ServiceSuspended,
)
from protocol.ticket_events import (
    ActionUndone,
    CallReason,
    CallRule,
    CallSaid,
    CallShown,
    CallUnseen,
    Candidate,
    ClaimChecked,
    ComeBackGranted,
    NoShowMarked,
    NoteAdded,
    PrintFailed,
    ServicesRecorded,
    ServingStarted,
    TicketCalled,
    TicketCancelled,
    TicketDelayed,
    TicketFinished,
    TicketIssued,
    TicketParked,
    TicketPrinted,
    TicketRated,
    TicketRecalled,
    TicketRestored,
    TicketReturned,
    TicketTransferred,
    TimesFlagged,
    UndoneTicket,
)

__all__ = [
    "ActionUndone",
    "AlarmAnswered",
    "AlarmRaised",
    "AnnouncementEnded",
    "AnnouncementMade",
    "AppointmentBooked",
    "CallReason",
    "CallRule",
    "CallSaid",
    "CallShown",
    "CallUnseen",
    "Candidate",
    "ClaimChecked",
    "ClockConfirmed",
    "ClockDoubted",
    "ComeBackGranted",
    "CounterClosed",
    "CounterContinued",
    "CounterCountSet",
    "CounterOpened",
    "CounterPaused",
    "DataErased",
    "DayStarted",
    "DeviceEnrolled",
    "DeviceReported",
    "DeviceRevoked",
    "EpochStarted",
    "Event",
    "EventBody",
    "HelperOpened",
    "KioskReopened",
    "KioskSuspended",
    "MessageSent",
    "NextAsked",
    "NoShowMarked",
    "NoteAdded",
    "NumbersNeeded",
    "NumbersReserved",
    "NumbersReturned",
    "NumbersVoided",
    "PrintFailed",
    "ServiceReopened",
    "ServiceSuspended",
    "ServicesAssigned",
    "ServicesRecorded",
    "ServingStarted",
    "TicketCalled",
    "TicketCancelled",
    "TicketDelayed",
    "TicketFinished",
    "TicketIssued",
    "TicketParked",
    "TicketPrinted",
    "TicketRated",
    "TicketRecalled",
    "TicketRestored",
    "TicketReturned",
    "TicketTransferred",
    "TimesFlagged",
    "UndoneTicket",
]

EventBody = (
    EpochStarted
    | DayStarted
    | DeviceEnrolled
    | DeviceRevoked
    | CounterOpened
    | CounterClosed
    | CounterPaused
    | CounterContinued
    | NextAsked
    | ServicesAssigned
    | AlarmRaised
    | AlarmAnswered
    | MessageSent
    | ServiceSuspended
    | ServiceReopened
    | KioskSuspended
    | KioskReopened
    | CounterCountSet
    | DeviceReported
    | AppointmentBooked
    | NumbersReserved
    | NumbersNeeded
    | NumbersReturned
    | HelperOpened
    | TicketIssued
    | TicketCalled
    | TicketRecalled
    | ServingStarted
    | TicketFinished
    | NoShowMarked
    | TicketCancelled
    | TicketRestored
    | TicketParked
    | TicketReturned
    | TicketTransferred
    | ServicesRecorded
    | NoteAdded
    | TimesFlagged
    | ClaimChecked
    | ComeBackGranted
    | ActionUndone
    | TicketRated
    | TicketDelayed
    | CallShown
    | CallSaid
    | CallUnseen
    | AnnouncementMade
    | AnnouncementEnded
    | DataErased
    | NumbersVoided
    | ClockDoubted
    | ClockConfirmed
    | TicketPrinted
    | PrintFailed
)


class Event(Struct, frozen=True, gc=False):
    """One entry of the log: `seq` orders it, `at` (aware UTC) only dates it."""

    epoch: str
    seq: int
    at: dt.datetime
    device_id: str
    body: EventBody
