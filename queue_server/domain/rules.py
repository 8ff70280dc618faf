"""What the rules need of a hall file, looked up once: who serves what, head starts, limits, times."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from config.settings import HallFile, Queue

ORDINARY = "ordinary"


@dataclass(frozen=True)
class CounterRules:
    """What one counter may call, and which services are its own field."""

    counter_id: str
    services: tuple[str, ...]
    own: frozenset[str]


@dataclass(frozen=True)
class Rules:
    """A hall's rules; all durations are seconds."""

    hall_id: str
    zone: ZoneInfo
    queues: dict[str, Queue]
    queue_of: dict[str, str]
    counters: dict[str, CounterRules]
    counters_of: dict[str, tuple[str, ...]]
    rivals: dict[str, tuple[str, ...]]
    """Per service: the services whose tickets are called by the same counters."""
    service_seconds: dict[str, float]
    head_start: dict[str, float]
    limit: dict[str, float | None]
    quick: dict[str, float]
    own_bonus: float
    max_recalls: int
    rating_seconds: float
    operators: frozenset[str]
    rating_reasons: frozenset[str]

    def advantage(self, service_id: str, class_id: str) -> float:
        """Seconds by which a ticket counts as issued earlier than it was."""
        return self.head_start[class_id] + self.quick[service_id]


def rules_of(file: HallFile) -> Rules:
    """The rules of a checked hall file."""
    counters = {c.id: CounterRules(c.id, tuple(c.services), frozenset(c.own)) for c in file.counters}
    counters_of = {s.id: tuple(c.id for c in file.counters if s.id in c.services) for s in file.services}
    calling = file.calling
    return Rules(
        hall_id=file.hall.id,
        zone=ZoneInfo(file.hall.zone),
        queues={queue.id: queue for queue in file.queues},
        queue_of={service.id: service.queue for service in file.services},
        counters=counters,
        counters_of=counters_of,
        rivals={service: _rivals(found, counters) for service, found in counters_of.items()},
        service_seconds={service.id: service.minutes * 60 for service in file.services},
        head_start={c.id: c.head_start_minutes * 60.0 for c in file.classes},
        limit={c.id: c.limit_minutes * 60.0 if calling.limits and c.limit_minutes else None for c in file.classes},
        quick={
            service.id: calling.quick_minutes * 60.0 if service.minutes <= calling.quick_service_minutes else 0.0
            for service in file.services
        },
        own_bonus=calling.own_field_minutes * 60.0,
        max_recalls=calling.max_recalls,
        rating_seconds=file.rating.open_hours * 3600.0,
        operators=frozenset(operator.id for operator in file.operators),
        rating_reasons=frozenset(reason.id for reason in file.rating.reasons),
    )


def _rivals(counter_ids: tuple[str, ...], counters: dict[str, CounterRules]) -> tuple[str, ...]:
    return tuple(sorted({service for counter_id in counter_ids for service in counters[counter_id].services}))
