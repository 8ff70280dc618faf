"""What the public page of the hall says, service by service: pure."""

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_date

from config.texts import named as name_in
from config.texts import text
from protocol.replies import CounterStatus, HallReply, Satisfied, ServiceInfo, ServiceStatus, Snapshot, TicketView
from protocol.words import Issuing, TicketState
from web.names import counter_name, named
from web.status.hours import spans_of, written
from web.waits import range_text

_GIVING = (Issuing.OPEN, Issuing.UNCERTAIN)
FEW_AGENCIES = 3
_AT_COUNTER = (TicketState.CALLED, TicketState.SERVING)


@dataclass(frozen=True)
class Shown:
    """A number at a counter; `called`: its citizen is still on the way."""

    number: str
    counter: str
    called: bool


@dataclass(frozen=True)
class Line:
    """One service: its numbers at counters, how many wait and how long, how its door stands."""

    name: str
    shown: tuple[Shown, ...]
    waiting: str
    range: str
    about: str
    """The range in a few words, empty where nothing can be said; for a page of many."""
    door: str
    why: str
    issuing: str
    gives: bool

    @property
    def told(self) -> str:
        """How its door stands, and why."""
        return ". ".join(filter(None, (self.door, self.why)))


@dataclass(frozen=True)
class StatusPage:
    """The hall at an instant; `rated` is empty as long as too few have rated."""

    day: str
    clock: str
    hours: str
    agencies: tuple[tuple[str, tuple[Line, ...]], ...]
    """The services by who is responsible, in the hall's order."""
    rated: str

    @property
    def shut(self) -> str:
        """Why no service gives numbers, where all say the same: it is said once."""
        lines = [line for _, of_agency in self.agencies for line in of_agency]
        found = {"" if line.gives else line.told for line in lines}
        return found.pop() if len(lines) > 1 and len(found) == 1 else ""

    @property
    def many(self) -> bool:
        """Whether there is so much to tell that each service has only a row."""
        return len(self.agencies) > FEW_AGENCIES


def status_page(hall: HallReply, snapshot: Snapshot, satisfied: Satisfied | None, language: str) -> StatusPage:
    """Choose the words for the hall as it stands."""
    here = snapshot.at.astimezone(ZoneInfo(hall.zone))
    return StatusPage(
        day=str(format_date(here.date(), "EEEE, dd/MM/yyyy", locale=language)),
        clock=f"{here:%H:%M}",
        hours=written(spans_of(hall, here.date()), language),
        agencies=tuple(_agencies(hall, snapshot, language)),
        rated=_rated(satisfied, language),
    )


def _agencies(hall: HallReply, snapshot: Snapshot, language: str) -> list[tuple[str, tuple[Line, ...]]]:
    names = {one.id: named(one, language) for one in hall.agencies}
    found = []
    for agency_id, services in groupby(hall.services, lambda one: one.agency_id):
        lines = tuple(_line(hall, snapshot, one, language) for one in services)
        found.append((names.get(agency_id, ""), lines))
    return found


def _line(hall: HallReply, snapshot: Snapshot, service: ServiceInfo, language: str) -> Line:
    nobody = ServiceStatus(service.service_id, waiting=0, open_counters=0)
    status = next((one for one in snapshot.services if one.service_id == service.service_id), nobody)
    gives = status.issuing in _GIVING
    return Line(
        name=name_in(language, service.name, service.name_en),
        shown=tuple(_shown(hall, snapshot.counters, service.service_id, language)),
        waiting=text("status.waiting" if status.waiting else "status.nobody", language, n=status.waiting),
        range=range_text(status, language) if gives else "",
        about=_about(status, language) if gives else "",
        door=text(f"status.door_{status.issuing.value}", language),
        why=" ".join(filter(None, (status.reason, _opens(hall, status, snapshot.at, language)))),
        issuing=status.issuing.value,
        gives=gives,
    )


def _shown(hall: HallReply, counters: list[CounterStatus], service_id: str, language: str) -> list[Shown]:
    held = [(one.counter_id, one.ticket) for one in counters if one.ticket is not None]
    return [
        Shown(ticket.number, counter_name(hall, counter_id, language), ticket.state is TicketState.CALLED)
        for counter_id, ticket in held
        if _is_shown(ticket, service_id)
    ]


def _is_shown(ticket: TicketView, service_id: str) -> bool:
    return ticket.service_id == service_id and ticket.state in _AT_COUNTER


def _about(status: ServiceStatus, language: str) -> str:
    low, high = status.wait_low_minutes, status.wait_high_minutes
    if high is None:
        return ""
    return text("status.about", language, minutes=f"{low}–{high}" if low is not None and low < high else high)


def _opens(hall: HallReply, status: ServiceStatus, at: dt.datetime, language: str) -> str:
    if status.opens_at is None or status.issuing in _GIVING:
        return ""
    zone = ZoneInfo(hall.zone)
    opens = status.opens_at.astimezone(zone)
    day = "" if opens.date() == at.astimezone(zone).date() else f"{opens:%d/%m}"
    return text("status.opens_on" if day else "status.opens", language, time=f"{opens:%H:%M}", day=day)


def _rated(satisfied: Satisfied | None, language: str) -> str:
    if satisfied is None or not satisfied.ratings:
        return ""
    share = round(100 * satisfied.satisfied / satisfied.ratings)
    return text("status.rated", language, share=share, n=satisfied.ratings)
