"""Who is called next: first come, first served, with head starts and limits (docs/calling.md)."""

from collections.abc import Iterable

from msgspec import Struct

from protocol.events import CallRule
from queue_server.domain.line import Entry, Lines
from queue_server.domain.rules import CounterRules, Rules


class Head(Struct, frozen=True, gc=False):
    """A ticket at the head of a line, weighed for one counter; `points` are seconds, `over` is waited ÷ limit."""

    service_id: str
    class_id: str
    entry: Entry
    points: float
    over: float


class Choice(Struct, frozen=True):
    """The ticket to call, why, and the best of the others."""

    head: Head
    rule: CallRule
    others: list[Head]


def choose(rules: Rules, counter: CounterRules, lines: Lines, now: float, keep: int = 3) -> Choice | None:
    """The next ticket of a counter at `now` (Unix seconds), or None if nobody whom it may serve waits.

    Whoever is past the limit of his class goes first, the largest share of his limit before all; else most points.
    """
    heads = ranked(rules, counter, lines.heads(counter.services), now)
    if not heads:
        return None
    return Choice(heads[0], _rule(rules, counter, heads), heads[1 : 1 + keep])


def ranked(rules: Rules, counter: CounterRules, entries: Iterable[tuple[str, str, Entry]], now: float) -> list[Head]:
    """Waiting tickets (service, class, entry) in the order in which a counter would call them now."""
    return sorted((weigh(rules, counter, entry, now) for entry in entries), key=_rank)


def weigh(rules: Rules, counter: CounterRules, head: tuple[str, str, Entry], now: float) -> Head:
    """A waiting ticket's points and share of its limit, as one counter sees them."""
    service_id, class_id, entry = head
    points = now - entry.counts_from + (rules.own_bonus if service_id in counter.own else 0.0)
    limit = rules.limit[class_id]
    over = (now - entry.waited_since) / limit if limit else 0.0
    return Head(service_id, class_id, entry, points, over)


def _rank(head: Head) -> tuple[float, float, int]:
    over = head.over if head.over >= 1.0 else 0.0
    return (-over, -head.points, head.entry.ticket_id)


def _rule(rules: Rules, counter: CounterRules, heads: list[Head]) -> CallRule:
    """Which part of the rule put the first head before the others."""
    chosen = heads[0]
    if all(chosen.entry.waited_since <= other.entry.waited_since for other in heads):
        return CallRule.TURN
    if chosen.over >= 1.0:
        return CallRule.OVER_LIMIT
    if rules.head_start[chosen.class_id] > 0:
        return CallRule.HEAD_START
    return CallRule.OWN_FIELD if chosen.service_id in counter.own else CallRule.QUICK
