"""Where the hall is: its time zone and the ports of its server."""

from zoneinfo import available_timezones

from config.checking.references import Document
from config.faults import Faults
from config.names import nearest
from config.settings import HallTable, Network
from config.tables import table


def check_zone(document: Document, faults: Faults) -> None:
    """Note a time zone that does not exist."""
    zone = table(document, "hall", HallTable).value("zone", str)
    if zone is not None and zone not in available_timezones():
        faults.add("hall.zone", zone, "zone", hint=nearest(zone, available_timezones()))


def check_ports(document: Document, faults: Faults) -> None:
    """Note ports that are none or that two sockets want."""
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
