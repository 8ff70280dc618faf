"""Services and number series: agencies and queues that exist, fields taken once, a counter for each."""

from config.checking.references import Document, check_known
from config.faults import ABSENT, Faults
from config.names import folded
from config.settings import Agency, Counter, Queue, Service
from config.tables import tables

RISKY_LETTERS = frozenset("DIO")
"""Letters that are misread (I and 1, O and 0) or misheard (D and Đ) on paper and in the loudspeaker."""


def check_queues(document: Document, faults: Faults) -> None:
    """Note number series that are empty, too long for their digits or hard to read and hear."""
    for queue in tables(document, "queues", Queue):
        first, last, digits = (queue.value(name, int) for name in ("first", "last", "digits"))
        if first is not None and last is not None and first > last:
            faults.add(queue.key_of("last"), last, "last_before_first", first=first)
        if last is not None and digits is not None and last >= 10**digits:
            faults.add(queue.key_of("last"), last, "too_many_digits", digits=digits)
        prefix = queue.value("prefix", str) or ""
        if risky := RISKY_LETTERS & set(prefix):
            faults.add(queue.key_of("prefix"), prefix, "risky_letter", letters=", ".join(sorted(risky)))


def check_services(document: Document, faults: Faults) -> None:
    """Note agencies and queues that the hall does not have."""
    for service in tables(document, "services", Service):
        check_known(service.key_of("agency"), service.value("agency", str), document, "agencies", faults)
        check_known(service.key_of("queue"), service.value("queue", str), document, "queues", faults)


def check_claims(document: Document, faults: Faults) -> None:
    """Note fields and procedures that two services take; a field is looked for under each id of its agency."""
    also = {agency.value("id", str): list(agency.members("also")) for agency in tables(document, "agencies", Agency)}
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


def check_unserved(document: Document, faults: Faults) -> None:
    """Note services that no counter serves."""
    counters = tables(document, "counters", Counter)
    served = {service for counter in counters for _, service in counter.members("services")}
    for service in tables(document, "services", Service):
        service_id = service.value("id", str)
        if service_id is not None and service_id not in served:
            faults.add(service.key, ABSENT, "unserved")
