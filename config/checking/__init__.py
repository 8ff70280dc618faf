"""What a hall file must keep beyond its types: everything that contradicts itself is told, with the reason. Pure."""

from collections.abc import Callable

from config.checking.calling import check_classes, check_counter_work, check_priority_run, check_promises
from config.checking.dossiers import check_dossiers
from config.checking.hours import check_hours
from config.checking.people import check_counters, check_covered, check_operators
from config.checking.purposes import check_pictograms, check_purposes
from config.checking.quotas import check_quotas
from config.checking.references import Document, check_doubles, check_empty_lists
from config.checking.room import check_displays, check_from_home, check_letters, check_spans
from config.checking.services import check_claims, check_queues, check_services, check_unserved
from config.checking.site import check_ports, check_proxies, check_tls, check_zone
from config.faults import Faults

_CHECKS: list[Callable[[Document, Faults], None]] = [
    check_zone,
    check_hours,
    check_ports,
    check_tls,
    check_proxies,
    check_doubles,
    check_classes,
    check_promises,
    check_priority_run,
    check_counter_work,
    check_queues,
    check_services,
    check_claims,
    check_quotas,
    check_purposes,
    check_pictograms,
    check_dossiers,
    check_displays,
    check_spans,
    check_letters,
    check_from_home,
    check_counters,
    check_operators,
    check_empty_lists,
    check_unserved,
    check_covered,
]


def check_hall(document: Document, faults: Faults) -> None:
    """Note everything that contradicts itself in a hall file, passing over values of a wrong type."""
    for check in _CHECKS:
        check(document, faults)
