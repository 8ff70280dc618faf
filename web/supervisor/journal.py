"""The hall's log in words: who, where, what, when. It is read and never changed."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import asdict

from config.texts import text
from protocol import events as ev
from protocol.replies import HallReply
from web import names


@dataclass(frozen=True)
class Entry:
    """A line of the journal."""

    seq: int
    day: str
    clock: str
    who: str
    where: str
    what: str
    ticket_id: int | None


@dataclass(frozen=True)
class Wanted:
    """What the reader looks for; empty: everything. A ticket is known by its id and its number."""

    counter_id: str = ""
    operator_id: str = ""
    ticket_id: int | None = None

    def fits(self, event: ev.Event) -> bool:
        """Whether an event is looked for."""
        body = event.body
        counters = {getattr(body, key, None) for key in ("counter_id", "to_counter_id", "at_counter_id")}
        persons = {getattr(body, key, None) for key in ("operator_id", "by", "from_operator_id", "to_operator_id")}
        return (
            (not self.counter_id or self.counter_id in counters)
            and (not self.operator_id or self.operator_id in persons)
            and (self.ticket_id is None or self.ticket_id in _tickets(body))
        )


def _tickets(body: Struct) -> set[int | None]:
    undone = body.tickets if isinstance(body, ev.ActionUndone) else []
    return {getattr(body, "ticket_id", None), *(one.ticket_id for one in undone)}


def entry(hall: HallReply, event: ev.Event, language: str) -> Entry:
    """An event as a line."""
    here = event.at.astimezone(ZoneInfo(hall.zone))
    body = event.body
    who = _who(body)
    counter_id = getattr(body, "at_counter_id", None) or getattr(body, "counter_id", None)
    return Entry(
        seq=event.seq,
        day=here.strftime("%d/%m/%Y"),
        clock=here.strftime("%H:%M:%S"),
        who=names.operator_name(hall, who) if who else _say(language, f"by_{_by_itself(event)}"),
        where=names.counter_name(hall, counter_id, language) if counter_id else _device(event.device_id, language),
        what=what(hall, body, language),
        ticket_id=getattr(body, "ticket_id", None),
    )


def _who(body: Struct) -> str:
    """The person behind an event, if there is one."""
    by = getattr(body, "by", None)
    if by and not isinstance(body, ev.TicketCancelled):
        return str(by)
    return str(getattr(body, "operator_id", "") or "")


def _by_itself(event: ev.Event) -> str:
    """Who did what no member of staff did."""
    body = event.body
    if isinstance(body, ev.TicketCancelled):
        return body.by
    return "citizen" if isinstance(body, ev.TicketIssued | ev.TicketRated | ev.TicketDelayed) else "system"


def what(hall: HallReply, body: ev.EventBody, language: str) -> str:
    """What happened, in one sentence; the event's own name if it is newer than the texts."""
    try:
        return _say(language, f"event_{_key(body)}", **_places(hall, body, language)).strip()
    except KeyError:
        return str(body.__struct_config__.tag)


def _say(language: str, key: str, **places: object) -> str:
    return text(f"supervisor.{key}", language, **places)


def _key(body: ev.EventBody) -> str:
    """The event's name, and which of its kinds it is."""
    tag = str(body.__struct_config__.tag)
    match body:
        case ev.CounterOpened(from_operator_id=str()):
            return f"{tag}_instead"
        case ev.NextAsked() | ev.TimesFlagged() | ev.ClaimChecked():
            plain = not (body.waits if isinstance(body, ev.NextAsked) else _holds(body))
            return f"{tag}_not" if plain else tag
        case ev.CounterCountSet(count=None) | ev.ServicesAssigned(service_ids=None):
            return f"{tag}_usual"
        case ev.DeviceReported(troubles=[]):
            return f"{tag}_well"
        case ev.TicketPrinted(reprint=True):
            return f"{tag}_again"
        case ev.ServingStarted(directly=True):
            return f"{tag}_directly"
        case ev.AnnouncementMade(kind="ticker" | "emergency" as kind):
            return f"{tag}_{kind}"
    return tag


def _holds(body: ev.TimesFlagged | ev.ClaimChecked) -> bool:
    return body.wrong if isinstance(body, ev.TimesFlagged) else body.valid


def _places(hall: HallReply, body: ev.EventBody, language: str) -> dict[str, object]:
    """Every fact of an event in words."""
    facts = asdict(body)
    facts.pop("language", None)
    return {key: _shown(hall, key, value, language) for key, value in facts.items()} | _extra(hall, body, language)


def _extra(hall: HallReply, body: ev.EventBody, language: str) -> dict[str, object]:
    if isinstance(body, ev.TicketCalled):
        rule = _say(language, f"rule_short_{body.reason.rule.value}")
        return {"rule": f"{rule}: {body.reason.text}" if body.reason.text else rule}
    if isinstance(body, ev.TicketTransferred):
        only = body.to_counter_id or body.to_operator_id
        shown = _shown(hall, "to_counter_id" if body.to_counter_id else "to_operator_id", only, language)
        return {"only_for": f" ({_say(language, 'only_for', who=shown)})" if only else ""}
    if isinstance(body, ev.TicketCancelled | ev.ServiceSuspended | ev.KioskSuspended):
        return {"reason": _say(language, "because", reason=body.reason) if body.reason else ""}
    if isinstance(body, ev.DataErased):
        return {"what": _say(language, f"erased_{body.what}")}
    if isinstance(body, ev.AnnouncementMade) and body.until is None:
        return {"until": _say(language, "until_ended")}
    if isinstance(body, ev.ActionUndone):
        return {"numbers": ", ".join(one.number for one in body.tickets)}
    return {}


def _shown(hall: HallReply, key: str, value: Any, language: str) -> object:
    """A fact of an event as a reader knows it."""
    if value in (None, "", []):
        return "–"
    if key.endswith("counter_id"):
        return names.counter_name(hall, value, language)
    if key == "by" or key.endswith("operator_id"):
        return names.operator_name(hall, value)
    if key.endswith("service_id"):
        return names.service_name(hall, value, language)
    if key in ("class_id", "class_after"):
        found = names.class_info(hall, value)
        return names.named(found, language) if found else value
    if key == "reason_id":
        return names.reason_name(hall.pause_reasons, value, language)
    return _plain(hall, key, value, language)


def _plain(hall: HallReply, key: str, value: Any, language: str) -> object:
    if key == "takes":
        return _say(language, f"takes_{value}")
    if key == "counter_ids":
        return ", ".join(names.counter_names(hall, value, language))
    if key == "service_ids":
        return ", ".join(names.service_name(hall, one, language) for one in value)
    if key == "troubles":
        return ", ".join(_trouble(code, language) for code in value)
    if isinstance(value, dt.datetime):
        return value.astimezone(ZoneInfo(hall.zone)).strftime("%H:%M %d/%m")
    return value.strftime("%d/%m/%Y") if isinstance(value, dt.date) else value


def _device(device_id: str, language: str) -> str:
    """The pages of the hall by what they are, any other device by its own name."""
    return _say(language, f"device_{device_id}") if device_id in ("desk", "phone", "tablet") else device_id


def _trouble(code: str, language: str) -> str:
    try:
        return _say(language, f"trouble_{code}")
    except KeyError:
        return code
