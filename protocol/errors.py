"""Why the hall says no: one class per reason, its `code` is stable on the wire.

MotcuaError
├── ServerUnreachable            no answer within the time given
└── Refusal                      the hall answered no; nothing was changed
    ├── malformed_request · unsupported_version · request_too_large · request_id_reused
    ├── forbidden · invalid_enrolment_code · device_exists · unknown_device
    ├── unknown_service · unknown_class · unknown_counter · unknown_ticket · unknown_operator · unknown_reason
    ├── counter_not_open · counter_taken · counter_busy
    ├── wrong_state · not_at_this_counter · too_many_recalls · numbers_exhausted
    ├── not_permitted · lease_taken · operator_elsewhere · counter_paused · no_alarm
    ├── too_soon · unknown_number · ambiguous_number · not_served_here · no_destination
    ├── unknown_result · result_needed · no_claim · undo_impossible
    ├── hall_closed · cut_off · quota_reached · service_suspended · kiosk_suspended · person_needed · already_waiting
    ├── invalid_slot · too_early · too_late · already_checked_in · no_place_left
    ├── unknown_block · not_in_block · number_taken · wrong_pin · locked_out · no_dossiers
    ├── invalid_token · not_yet_served · already_rated · rating_closed · unknown_criterion · unknown_callback
    ├── already_delayed · not_from_home · too_many_from_home · wrong_arrival_code
    ├── unknown_announcement · unknown_display
    └── clock_doubted · storage_failed · internal_error
"""

from typing import ClassVar

Fact = str | int | float | None


class MotcuaError(Exception):
    """Anything that this system itself reports as wrong."""


class ServerUnreachable(MotcuaError):
    """No answer in time; the command may or may not have been done: ask again with the same id."""


class Refusal(MotcuaError):
    """The hall refused; nothing was changed."""

    code: ClassVar[str] = "refused"

    def __init__(self, /, **facts: Fact) -> None:
        super().__init__(f"{self.code} {facts}" if facts else self.code)
        self.facts = facts


class MalformedRequest(Refusal):
    """The request is not valid JSON of the protocol."""

    code = "malformed_request"


class UnsupportedVersion(Refusal):
    """The request speaks a protocol version that this server does not."""

    code = "unsupported_version"


class RequestTooLarge(Refusal):
    """The request is longer than 65,536 bytes."""

    code = "request_too_large"


class RequestIdReused(Refusal):
    """The same request_id came with another body."""

    code = "request_id_reused"


class Forbidden(Refusal):
    """The device's role does not allow this command."""

    code = "forbidden"


class InvalidEnrolmentCode(Refusal):
    """The enrolment code is unknown, used or expired."""

    code = "invalid_enrolment_code"


class DeviceExists(Refusal):
    """A device of this name is enrolled already."""

    code = "device_exists"


class UnknownDevice(Refusal):
    """No device of this name is enrolled."""

    code = "unknown_device"


class UnknownService(Refusal):
    """The hall has no such service."""

    code = "unknown_service"


class UnknownClass(Refusal):
    """The hall has no such priority class."""

    code = "unknown_class"


class UnknownCounter(Refusal):
    """The hall has no such counter."""

    code = "unknown_counter"


class UnknownTicket(Refusal):
    """The hall has no such ticket."""

    code = "unknown_ticket"


class UnknownOperator(Refusal):
    """The hall has no such operator."""

    code = "unknown_operator"


class UnknownReason(Refusal):
    """The hall has no such rating reason."""

    code = "unknown_reason"


class CounterNotOpen(Refusal):
    """The counter is closed: open it first."""

    code = "counter_not_open"


class CounterTaken(Refusal):
    """Another operator is at this counter."""

    code = "counter_taken"


class CounterBusy(Refusal):
    """The counter still holds a ticket: finish it or mark it no-show first."""

    code = "counter_busy"


class WrongState(Refusal):
    """The ticket's state does not allow this move."""

    code = "wrong_state"


class NotAtThisCounter(Refusal):
    """The ticket was called to another counter."""

    code = "not_at_this_counter"


class TooManyRecalls(Refusal):
    """The ticket was recalled as often as the hall allows."""

    code = "too_many_recalls"


class ClockDoubted(Refusal):
    """The hall's first day has not begun: the server's clock is wrong."""

    code = "clock_doubted"


class NumbersExhausted(Refusal):
    """The queue's number series of this day is used up."""

    code = "numbers_exhausted"


class NotPermitted(Refusal):
    """The person may not do this."""

    code = "not_permitted"


class LeaseTaken(Refusal):
    """Another operator has taken this counter meanwhile."""

    code = "lease_taken"


class OperatorElsewhere(Refusal):
    """The operator still sits at another counter."""

    code = "operator_elsewhere"


class CounterPaused(Refusal):
    """The counter is paused: continue it first."""

    code = "counter_paused"


class NoAlarm(Refusal):
    """No alarm is raised at that counter any more."""

    code = "no_alarm"


class TooSoon(Refusal):
    """The hall asks to wait some seconds, or to call once more, before this."""

    code = "too_soon"


class UnknownNumber(Refusal):
    """Nobody with this number is waiting."""

    code = "unknown_number"


class AmbiguousNumber(Refusal):
    """Several waiting numbers end so: the letters are needed."""

    code = "ambiguous_number"


class NotServedHere(Refusal):
    """This counter does not serve that ticket or service."""

    code = "not_served_here"


class NoDestination(Refusal):
    """The transfer names no destination, or one that is the ticket's own."""

    code = "no_destination"


class UnknownResult(Refusal):
    """The hall has no such result."""

    code = "unknown_result"


class ResultNeeded(Refusal):
    """The hall wants a result before a ticket is finished."""

    code = "result_needed"


class NoClaim(Refusal):
    """The ticket is of no priority class, so there is no proof to check."""

    code = "no_claim"


class UndoImpossible(Refusal):
    """There is nothing to take back any more: too late, or others went on from there."""

    code = "undo_impossible"


class HallClosed(Refusal):
    """The hall gives no numbers at this hour."""

    code = "hall_closed"


class CutOff(Refusal):
    """Whoever takes a number now would not be served before closing time."""

    code = "cut_off"


class QuotaReached(Refusal):
    """The service's numbers for this day or this time are used up."""

    code = "quota_reached"


class ServiceSuspended(Refusal):
    """The service gives no numbers for now."""

    code = "service_suspended"


class KioskSuspended(Refusal):
    """This kiosk was taken out of use."""

    code = "kiosk_suspended"


class PersonNeeded(Refusal):
    """The service asks for something that identifies the person."""

    code = "person_needed"


class AlreadyWaiting(Refusal):
    """This person already has a number for the service."""

    code = "already_waiting"


class InvalidSlot(Refusal):
    """No place can be promised at that time: it is past, or the hall is closed."""

    code = "invalid_slot"


class TooEarly(Refusal):
    """It is too early to check in."""

    code = "too_early"


class TooLate(Refusal):
    """The time in which this could be used is over."""

    code = "too_late"


class AlreadyCheckedIn(Refusal):
    """This was used already."""

    code = "already_checked_in"


class NoPlaceLeft(Refusal):
    """The first places of the next day are all taken, or the service still gives numbers today."""

    code = "no_place_left"


class UnknownBlock(Refusal):
    """The sending kiosk holds no such block of numbers."""

    code = "unknown_block"


class NotInBlock(Refusal):
    """The number is none of the block's, or its service counts in another series."""

    code = "not_in_block"


class NumberTaken(Refusal):
    """The number was handed in before, by another request."""

    code = "number_taken"


class WrongPin(Refusal):
    """Operator number and PIN do not fit, or the operator has no PIN."""

    code = "wrong_pin"


class LockedOut(Refusal):
    """Too many wrong PINs: no try counts before the time given is over."""

    code = "locked_out"


class NoDossiers(Refusal):
    """The hall has no list of dossiers to look in, or it can't be read."""

    code = "no_dossiers"


class InvalidToken(Refusal):
    """The token belongs to no ticket of this hall."""

    code = "invalid_token"


class NotYetServed(Refusal):
    """A ticket can be rated only after its service ended."""

    code = "not_yet_served"


class AlreadyRated(Refusal):
    """The ticket was rated already."""

    code = "already_rated"


class RatingClosed(Refusal):
    """The time in which the ticket could be rated is over."""

    code = "rating_closed"


class UnknownCriterion(Refusal):
    """The hall asks for no rating by this criterion."""

    code = "unknown_criterion"


class UnknownCallback(Refusal):
    """There is no such request to be called back: it was erased."""

    code = "unknown_callback"


class AlreadyDelayed(Refusal):
    """A citizen may let others go first once."""

    code = "already_delayed"


class NotFromHome(Refusal):
    """The hall gives no numbers from home for this service."""

    code = "not_from_home"


class TooManyFromHome(Refusal):
    """This phone, or the service, has its share of today's numbers from home already."""

    code = "too_many_from_home"


class WrongArrivalCode(Refusal):
    """The code is not the one that a kiosk's screen shows now."""

    code = "wrong_arrival_code"


class UnknownAnnouncement(Refusal):
    """This announcement is on no wall: it was ended."""

    code = "unknown_announcement"


class UnknownDisplay(Refusal):
    """The hall has no display of this name."""

    code = "unknown_display"


class StorageFailed(Refusal):
    """The server could not write to its disk: nothing was changed, ask again later."""

    code = "storage_failed"


class InternalError(Refusal):
    """The server met a fault of its own: nothing was changed, the fault is in its log."""

    code = "internal_error"


REFUSALS: dict[str, type[Refusal]] = {cls.code: cls for cls in Refusal.__subclasses__()}


def refusal(code: str, facts: dict[str, Fact]) -> Refusal:
    """Build the refusal that a code names; a code newer than this program gives a plain `Refusal`."""
    found = REFUSALS.get(code, Refusal)(**facts)
    if found.code != code:
        found.args = (f"{code} {facts}",)
    return found
