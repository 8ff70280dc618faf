"""What the pages of places from home say: pure."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from config.texts import named, text
from protocol.replies import HallReply, PlaceReply, ServiceInfo, ServiceStatus, Snapshot
from protocol.words import Issuing
from web.names import service_name
from web.waits import range_text


@dataclass(frozen=True)
class Offer:
    """A service that gives places, as it stands: `gives` whether it does now, `door` why not."""

    service_id: str
    name: str
    waiting: str
    range: str
    door: str
    gives: bool


@dataclass(frozen=True)
class Held:
    """A place that this phone holds; `used`: it became a number."""

    token: str
    clock: str
    service: str
    used: bool


def offered(hall: HallReply) -> list[ServiceInfo]:
    """The services that give places from home."""
    ids = hall.from_home.service_ids if hall.from_home else []
    return [one for one in hall.services if one.service_id in ids]


def offer(service: ServiceInfo, snapshot: Snapshot, language: str) -> Offer:
    """How a service stands for who is at home."""
    nobody = ServiceStatus(service.service_id, waiting=0, open_counters=0)
    status = next((one for one in snapshot.services if one.service_id == service.service_id), nobody)
    gives = status.issuing in (Issuing.OPEN, Issuing.UNCERTAIN)
    return Offer(
        service_id=service.service_id,
        name=named(language, service.name, service.name_en),
        waiting=text("status.waiting" if status.waiting else "status.nobody", language, n=status.waiting),
        range=range_text(status, language) if gives else "",
        door=text(f"status.door_{status.issuing.value}", language),
        gives=gives,
    )


def held(hall: HallReply, place: PlaceReply, language: str) -> Held:
    """A place in words."""
    clock = f"{place.slot_at.astimezone(ZoneInfo(hall.zone)):%H:%M}"
    return Held(place.token, clock, service_name(hall, place.service_id, language), place.ticket_id is not None)


def rules(hall: HallReply, language: str) -> list[str]:
    """What who takes a place should know before."""
    per_phone = hall.from_home.per_phone if hall.from_home else 0
    told = [text(f"home.rule_{name}", language) for name in ("place", "arrive", "late")]
    return [*told, text("home.rule_limit", language, n=per_phone)]
