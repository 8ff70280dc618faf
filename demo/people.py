"""Who plays whom: a clerk at every counter but one, the head of the hall, and as whom a visitor may sign in."""

from dataclasses import dataclass

from config.settings import Counter, HallFile, Operator


@dataclass(frozen=True)
class Cast:
    """The people of a played hall; without a supervisor in the hall file, nobody leads the play."""

    clerks: list[tuple[Counter, Operator]]
    free: Counter
    """The counter that nobody is played at."""
    visitor: Operator
    head: Operator | None
    """Who leads the hall in the play."""
    visiting_head: Operator | None
    """As whom a visitor may look at the supervisor's page."""


def cast_of(file: HallFile) -> Cast:
    """The cast of a hall."""
    free = counter_for_visitors(file)
    operators = [person for person in file.operators if person.role == "operator"] or list(file.operators)
    visitor = next((person for person in reversed(operators) if person.counter in (None, free.id)), operators[-1])
    heads = [person for person in file.operators if person.role == "supervisor"]
    clerks = _at_counters(file, free, [person for person in operators if person is not visitor])
    return Cast(clerks, free, visitor, heads[-1] if heads else None, heads[0] if heads else None)


def _at_counters(file: HallFile, free: Counter, operators: list[Operator]) -> list[tuple[Counter, Operator]]:
    """Who sits where: everybody at his own counter, else whoever can do something there."""
    found, left = list[tuple[Counter, Operator]](), list(operators)
    counters = [counter for counter in file.counters if counter is not free]
    for counter in sorted(counters, key=lambda counter: not any(person.counter == counter.id for person in left)):
        fits = [person for person in left if _fits(person, counter)]
        if fits:
            person = min(fits, key=lambda person: person.counter != counter.id)
            found.append((counter, person))
            left.remove(person)
    return found


def _fits(person: Operator, counter: Counter) -> bool:
    at_home = person.counter in (None, counter.id)
    return at_home and (not person.skills or bool(set(person.skills) & set(counter.services)))


def counter_for_visitors(file: HallFile) -> Counter:
    """The counter that nobody is played at: the last one whose services others serve too, else the last."""
    for counter in reversed(file.counters):
        others = {service for other in file.counters if other is not counter for service in other.services}
        if set(counter.services) <= others:
            return counter
    return file.counters[-1]
