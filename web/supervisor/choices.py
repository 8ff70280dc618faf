"""What can be chosen in the forms: services, counters, persons."""

from collections.abc import Collection
from dataclasses import dataclass

from web.names import counter_text, named, operator_name
from web.supervisor.scene import Scene


@dataclass(frozen=True)
class Choice:
    """An option: `more` says what is to know about it, `taken` that it can't be chosen now."""

    id: str
    name: str
    chosen: bool = False
    more: str = ""
    taken: bool = False


def service_choices(scene: Scene, chosen: Collection[str]) -> list[Choice]:
    """All services in the hall's order."""
    return [Choice(one.service_id, named(one, scene.language), one.service_id in chosen) for one in scene.hall.services]


def counter_choices(scene: Scene, chosen: Collection[str]) -> list[Choice]:
    """All counters in the hall's order, with who is there."""
    choices = []
    for counter in scene.hall.counters:
        status = scene.status_of(counter.counter_id)
        there = scene.person(status.operator_id) if status and status.open else scene.say("counter_closed")
        name = counter_text(counter, scene.language)
        choices.append(Choice(counter.counter_id, name, counter.counter_id in chosen, there))
    return choices


def people_choices(scene: Scene, at: str = "") -> list[Choice]:
    """Everybody who may sit at a counter; who sits at another one than `at` can't be put there."""
    seat_of = {one.operator_id: one.counter_id for one in scene.overview.counters if one.open}
    choices = []
    for person in scene.hall.operators:
        seat = seat_of.get(person.operator_id, "")
        if person.role != "auditor" and not (at and seat == at):
            name = operator_name(scene.hall, person.operator_id)
            choices.append(Choice(person.operator_id, name, more=scene.counter(seat) if seat else "", taken=bool(seat)))
    return choices
