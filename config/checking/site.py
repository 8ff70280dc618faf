"""Where the hall is: its time zone, the ports of its server, and who speaks TLS for its pages."""

import ipaddress
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


def check_tls(document: Document, faults: Faults) -> None:
    """Note a certificate without its key or the reverse, and phones that are sent where nobody speaks their way."""
    network = table(document, "network", Network)
    certificate, key = network.value("tls_certificate", str), network.value("tls_key", str)
    for name, value, other in (("tls_certificate", certificate, key), ("tls_key", key, certificate)):
        if value and other == "":
            faults.add(network.key_of(name), value, "tls_pair")
    url = network.value("public_url", str)
    if certificate and url is not None and not url.startswith("https://"):
        faults.add(network.key_of("public_url"), url, "tls_url")


def check_proxies(document: Document, faults: Faults) -> None:
    """Note what is no address of a reverse proxy: nobody would be believed."""
    for key, value in table(document, "network", Network).members("proxy"):
        try:
            ipaddress.ip_network(value)
        except ValueError:
            faults.add(key, value, "proxy")
