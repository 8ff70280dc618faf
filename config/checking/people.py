"""Counters and the people at them: what they serve, help with and can do, and a person for every service."""

from config.checking.references import Document, check_known
from config.faults import ABSENT, Faults
from config.names import nearest
from config.settings import Counter, Operator, Service
from config.tables import Table, tables

_WORK_OF_AN_OPERATOR = ("counter", "may_call_any", "skills", "prefers")


def check_counters(document: Document, faults: Faults) -> None:
    """Note services that do not exist, own fields that are not served, and help with what is served anyway."""
    for counter in tables(document, "counters", Counter):
        served = [service for _, service in counter.members("services")]
        for key, service in counter.members("services"):
            check_known(key, service, document, "services", faults)
        for key, service in counter.members("own"):
            if service not in served:
                faults.add(key, service, "own_not_served", hint=nearest(service, served))
        for key, service in counter.names("helps"):
            check_known(key, service, document, "services", faults)
            if service in served:
                faults.add(key, service, "helps_own")


def check_operators(document: Document, faults: Faults) -> None:
    """Note counters and services that do not exist, and skills, preferences and roles that exclude each other."""
    counters = _by_id(document)
    for operator in tables(document, "operators", Operator):
        fixed = operator.value("counter", str)
        check_known(operator.key_of("counter"), fixed, document, "counters", faults)
        for name in ("skills", "prefers"):
            for key, service in _services(operator, name):
                check_known(key, service, document, "services", faults)
        _check_preferences(operator, faults)
        _check_place(operator, counters.get(fixed or ""), faults)
        _check_auditor(operator, faults)


def _by_id(document: Document) -> dict[str, Table]:
    counters = tables(document, "counters", Counter)
    return {counter_id: counter for counter in counters if (counter_id := counter.value("id", str)) is not None}


def _services(operator: Table, name: str) -> list[tuple[str, str]]:
    return list(operator.members(name) if name == "skills" else operator.names(name))


def _check_preferences(operator: Table, faults: Faults) -> None:
    skills = _skills(operator)
    for key, service in operator.names("prefers"):
        if skills and service not in skills:
            faults.add(key, service, "prefers_unskilled", hint=nearest(service, skills))


def _check_place(operator: Table, counter: Table | None, faults: Faults) -> None:
    skills = _skills(operator)
    if counter is not None and skills and not skills & _called_at(counter):
        faults.add(operator.key_of("counter"), operator.raw("counter"), "idle_there")


def _check_auditor(operator: Table, faults: Faults) -> None:
    if operator.raw("role") != "auditor":
        return
    for name in _WORK_OF_AN_OPERATOR:
        if work := operator.raw(name):
            faults.add(operator.key_of(name), work, "auditor_works")


def check_covered(document: Document, faults: Faults) -> None:
    """Note services that nobody could ever serve: no skill for them, or no seat at a counter that has them."""
    called = {name: _called_at(counter) for name, counter in _by_id(document).items()}
    operators = tables(document, "operators", Operator)
    if not operators:
        return
    reached = {service for operator in operators for service in _reached(operator, called)}
    served = set[str]().union(*called.values())
    for service in tables(document, "services", Service):
        service_id = service.value("id", str)
        if service_id is not None and service_id in served - reached:
            faults.add(service.key, ABSENT, "nobody_for_it")


def _reached(operator: Table, called: dict[str, set[str]]) -> set[str]:
    """What an operator can serve at the counters where he may sit; `called` is what each counter calls."""
    if operator.raw("role") == "auditor":
        return set()
    fixed, skills = operator.value("counter", str) or "", _skills(operator)
    found = called[fixed] if fixed in called else set[str]().union(*called.values())
    return found & skills if skills else found


def _skills(operator: Table) -> set[str]:
    return {service for _, service in operator.members("skills")}


def _called_at(counter: Table) -> set[str]:
    return {service for _, service in counter.members("services")} | {service for _, service in counter.names("helps")}
