"""Ids of a hall file: none twice, and none named that is not there."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from config.faults import ABSENT, Faults
from config.names import nearest
from config.settings import Agency, Counter, CounterWork, Operator, PriorityClass, Queue, Rating, Service
from config.tables import Table, table, tables

Document = Mapping[str, object]

LISTS: dict[str, type[Struct]] = {
    "classes": PriorityClass,
    "queues": Queue,
    "agencies": Agency,
    "services": Service,
    "counters": Counter,
    "operators": Operator,
}
"""The lists of tables that every hall file has."""


def ids_of(document: Document, name: str) -> list[str]:
    """The ids in the list `name`, right or wrong."""
    return [entry for each in tables(document, name, LISTS[name]) if isinstance(entry := each.raw("id"), str)]


def check_known(key: str, value: str | None, document: Document, name: str, faults: Faults) -> None:
    """Note `value` if no entry of the list `name` has it as its id."""
    known = ids_of(document, name)
    if value is not None and value not in known:
        faults.add(key, value, f"unknown_{name}", hint=nearest(value, known))


def check_doubles(document: Document, faults: Faults) -> None:
    """Note ids and prefixes that stand twice."""
    for name, kind in LISTS.items():
        _unique(tables(document, name, kind), "id", faults)
    _unique(tables(document, "queues", Queue), "prefix", faults)
    work = table(document, "counter_work", CounterWork)
    for named in (table(document, "rating", Rating).tables("reasons"), work.tables("results")):
        _unique(named, "id", faults)
    _unique(work.tables("pause_reasons"), "id", faults)


def _unique(entries: Iterable[Table], name: str, faults: Faults) -> None:
    seen: set[str] = set()
    for entry in entries:
        value = entry.value(name, str)
        if value is not None and value in seen:
            faults.add(entry.key_of(name), value, "double")
        seen.add(value or "")


def check_empty_lists(document: Document, faults: Faults) -> None:
    """Note lists that every hall needs and this one left empty."""
    for name in LISTS:
        if document.get(name) == []:
            faults.add(name, ABSENT, "empty_list")
