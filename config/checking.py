"""What a hall file must keep beyond its types: references, doubles, number series, limits, hours. Pure."""

from collections.abc import Callable, Iterable, Mapping
from zoneinfo import available_timezones

from msgspec import Struct

from config.faults import ABSENT, Faults
from config.names import folded, nearest
from config.settings import (
    Agency,
    Calling,
    Counter,
    HallFile,
    HallTable,
    Hours,
    NamedTable,
    Network,
    Operator,
    PriorityClass,
    Queue,
    Service,
)
from config.shapes import fields_of
from config.tables import Table, table, tables

Document = Mapping[str, object]

RISKY_LETTERS = frozenset("DIO")
"""Letters that are misread (I and 1, O and 0) or misheard (D and Đ) on paper and in the loudspeaker."""
EVERY_FIELD = "*"
"""Stands in a service's `fields` for all fields of its agency that no other service names."""

_LISTS: dict[str, type[Struct]] = {
    "classes": PriorityClass,
    "queues": Queue,
    "agencies": Agency,
    "services": Service,
    "counters": Counter,
    "operators": Operator,
}


def check_hall(document: Document, faults: Faults) -> None:
    """Note everything that contradicts itself in a hall file, passing over values of a wrong type."""
    checks: list[Callable[[Document, Faults], None]] = [
        _zone,
        _hours,
        _ports,
        _doubles,
        _classes,
        _queues,
        _services,
        _claims,
        _counters,
        _unserved,
    ]
    for check in checks:
        check(document, faults)


def _ids(document: Document, name: str) -> list[str]:
    return [entry for each in tables(document, name, _LISTS[name]) if isinstance(entry := each.raw("id"), str)]


def _zone(document: Document, faults: Faults) -> None:
    hall = table(document, "hall", HallTable)
    zone = hall.value("zone", str)
    if zone is not None and zone not in available_timezones():
        faults.add("hall.zone", zone, "zone", hint=nearest(zone, available_timezones()))


def _hours(document: Document, faults: Faults) -> None:
    hours = table(document, "hours", Hours)
    open_days = 0
    for day in fields_of(Hours):
        last_end = ""
        for key, span in hours.members(day):
            open_days += 1
            start, end = span.split("-")
            if start >= end:
                faults.add(key, span, "span_backwards")
            elif start < last_end:
                faults.add(key, span, "span_order", end=last_end)
            last_end = max(last_end, end)
    if not open_days and isinstance(document.get("hours"), Mapping):
        faults.add("hours", ABSENT, "never_open")


def _ports(document: Document, faults: Faults) -> None:
    network = table(document, "network", Network)
    taken: dict[int, str] = {}
    for name in ("commands", "events", "enrolment", "web_port"):
        value = network.value(name, object)
        if value is None:
            continue
        port = int(str(value).rpartition(":")[2])
        if not 1 <= port <= 65535:
            faults.add(network.key_of(name), value, "port")
        elif port in taken:
            faults.add(network.key_of(name), value, "port_taken", other=taken[port])
        taken.setdefault(port, network.key_of(name))


def _doubles(document: Document, faults: Faults) -> None:
    for name, kind in _LISTS.items():
        _unique(tables(document, name, kind), "id", faults)
    _unique(tables(document, "queues", Queue), "prefix", faults)
    rating = document.get("rating")
    if isinstance(rating, Mapping):
        _unique(tables(rating, "reasons", NamedTable), "id", faults)


def _unique(entries: Iterable[Table], name: str, faults: Faults) -> None:
    seen: set[str] = set()
    for entry in entries:
        value = entry.value(name, str)
        if value is not None and value in seen:
            faults.add(entry.key_of(name), value, "double")
        seen.add(value or "")


def _classes(document: Document, faults: Faults) -> None:
    classes = tables(document, "classes", PriorityClass)
    if isinstance(document.get("classes"), list) and "ordinary" not in _ids(document, "classes"):
        faults.add("classes", ABSENT, "ordinary", hint=nearest("ordinary", _ids(document, "classes")))
    if not table(document, "calling", Calling).value("limits", bool):
        return
    for entry in classes:
        limit = entry.raw("limit_minutes")
        if limit is None or limit == 0:
            faults.add(entry.key_of("limit_minutes"), ABSENT if limit is None else limit, "limit_needed")


def _queues(document: Document, faults: Faults) -> None:
    for queue in tables(document, "queues", Queue):
        first, last, digits = (queue.value(name, int) for name in ("first", "last", "digits"))
        if first is not None and last is not None and first > last:
            faults.add(queue.key_of("last"), last, "last_before_first", first=first)
        if last is not None and digits is not None and last >= 10**digits:
            faults.add(queue.key_of("last"), last, "too_many_digits", digits=digits)
        prefix = queue.value("prefix", str) or ""
        if risky := RISKY_LETTERS & set(prefix):
            faults.add(queue.key_of("prefix"), prefix, "risky_letter", letters=", ".join(sorted(risky)))


def _known(key: str, value: str | None, document: Document, name: str, faults: Faults) -> None:
    """Note `value` if no entry of the list `name` has it as its id."""
    known = _ids(document, name)
    if value is not None and value not in known:
        faults.add(key, value, f"unknown_{name}", hint=nearest(value, known))


def _services(document: Document, faults: Faults) -> None:
    for service in tables(document, "services", Service):
        _known(service.key_of("agency"), service.value("agency", str), document, "agencies", faults)
        _known(service.key_of("queue"), service.value("queue", str), document, "queues", faults)


def _claims(document: Document, faults: Faults) -> None:
    """Note fields and procedures that two services take; a field is looked for under each id of its agency."""
    also = {agency.raw("id"): list(agency.members("also")) for agency in tables(document, "agencies", Agency)}
    claims: dict[tuple[str, str], str] = {}
    for service in tables(document, "services", Service):
        agency = service.value("agency", str) or ""
        owners = [f"own {agency}", *(f"also {other}" for _, other in also.get(agency, []))]
        wanted = [(key, owner, name) for key, name in service.members("fields") for owner in owners]
        wanted += [(key, "code", code) for key, code in service.members("procedures")]
        for key, owner, name in wanted:
            other = claims.setdefault((owner, folded(name)), service.key)
            if other != service.key:
                faults.add(key, name, "claimed_twice", other=other)


def _counters(document: Document, faults: Faults) -> None:
    for counter in tables(document, "counters", Counter):
        served = [service for _, service in counter.members("services")]
        for key, service in counter.members("services"):
            _known(key, service, document, "services", faults)
        for key, service in counter.members("own"):
            if service not in served:
                faults.add(key, service, "own_not_served", hint=nearest(service, served))


def _unserved(document: Document, faults: Faults) -> None:
    for name in fields_of(HallFile):
        if name in _LISTS and document.get(name) == []:
            faults.add(name, ABSENT, "empty_list")
    counters = tables(document, "counters", Counter)
    served = {service for counter in counters for _, service in counter.members("services")}
    for service in tables(document, "services", Service):
        service_id = service.value("id", str)
        if service_id is not None and service_id not in served:
            faults.add(service.key, ABSENT, "unserved")
