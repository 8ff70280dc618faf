"""What a form of the page asks, as a command of the hall in the name of who is signed in."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from starlette.datastructures import FormData

from protocol.commands import (
    AnswerAlarm,
    AssignServices,
    BookAppointment,
    CancelTicket,
    Command,
    ConfirmClock,
    EndAnnouncement,
    MakeAnnouncement,
    MoveTicket,
    ReopenKiosk,
    ReopenService,
    RestoreTicket,
    SendMessage,
    SetCounterCount,
    SuspendKiosk,
    SuspendService,
    TakeOverCounter,
)
from protocol.replies import HallReply
from protocol.words import RequestId


class NotAnOrderError(ValueError):
    """What the browser sent is no order."""


@dataclass(frozen=True)
class Order:
    """A form that was sent: `request_id` is made when it opens and kept when it is sent again."""

    request_id: str
    command: Command


@dataclass(frozen=True)
class _Form:
    """A command, and the fields that a browser may fill; all others are the server's."""

    command: type[msgspec.Struct]
    fields: tuple[str, ...]
    lists: tuple[str, ...] = ()


FORMS = {
    "suspend_service": _Form(SuspendService, ("service_id", "reason")),
    "reopen_service": _Form(ReopenService, ("service_id",)),
    "suspend_kiosk": _Form(SuspendKiosk, ("device_id", "reason")),
    "reopen_kiosk": _Form(ReopenKiosk, ("device_id",)),
    "assign_services": _Form(AssignServices, ("counter_id", "takes"), ("service_ids",)),
    "take_over_counter": _Form(TakeOverCounter, ("counter_id", "new_operator_id")),
    "clear_counter": _Form(TakeOverCounter, ("counter_id",)),
    "answer_alarm": _Form(AnswerAlarm, ("counter_id", "alarm_counter_id")),
    "send_message": _Form(SendMessage, ("text",), ("counter_ids",)),
    "make_announcement": _Form(MakeAnnouncement, ("kind", "text", "text_en", "minutes", "spoken"), ("display_ids",)),
    "end_announcement": _Form(EndAnnouncement, ("announcement_id",)),
    "set_counter_count": _Form(SetCounterCount, ("count",)),
    "clear_counter_count": _Form(SetCounterCount, ()),
    "confirm_clock": _Form(ConfirmClock, ()),
    "move_ticket": _Form(
        MoveTicket, ("ticket_id", "service_id", "to_counter_id", "to_operator_id", "class_id", "note")
    ),
    "cancel_ticket": _Form(CancelTicket, ("ticket_id", "reason")),
    "restore_ticket": _Form(RestoreTicket, ("ticket_id",)),
    "book_appointment": _Form(BookAppointment, ("service_id", "class_id")),
}
NEEDED = {"take_over_counter": "new_operator_id", "set_counter_count": "count"}
"""Fields whose absence would mean another deed."""


def read_order(form: FormData, operator_id: str, hall: HallReply) -> Order:
    """The order of a form; raises NotAnOrderError."""
    do = str(form.get("do", ""))
    known = FORMS.get(do)
    if known is None:
        raise NotAnOrderError(f"do = {do!r}")
    words = _words(form, known, operator_id)
    if NEEDED.get(do, "operator_id") not in words:
        raise NotAnOrderError(f"{NEEDED[do]} is missing")
    if do == "assign_services":
        words = _assigned(words, hall)
    if do == "book_appointment":
        words["slot_at"] = _slot(form, hall.zone)
    try:
        request_id = msgspec.convert(form.get("request_id"), RequestId)
        return Order(request_id, msgspec.convert(words, known.command, strict=False))  # type: ignore[arg-type]
    except msgspec.ValidationError as fault:
        raise NotAnOrderError(str(fault)) from fault


def _words(form: FormData, known: _Form, operator_id: str) -> dict[str, Any]:
    """The filled fields; an empty one means that nothing was chosen."""
    words: dict[str, Any] = {"operator_id": operator_id}
    for name in known.fields:
        if value := str(form.get(name, "")).strip():
            words[name] = value
    for name in known.lists:
        words[name] = [str(value) for value in form.getlist(name)]
    return words


def _assigned(words: Mapping[str, Any], hall: HallReply) -> dict[str, Any]:
    """The services of a counter; those of the hall file, or none at all, mean what the hall file says."""
    counter = next((one for one in hall.counters if one.counter_id == words.get("counter_id")), None)
    chosen = words["service_ids"]
    usual = counter is not None and set(chosen) == set(counter.service_ids)
    return {**words, "service_ids": None if usual or not chosen else chosen}


def _slot(form: FormData, zone: str) -> str:
    """The day and time of an appointment, by the hall's clock."""
    try:
        local = dt.datetime.fromisoformat(f"{form.get('day')}T{form.get('time')}")
    except ValueError as fault:
        raise NotAnOrderError(str(fault)) from fault
    return local.replace(tzinfo=ZoneInfo(zone)).isoformat()
