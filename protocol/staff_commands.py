"""What a supervisor may ask of the hall. `operator_id` is who asks; the hall file gives each person a role."""

import datetime as dt
from typing import Annotated

from msgspec import Meta, Struct

from protocol.words import AnnouncementKind, DeviceId, Id, Minutes, Seq, ShortText, Takes, TicketId

SaidToAll = Annotated[str, Meta(min_length=1, max_length=300)]


class _ByStaff(Struct, frozen=True, gc=False, tag_field="type"):
    """A command of the head of the hall, or of who acts for him."""

    operator_id: Id


class SuspendService(_ByStaff, frozen=True, tag="suspend_service"):
    """Give no more numbers for a service until it is reopened; who waits is still called."""

    service_id: Id
    reason: ShortText = ""


class ReopenService(_ByStaff, frozen=True, tag="reopen_service"):
    """Give numbers for a suspended service again."""

    service_id: Id


class SuspendKiosk(_ByStaff, frozen=True, tag="suspend_kiosk"):
    """Take a kiosk out of use until it is reopened."""

    device_id: DeviceId
    reason: ShortText = ""


class ReopenKiosk(_ByStaff, frozen=True, tag="reopen_kiosk"):
    """Take a suspended kiosk into use again."""

    device_id: DeviceId


class AssignServices(_ByStaff, frozen=True, tag="assign_services"):
    """Change what a counter calls, for today: `service_ids` null means what the hall file says."""

    counter_id: Id
    service_ids: Annotated[list[Id], Meta(min_length=1, max_length=200)] | None = None
    takes: Takes = "all"


class MoveTicket(_ByStaff, frozen=True, tag="move_ticket"):
    """Move anybody's live ticket to a service, counter or person, or change its class; it keeps its original time."""

    ticket_id: TicketId
    service_id: Id | None = None
    to_counter_id: Id | None = None
    to_operator_id: Id | None = None
    class_id: Id | None = None
    note: ShortText = ""


class TakeOverCounter(_ByStaff, frozen=True, tag="take_over_counter"):
    """Put another operator at a counter, which keeps its ticket; without one, its ticket goes back and it closes."""

    counter_id: Id
    new_operator_id: Id | None = None


class SendMessage(_ByStaff, frozen=True, tag="send_message"):
    """Say something to some counters, or to all; the text is kept apart from the log and can be erased."""

    text: Annotated[str, Meta(min_length=1, max_length=200)]
    counter_ids: Annotated[list[Id], Meta(max_length=200)] = []


class SetCounterCount(_ByStaff, frozen=True, tag="set_counter_count"):
    """Let forecasts reckon with so many counters instead of those that are open; null: those that are open."""

    count: Annotated[int, Meta(ge=1, le=200)] | None = None


class BookAppointment(_ByStaff, frozen=True, tag="book_appointment"):
    """Promise a place in the line at `slot_at` (aware UTC); the reply's token checks in."""

    service_id: Id
    slot_at: dt.datetime
    class_id: Id = "ordinary"


class MakeAnnouncement(_ByStaff, frozen=True, tag="make_announcement"):
    """Say something to the room: on these displays (`[]`: all), for so long (null: until it is ended), also aloud."""

    kind: AnnouncementKind
    text: SaidToAll
    text_en: Annotated[str, Meta(max_length=300)] = ""
    minutes: Minutes | None = None
    display_ids: Annotated[list[DeviceId], Meta(max_length=200)] = []
    spoken: bool = False


class EndAnnouncement(_ByStaff, frozen=True, tag="end_announcement"):
    """Take an announcement from the walls."""

    announcement_id: Seq


class GetComments(_ByStaff, frozen=True, tag="get_comments"):
    """Ask for what citizens wrote with their ratings on a day that is over."""

    service_day: dt.date


class GetCallbacks(_ByStaff, frozen=True, tag="get_callbacks"):
    """Ask for the citizens who want to be called back."""


class EraseCallback(_ByStaff, frozen=True, tag="erase_callback"):
    """Erase a request to be called back: it was done, or its citizen wants it forgotten."""

    callback_id: Id


class ConfirmClock(_ByStaff, frozen=True, tag="confirm_clock"):
    """Say that the server's clock, which jumped, is right now."""
