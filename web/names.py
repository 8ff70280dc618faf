"""How the pages name what the hall has: counters, services, classes, persons, reasons."""

import re
from collections.abc import Iterable

from config.texts import text
from protocol.replies import ClassInfo, CounterInfo, HallReply, NamedInfo, ServiceInfo

_COUNTER_WORD = re.compile(r"^\s*(?:quầy|quay|counter)\s*(?:số)?\s*", re.IGNORECASE)


def counter_text(counter: CounterInfo, language: str) -> str:
    """`Quầy 3` or `Counter 3`, however the hall file writes it; another name stays as it is."""
    short = _COUNTER_WORD.sub("", counter.name)
    if short and (short != counter.name or short.isdecimal()):
        return text("phone.counter", language, n=short)
    return counter.name


def counter_in_sentence(shown: str, language: str) -> str:
    """The same inside a sentence: `quầy số 3`, `counter 3`."""
    short = _COUNTER_WORD.sub("", shown)
    return text("phone.counter_spoken", language, n=short) if short.isdecimal() else shown


def counter_names(hall: HallReply, counter_ids: Iterable[str], language: str) -> list[str]:
    """The names of counters, in the hall's order."""
    wanted = set(counter_ids)
    return [counter_text(counter, language) for counter in hall.counters if counter.counter_id in wanted]


def counter_name(hall: HallReply, counter_id: str, language: str) -> str:
    """The name of one counter; its id if the hall has it no more."""
    return next(iter(counter_names(hall, [counter_id], language)), counter_id)


def named(one: ServiceInfo | ClassInfo | NamedInfo, language: str) -> str:
    """The name in the page's language."""
    return one.name if language == "vi" else one.name_en


def service_name(hall: HallReply, service_id: str, language: str) -> str:
    """The name of a service; its id if the hall has it no more."""
    return next((named(one, language) for one in hall.services if one.service_id == service_id), service_id)


def class_info(hall: HallReply, class_id: str) -> ClassInfo | None:
    """A class of the hall."""
    return next((one for one in hall.classes if one.class_id == class_id), None)


def reason_name(found: Iterable[NamedInfo], reason_id: str, language: str) -> str:
    """The name of a reason or result; its id if the hall has it no more."""
    return next((named(one, language) for one in found if one.id == reason_id), reason_id)


def operator_name(hall: HallReply, operator_id: str) -> str:
    """The name of a person, with his number if the name does not say it; the number alone if nobody has it."""
    for person in hall.operators:
        if person.operator_id == operator_id:
            return person.name if operator_id in person.name else f"{person.name} ({operator_id})"
    return operator_id
