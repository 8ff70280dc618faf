"""Who is called next: first come, first served, with head starts and limits (docs/calling.md)."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from protocol.events import CallRule
from queue_server.domain.line import Entry, Line, LineKey, Lines, Waiting
from queue_server.domain.rules import Reach, Rules


class Head(Struct, frozen=True, gc=False):
    """A waiting ticket weighed for one counter; `points` are seconds, `over` is waited ÷ limit."""

    key: LineKey
    entry: Entry
    points: float
    over: float


class Choice(Struct, frozen=True):
    """The ticket to call, why, and the best of the others."""

    head: Head
    rule: CallRule
    others: list[Head]


def choose(rules: Rules, reach: Reach, lines: Lines, now: float, keep: int = 3, priority_run: int = 0) -> Choice | None:
    """The next ticket of a counter at `now` (Unix seconds), or None if nobody whom it may serve waits.

    Whoever is past his limit goes first, the largest share of his limit before all; else most points. After
    `priority_run` priority calls in a row, if the hall limits them, somebody ordinary past the target comes first.
    """
    heads = ranked(rules, reach, heads_for(rules, reach, lines), now)
    if not heads:
        return None
    ordinary = _owed(rules, heads, now, priority_run)
    if ordinary and ordinary[0] is not heads[0]:
        others = [head for head in heads if head is not ordinary[0]]
        return Choice(ordinary[0], CallRule.FAIR_SHARE, others[:keep])
    return Choice(heads[0], _rule(rules, reach, heads), heads[1 : 1 + keep])


def _owed(rules: Rules, heads: list[Head], now: float, priority_run: int) -> list[Head]:
    """The ordinary tickets, if so many priority calls came in a row that one of them is owed the next."""
    most = rules.calling.max_priority_run
    if not most or priority_run < most:
        return []
    ordinary = [head for head in heads if not rules.is_priority(head.key.class_id)]
    late = any(now - head.entry.waited_since > rules.target[head.key.service_id] for head in ordinary)
    return ordinary if late else []


def preference(reach: Reach, lines: Lines, idle_since: float) -> tuple[bool, int, float]:
    """By what idle counters get an arrival, smallest first: own field waits, least else to do, idle longest."""
    own = any(lines.waiting(service_id) for service_id in reach.own)
    return not own, len(reach.services), idle_since


def heads_for(rules: Rules, reach: Reach, lines: Lines) -> Iterator[Waiting]:
    """Everybody who may be next at a counter."""
    for line in lines_for(rules, reach, lines):
        yield from line.heads()


def lines_for(rules: Rules, reach: Reach, lines: Lines) -> Iterator[Line]:
    """The lines that a counter may call: of its services, and of those who wait for it alone."""
    for line in lines.of(reach.services):
        target = line.key.target
        if (not target or target in reach.mine or target not in reach.present) and _takes(rules, reach, line.key):
            yield line
    for target in reach.mine if reach.foreign else ():
        for line in lines.directed(target):
            if line.key.service_id not in reach.services:
                yield line


def _takes(rules: Rules, reach: Reach, key: LineKey) -> bool:
    if reach.takes == "all" or key.target:
        return True
    return rules.is_priority(key.class_id) == (reach.takes == "priority")


def ranked(rules: Rules, reach: Reach, waiting: Iterable[Waiting], now: float) -> list[Head]:
    """Waiting tickets in the order in which a counter would call them now."""
    return sorted((weigh(rules, reach, key, entry, now) for key, entry in waiting), key=_rank)


def weigh(rules: Rules, reach: Reach, key: LineKey, entry: Entry, now: float) -> Head:
    """A waiting ticket's points and share of its limit, as one counter sees them."""
    points = now - entry.counts_from + reach.bonus.get(key.service_id, 0.0)
    limit = rules.limit_of(key.class_id, key.kind)
    over = (now - entry.waited_since) / limit if limit else 0.0
    return Head(key, entry, points, over)


def _rank(head: Head) -> tuple[float, float, int]:
    over = head.over if head.over >= 1.0 else 0.0
    return (-over, -head.points, head.entry.ticket_id)


def _rule(rules: Rules, reach: Reach, heads: list[Head]) -> CallRule:
    """Which part of the rule put the first head before the others."""
    chosen = heads[0]
    if all(chosen.entry.waited_since <= other.entry.waited_since for other in heads):
        return CallRule.TURN
    if chosen.over >= 1.0:
        return CallRule.OVER_LIMIT
    if rules.is_priority(chosen.key.class_id):
        return CallRule.HEAD_START
    if chosen.key.kind != "walk_in":
        return CallRule.RETURNED if chosen.key.kind == "returned" else CallRule.APPOINTMENT
    if chosen.key.service_id in reach.own:
        return CallRule.OWN_FIELD
    preferred = reach.bonus.get(chosen.key.service_id, 0.0) > 0 or not rules.quick[chosen.key.service_id]
    return CallRule.PREFERENCE if preferred else CallRule.QUICK
