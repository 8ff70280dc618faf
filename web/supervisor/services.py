"""The services: who waits, how long, and whether all will be called before the hall closes."""

from dataclasses import dataclass

from protocol.replies import ServiceOverview
from protocol.words import Issuing
from web.supervisor.scene import Scene, percent


@dataclass(frozen=True)
class ServiceRow:
    """A service in the table; `outlook` is `in_time`, `too_late`, `unserved`, `unknown`, or `none`: nobody waits."""

    service_id: str
    name: str
    waiting: int
    longest: str
    late: int
    within: str
    within_bad: bool
    outlook: str
    outlook_text: str
    issuing: str
    issuing_text: str
    reason: str
    quiet: bool


def service_rows(scene: Scene) -> list[ServiceRow]:
    """The services in the hall's order; quiet ones may be folded away."""
    return [service_row(scene, one) for one in scene.overview.services]


def service_row(scene: Scene, one: ServiceOverview) -> ServiceRow:
    """One service."""
    status = one.status
    outlook, outlook_text = _outlook(scene, one)
    return ServiceRow(
        service_id=status.service_id,
        name=scene.service(status.service_id),
        waiting=status.waiting,
        longest=str(int(one.longest_minutes)) if status.waiting else "–",
        late=one.late,
        within="–" if one.within_target is None else percent(one.within_target),
        within_bad=one.within_target is not None and one.within_target < 0.8,
        outlook=outlook,
        outlook_text=outlook_text,
        issuing=status.issuing.value,
        issuing_text=scene.say(f"issuing_{status.issuing.value}"),
        reason=status.reason,
        quiet=status.waiting == 0 and status.issuing is not Issuing.SUSPENDED,
    )


def _outlook(scene: Scene, one: ServiceOverview) -> tuple[str, str]:
    """When the last who waits would be called, held against closing time."""
    if not one.status.waiting:
        return "none", "–"
    if not one.status.open_counters:
        return "unserved", scene.say("outlook_unserved")
    if one.last_called_at is None:
        return "unknown", scene.say("outlook_unknown")
    closes_at = scene.overview.closes_at
    late = closes_at is not None and one.last_called_at > closes_at
    return "too_late" if late else "in_time", scene.clock(one.last_called_at)
