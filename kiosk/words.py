"""The words of the kiosk's screens, in the citizen's language."""

import datetime as dt
from string import Formatter

from config import texts
from config.texts import text
from kiosk.doors import Door
from kiosk.flow import Flow
from protocol.errors import REFUSALS, Fact
from protocol.views import PurposeInfo
from protocol.words import Issuing

_SHORT_MINUTES = 5
_ADVISED = (
    "too_early",
    "too_late",
    "already_checked_in",
    "invalid_token",
    "already_waiting",
    "no_dossiers",
    "wrong_pin",
)
"""Refusals after which the kiosk can say what to do."""
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def say(flow: Flow, key: str, **values: object) -> str:
    """A text of the kiosk, such as `back`, with its places filled."""
    return text(f"kiosk.{key}", flow.visit.language, **values)


def refusal(flow: Flow, code: str, facts: dict[str, Fact]) -> str:
    """Why the hall refused; a fact that did not come is left out, a code newer than the texts is said in general."""
    key = f"refusals.{code if code in REFUSALS else 'refused'}"
    language = flow.visit.language
    places = [name for _, name, _, _ in Formatter().parse(text(key, language)) if name]
    return text(key, language, **{name: "…" if facts.get(name) is None else facts[name] for name in places}).strip()


def advice(flow: Flow, code: str) -> str:
    """What to do now that the hall refused; empty where the refusal says it."""
    return say(flow, f"do_{code}") if code in _ADVISED else ""


def reason(flow: Flow, why: str) -> str:
    """Why something is out of use, as the supervisor wrote it; empty without a reason."""
    return say(flow, "reason", reason=why) if why else ""


# ---- names ------------------------------------------------------------------


def named(flow: Flow, name: str, name_en: str) -> str:
    """A name in the citizen's language."""
    return texts.named(flow.visit.language, name, name_en)


def agency_name(flow: Flow, agency_id: str) -> str:
    """What an agency is called; empty if there is none."""
    agencies = flow.hall.hall.agencies if flow.hall.hall else []
    return next((named(flow, found.name, found.name_en) for found in agencies if found.id == agency_id), "")


def service_name(flow: Flow, service_id: str) -> str:
    """What a service is called; empty if there is none."""
    service = flow.hall.service(service_id)
    return named(flow, service.name, service.name_en) if service else ""


def purposes(flow: Flow) -> list[PurposeInfo]:
    """What citizens come for."""
    return flow.hall.hall.purposes if flow.hall.hall else []


def class_name(flow: Flow, class_id: str) -> str:
    """What a priority class is called."""
    classes = flow.hall.hall.classes if flow.hall.hall else []
    return next((named(flow, found.name, found.name_en) for found in classes if found.class_id == class_id), class_id)


def class_sign(flow: Flow, class_id: str) -> str:
    """The sign of a priority class."""
    classes = flow.hall.hall.classes if flow.hall.hall else []
    return next((found.sign for found in classes if found.class_id == class_id), "")


def counters(flow: Flow, counter_ids: list[str]) -> str:
    """The counters that may call a ticket."""
    names = flow.hall.counter_names(counter_ids)
    joined = ", ".join(names)
    return say(flow, "counter_numbers", names=joined) if all(name.isdigit() for name in names) else joined


# ---- waiting ----------------------------------------------------------------


def people(flow: Flow, waiting: int) -> str:
    """How many people wait."""
    return say(flow, "people_waiting", waiting=waiting) if waiting else say(flow, "nobody_waiting")


def ahead(flow: Flow, people: int | None) -> str:
    """How many people come first; nobody knows of a number that was given without the server."""
    if people is None:
        return say(flow, "wait_unknown")
    return str(people) if people else say(flow, "people_ahead_none")


def span(flow: Flow, low: int | None, high: int | None) -> str:
    """The waiting range; empty when nobody can say."""
    if low is None or high is None:
        return ""
    if high < _SHORT_MINUTES:
        return say(flow, "wait_short")
    return say(flow, "wait_about" if low == high else "wait_range", low=low, high=high)


def service_waiting(flow: Flow, service_id: str) -> tuple[str, str]:
    """Who waits for a service, and how long it takes; that nobody knows while the server is away."""
    if flow.hall.alone:
        return say(flow, "waiting_unknown"), ""
    status = flow.hall.status(service_id)
    if not status.open_counters:
        return people(flow, status.waiting), say(flow, "no_counter")
    return people(flow, status.waiting), span(flow, status.wait_low_minutes, status.wait_high_minutes)


# ---- days and hours ---------------------------------------------------------


def weekday(flow: Flow, day: dt.date) -> str:
    """The day of the week."""
    return say(flow, _WEEKDAYS[day.weekday()])


def day_of(flow: Flow, local: dt.datetime) -> str:
    """A day with its weekday, such as `Thứ Hai, 12/01/2026`."""
    return f"{weekday(flow, local)}, {local:%d/%m/%Y}"


def hours(flow: Flow) -> str:
    """The hall's hours of today."""
    local, spans = flow.hall.local(), flow.hall.spans()
    if local is None:
        return ""
    if not spans:
        return say(flow, "hours_closed")
    clock = local.strftime("%H:%M")
    is_open = any(first <= clock <= last for first, last in (span.split("-") for span in spans))
    key = "hours_today" if is_open or clock < spans[0] else "hours_over"
    return say(flow, key, spans=", ".join(span.replace("-", "–") for span in spans))


def opens(flow: Flow, door: Door) -> str:
    """When numbers are given again; empty when that is open."""
    if door.opens_at is None:
        return ""
    key = "opens_today" if door.opens_today else "opens_later"
    day, time = f"{door.opens_at:%d/%m}", f"{door.opens_at:%H:%M}"
    return say(flow, key, time=time, weekday=weekday(flow, door.opens_at), day=day)


def opens_briefly(flow: Flow, door: Door) -> str:
    """The same for where there is little room."""
    if door.opens_at is None or door.issuing is Issuing.CUT_OFF:
        return say(flow, "tile_touch")
    if door.opens_today:
        return say(flow, "tile_opens", opens=f"{door.opens_at:%H:%M}")
    short = say(flow, "opens_short", time=f"{door.opens_at:%H:%M}", day=f"{door.opens_at:%d/%m}")
    return say(flow, "tile_opens", opens=short)
