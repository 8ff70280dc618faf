"""How the hall calls its counters, services and people, and the words of the kinds of display beside the main board."""

from config.texts import text
from display import wording
from protocol.replies import HallReply, ServiceInfo

Pair = tuple[str, str]
"""The same in Vietnamese and English."""


def said(key: str, **values: object) -> Pair:
    """A text of the group `wall` in Vietnamese and English."""
    vietnamese, english = (text(f"wall.{key}", language, **values) for language in wording.LANGUAGES)
    return vietnamese, english


def counter_name(hall: HallReply | None, counter_id: str) -> str:
    """A counter as the hall calls it, such as `Quầy 3`; its id where the hall does not know it."""
    counters = hall.counters if hall else []
    return next((counter.name for counter in counters if counter.counter_id == counter_id), counter_id)


def counter_name_en(hall: HallReply | None, counter_id: str) -> str:
    """The same in an English sentence: `Quầy 3` is `counter 3`, any other name stays."""
    name = counter_name(hall, counter_id)
    short = wording.counter(name)
    return f"counter {short}" if short != name else name


def service_info(hall: HallReply | None, service_id: str) -> ServiceInfo | None:
    """A service of the hall."""
    services = hall.services if hall else []
    return next((service for service in services if service.service_id == service_id), None)


def service_name(hall: HallReply | None, service_id: str) -> Pair:
    """A service in Vietnamese and English; empty where the hall does not know it."""
    found = service_info(hall, service_id)
    return (found.name, found.name_en) if found else ("", "")


def pause_reason(hall: HallReply | None, reason_id: str) -> Pair:
    """Why a counter pauses; empty where the hall does not know the reason."""
    reasons = hall.pause_reasons if hall else []
    return next(((reason.name, reason.name_en) for reason in reasons if reason.id == reason_id), ("", ""))


def operator_name(hall: HallReply | None, operator_id: str) -> str:
    """Who sits at a counter; empty unless the hall tells displays."""
    operators = hall.operators if hall else []
    return next((operator.name for operator in operators if operator.operator_id == operator_id), "")
