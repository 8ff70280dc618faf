"""What the rules need of a hall file, looked up once: who serves what, head starts, limits, times, permissions."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from config.settings import (
    Alerts,
    Calling,
    CounterWork,
    Display,
    FromHome,
    HallFile,
    Hours,
    Operator,
    Queue,
    Rating,
    Retention,
    Service,
)
from protocol.words import Takes
from queue_server.domain.hours import OpeningHours
from queue_server.domain.line import Kind

ORDINARY = "ordinary"
EVERYBODY = frozenset[str]()
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Reach:
    """What a counter may call as it is staffed now; `bonus` is seconds by which it prefers a service.

    `mine` are the targets that are meant for it; `present` are all targets that somebody is there for: a ticket meant
    for somebody who left may be called by everybody.
    """

    counter_id: str
    services: tuple[str, ...]
    own: frozenset[str] = EVERYBODY
    bonus: dict[str, float] = field(default_factory=dict)
    takes: Takes = "all"
    mine: frozenset[str] = EVERYBODY
    present: frozenset[str] = EVERYBODY
    foreign: bool = True
    """Whether it calls whoever waits for it alone, of whatever service."""


@dataclass(frozen=True)
class Rules:
    """A hall's rules; durations are seconds. Without arguments they are no rules: adding up a log needs none."""

    hall_id: str = ""
    zone: ZoneInfo = _UTC
    hours: OpeningHours = field(default_factory=lambda: OpeningHours(_UTC, Hours()))
    queues: dict[str, Queue] = field(default_factory=dict)
    queue_of: dict[str, str] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    counters: dict[str, Reach] = field(default_factory=dict)
    """Per counter: what it may call whoever sits there."""
    helps: dict[str, dict[str, float]] = field(default_factory=dict)
    operators: dict[str, Operator] = field(default_factory=dict)
    service_seconds: dict[str, float] = field(default_factory=dict)
    target: dict[str, float] = field(default_factory=dict)
    head_start: dict[str, float] = field(default_factory=dict)
    limit: dict[str, float | None] = field(default_factory=dict)
    quick: dict[str, float] = field(default_factory=dict)
    calling: Calling = field(default_factory=Calling)
    work: CounterWork = field(default_factory=CounterWork)
    alerts: Alerts = field(default_factory=Alerts)
    rating_seconds: float = 0.0
    rating_reasons: frozenset[str] = EVERYBODY
    rating_criteria: frozenset[str] = EVERYBODY
    rating: Rating = field(default_factory=Rating)
    retention: Retention = field(default_factory=Retention)
    from_home: FromHome = field(default_factory=FromHome)
    displays: dict[str, Display] = field(default_factory=dict)
    results: frozenset[str] = EVERYBODY
    pause_reasons: frozenset[str] = EVERYBODY

    def advantage(self, service_id: str, class_id: str, kind: Kind = "walk_in") -> float:
        """Seconds by which a ticket counts as older than it is."""
        returned = self.calling.returned_minutes * 60.0 if kind == "returned" else 0.0
        return self.head_start[class_id] + self.quick[service_id] + returned

    def limit_of(self, class_id: str, kind: Kind) -> float | None:
        """Seconds after which such a ticket goes before all that are within their limits; None: never."""
        limit = self.limit[class_id]
        if limit is None or kind == "walk_in":
            return limit
        minutes = self.calling.returned_limit_minutes if kind == "returned" else self.calling.appointment_limit_minutes
        return min(limit, minutes * 60.0)

    def is_priority(self, class_id: str) -> bool:
        """Whether a class has a head start."""
        return self.head_start.get(class_id, 0.0) > 0

    def reach(
        self,
        counter_id: str,
        operator_id: str | None = None,
        service_ids: Iterable[str] | None = None,
        takes: Takes = "all",
        present: frozenset[str] = EVERYBODY,
    ) -> Reach:
        """What a counter may call with this operator and, if a supervisor said so, these services instead."""
        fixed = self.counters[counter_id]
        operator = self.operators.get(operator_id or "")
        skills = set(operator.skills) if operator else set()
        wanted = tuple(service_ids) if service_ids is not None else (*fixed.services, *self.helps[counter_id])
        services = tuple(service for service in wanted if not skills or service in skills)
        return Reach(
            counter_id,
            services,
            fixed.own,
            {service: self._bonus(counter_id, operator, service) for service in services},
            takes,
            frozenset({f"counter:{counter_id}", f"operator:{operator_id}"}),
            present,
        )

    def _bonus(self, counter_id: str, operator: Operator | None, service_id: str) -> float:
        own = self.calling.own_field_minutes * 60.0 if service_id in self.counters[counter_id].own else 0.0
        preferred = operator.prefers.get(service_id, 0) * 60.0 if operator else 0.0
        return own + preferred - self.helps[counter_id].get(service_id, 0.0)


def rules_of(file: HallFile) -> Rules:
    """The rules of a checked hall file."""
    zone, calling = ZoneInfo(file.hall.zone), file.calling
    return Rules(
        hall_id=file.hall.id,
        zone=zone,
        hours=OpeningHours(zone, file.hours),
        queues={queue.id: queue for queue in file.queues},
        queue_of={service.id: service.queue for service in file.services},
        services={service.id: service for service in file.services},
        counters={c.id: Reach(c.id, tuple(c.services), frozenset(c.own)) for c in file.counters},
        helps={c.id: {service: minutes * 60.0 for service, minutes in c.helps.items()} for c in file.counters},
        operators={operator.id: operator for operator in file.operators},
        service_seconds={service.id: service.minutes * 60 for service in file.services},
        target={service.id: service.target_minutes * 60.0 for service in file.services},
        head_start={c.id: c.head_start_minutes * 60.0 for c in file.classes},
        limit={c.id: c.limit_minutes * 60.0 if calling.limits and c.limit_minutes else None for c in file.classes},
        quick={
            service.id: calling.quick_minutes * 60.0 if service.minutes <= calling.quick_service_minutes else 0.0
            for service in file.services
        },
        calling=calling,
        work=file.counter_work,
        alerts=file.alerts,
        rating_seconds=file.rating.open_hours * 3600.0,
        rating_reasons=frozenset(reason.id for reason in file.rating.reasons),
        rating_criteria=frozenset(criterion.id for criterion in file.rating.criteria),
        rating=file.rating,
        retention=file.retention,
        from_home=file.from_home,
        displays={display.id: display for display in file.displays},
        results=frozenset(result.id for result in file.counter_work.results),
        pause_reasons=frozenset(reason.id for reason in file.counter_work.pause_reasons),
    )
