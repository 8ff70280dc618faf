"""The line of figures at the top: the day in five seconds."""

from dataclasses import dataclass

from web.supervisor.scene import FEWEST_RATINGS, Scene, percent


@dataclass(frozen=True)
class Figure:
    """A number to read from two metres away, what it is, and what stands behind it."""

    key: str
    label: str
    value: str
    more: str = ""
    bad: bool = False


def figures(scene: Scene) -> list[Figure]:
    """The figures of the moment."""
    return [
        _waiting(scene),
        _longest(scene),
        _within_target(scene),
        _counters(scene),
        _served(scene),
        _satisfied(scene),
    ]


def closing(scene: Scene) -> str:
    """When the hall closes, or that it does not work today."""
    closes_at = scene.overview.closes_at
    if closes_at is None:
        return scene.say("closed_today")
    if closes_at <= scene.overview.at:
        return scene.say("closed_at", at=scene.clock(closes_at))
    return scene.say("closes_at", at=scene.clock(closes_at))


def _waiting(scene: Scene) -> Figure:
    today = scene.overview.today
    more = scene.say("figure_parked", n=today.parked) if today.parked else ""
    return Figure("waiting", scene.say("figure_waiting"), str(_people(scene)), more)


def _people(scene: Scene) -> int:
    return sum(one.status.waiting for one in scene.overview.services)


def _longest(scene: Scene) -> Figure:
    label = scene.say("figure_longest")
    waiting = [one for one in scene.overview.services if one.status.waiting]
    if not waiting:
        return Figure("longest", label, "–")
    worst = max(waiting, key=lambda one: one.longest_minutes)
    late = worst.longest_minutes > scene.target_minutes(worst.status.service_id)
    return Figure(
        "longest", label, scene.minutes(worst.longest_minutes), scene.service(worst.status.service_id), bad=late
    )


def _within_target(scene: Scene) -> Figure:
    label = scene.say("figure_within")
    called = sum(one.called for one in scene.overview.services)
    if not called:
        return Figure("within", label, "–", scene.say("figure_nobody_called"))
    within = sum((one.within_target or 0) * one.called for one in scene.overview.services) / called
    return Figure("within", label, percent(within), scene.say("figure_of_calls", n=called), bad=within < 0.8)


def _counters(scene: Scene) -> Figure:
    counters = scene.overview.counters
    working = sum(one.open and one.paused_reason_id is None for one in counters)
    forced = scene.overview.counter_count
    more = scene.say("figure_forecast_count", n=forced) if forced else ""
    return Figure("counters", scene.say("figure_counters"), f"{working}/{len(counters)}", more)


def _served(scene: Scene) -> Figure:
    today = scene.overview.today
    more = scene.say("figure_missed", issued=today.issued, missed=today.no_shows)
    return Figure("served", scene.say("figure_served"), str(today.finished), more)


def _satisfied(scene: Scene) -> Figure:
    found, label = scene.overview.satisfaction, scene.say("figure_satisfied")
    if found.ratings < FEWEST_RATINGS:
        return Figure("satisfied", label, "–", scene.say("figure_few_ratings", n=FEWEST_RATINGS))
    response = percent(min(1.0, found.ratings / max(found.finished, found.ratings)))
    more = scene.say("figure_ratings", n=found.ratings, response=response)
    return Figure("satisfied", label, percent(found.satisfied / found.ratings), more)
