"""The figures of any group of visits, reckoned by hand: lists, loops and the school's rule for quantiles."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from tests.figures.second.visits import Stay, Turn

Fact = dict[str, Any]
"""A visit or a stay: what it is grouped by, and what is measured of it; minutes, or None where nothing can be said."""
Group = dict[str, Any]
_OUTCOMES = {"finished": "served", "no_show": "no_show"}


@dataclass
class Names:
    """What the hall file says of services and procedures: the target in minutes, the agency, the field."""

    zone: str
    agency: dict[str, str] = field(default_factory=dict)
    target: dict[str, float] = field(default_factory=dict)
    field_of_service: dict[str, str] = field(default_factory=dict)
    field_of_procedure: dict[str, str] = field(default_factory=dict)


@dataclass
class Asked:
    """Which facts are meant; what is not restricted is not named."""

    first: dt.date
    last: dt.date
    only: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def fits(self, fact: Fact) -> bool:
        """Whether a fact is meant."""
        within = self.first <= fact["service_day"] <= self.last
        return within and all(fact[name] in wanted for name, wanted in self.only.items() if name in fact)


# ---- facts ----


def visits(turns: Iterable[Turn], names: Names) -> list[Fact]:
    """One fact for each who came."""
    return [_visit(turn, names) for turn in turns if turn.counts]


def stays(turns: Iterable[Turn], names: Names) -> list[Fact]:
    """One fact for each time that somebody was at a counter."""
    return [
        _stay(turn, stay, place == 0, names) for turn in turns if turn.counts for place, stay in enumerate(turn.stays)
    ]


def _visit(turn: Turn, names: Names) -> Fact:
    hour = turn.issued.astimezone(ZoneInfo(names.zone)).hour
    left = "abandoned" if turn.by in ("citizen", "day_end") else "cancelled"
    outcome = left if turn.state == "cancelled" else _OUTCOMES.get(turn.state, "open")
    facts: Fact = {
        **_grouped(turn, turn.service, hour, names),
        "outcome": outcome,
        "called": bool(turn.stays),
        "transferred": any(stay.end == "transferred" for stay in turn.stays),
        **_waited(turn, names.target.get(turn.service)),
    }
    return facts


def _stay(turn: Turn, stay: Stay, first: bool, names: Names) -> Fact:
    hour = stay.called.astimezone(ZoneInfo(names.zone)).hour
    gone = stay.end in ("cancelled", "abandoned")
    nobody_walked = turn.wrong or stay.begun is None or (first and turn.origin == "direct")
    walked = None if nobody_walked or stay.begun is None else _minutes(stay.called, stay.begun)
    served = None if turn.wrong or gone or not stay.begun or not stay.ended else _minutes(stay.begun, stay.ended)
    waited = _waited(turn, names.target.get(stay.service)) if first else _NO_WAIT
    return {
        **_grouped(turn, stay.service, hour, names),
        "counter": stay.counter,
        "operator": stay.operator,
        "end": stay.end or "open",
        "walk": walked,
        "service_time": served,
        **waited,
    }


def _grouped(turn: Turn, service: str, hour: int, names: Names) -> Fact:
    field_ = names.field_of_procedure.get(turn.procedure) or names.field_of_service.get(service, "")
    return {
        "visit": turn.ticket_id,
        "service_day": turn.day,
        "day": turn.day.isoformat(),
        "month": turn.day.isoformat()[:7],
        "weekday": str(turn.day.weekday()),
        "hour": str(hour),
        "service": service,
        "agency": names.agency.get(service, ""),
        "field": field_,
        "procedure": turn.procedure,
        "class": turn.class_id,
        "came_back": turn.came_back,
        "claim_false": turn.claim_false,
    }


_NO_WAIT: Fact = {"waited": None, "target": None, "quote": None, "quote_waited": None}


def _waited(turn: Turn, target: float | None) -> Fact:
    """How long until the first call, and what was told before; nobody waits for an item or without a number."""
    if not turn.stays or turn.wrong or turn.origin in ("direct", "back_office"):
        return _NO_WAIT
    called = turn.stays[0].called
    quoted = _minutes(turn.issued, called) if turn.quoted else None
    return {
        "waited": _minutes(turn.waits_from, called),
        "target": target,
        "quote": turn.quoted,
        "quote_waited": quoted,
    }


def _minutes(start: dt.datetime, end: dt.datetime) -> float:
    return max(0.0, (end - start).total_seconds() / 60)


# ---- figures ----


def by(
    facts_of_visits: list[Fact], facts_of_stays: list[Fact], asked: Asked, dimension: str | None = None
) -> dict[str, Group]:
    """The figures of each group; where counters or persons are asked for, what happened at them counts."""
    at_counters = bool({"counter", "operator"} & {*asked.only, dimension})
    counted = _grouped_by(facts_of_stays if at_counters else facts_of_visits, asked, dimension)
    timed = _grouped_by(facts_of_stays, asked, dimension)
    counts = _of_stays if at_counters else _of_visits
    return {
        group: {**counts(counted.get(group, [])), **_waits(counted.get(group, [])), **_times(timed.get(group, []))}
        for group in {**counted, **timed}
    }


def nobody() -> Group:
    """The figures of a group to which nobody belongs."""
    return {**_of_visits([]), **_waits([]), **_times([])}


def _grouped_by(facts: list[Fact], asked: Asked, dimension: str | None) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if asked.fits(fact):
            found[fact[dimension] if dimension else ""].append(fact)
    return dict(found)


def _of_visits(facts: list[Fact]) -> Group:
    return {
        "issued": len(facts),
        "called": _count(facts, lambda one: one["called"]),
        "served": _count(facts, lambda one: one["outcome"] == "served"),
        "no_show": _count(facts, lambda one: one["outcome"] == "no_show"),
        "cancelled": _count(facts, lambda one: one["outcome"] in ("cancelled", "abandoned")),
        "abandoned": _count(facts, lambda one: one["outcome"] == "abandoned"),
        "transferred": _count(facts, lambda one: one["transferred"]),
        "came_back": _count(facts, lambda one: one["came_back"]),
        "claims_false": _count(facts, lambda one: one["claim_false"]),
    }


def _of_stays(facts: list[Fact]) -> Group:
    everybody = {one["visit"] for one in facts}
    return {
        "issued": len(everybody),
        "called": len(everybody),
        "served": _count(facts, lambda one: one["end"] == "served"),
        "no_show": _count(facts, lambda one: one["end"] == "no_show"),
        "cancelled": _count(facts, lambda one: one["end"] in ("cancelled", "abandoned")),
        "abandoned": _count(facts, lambda one: one["end"] == "abandoned"),
        "transferred": _count(facts, lambda one: one["end"] == "transferred"),
        "came_back": len({one["visit"] for one in facts if one["came_back"]}),
        "claims_false": len({one["visit"] for one in facts if one["claim_false"]}),
    }


def _count(facts: list[Fact], meant: Callable[[Fact], bool]) -> int:
    return sum(1 for one in facts if meant(one))


def _waits(facts: list[Fact]) -> Group:
    waited = [one for one in facts if one["waited"] is not None]
    targeted = [one for one in waited if one["target"] is not None]
    quoted = [one for one in facts if one["quote_waited"] is not None]
    minutes = [one["waited"] for one in waited]
    inside = [one for one in quoted if one["quote"][0] <= one["quote_waited"] <= one["quote"][1]]
    late = [one for one in quoted if one["quote_waited"] > one["quote"][1]]
    return {
        **_quantiles("waiting", minutes),
        "within_target": _share(sum(one["waited"] <= one["target"] for one in targeted), len(targeted)),
        "quoted": len(quoted),
        "quoted_inside": _share(len(inside), len(quoted)),
        "quoted_late": _share(len(late), len(quoted)),
        "quote_error": quantile([abs(one["quote_waited"] - sum(one["quote"]) / 2) for one in quoted], 50),
    }


def _times(facts: list[Fact]) -> Group:
    walks = [one["walk"] for one in facts if one["walk"] is not None]
    services = [one["service_time"] for one in facts if one["service_time"] is not None]
    return {**_quantiles("walk", walks), **_quantiles("service", services)}


def _quantiles(name: str, minutes: list[float]) -> Group:
    return {
        f"{name}_median": quantile(minutes, 50),
        f"{name}_p90": quantile(minutes, 90),
        f"{name}_p95": quantile(minutes, 95),
    }


def quantile(values: list[float], percent: int) -> float | None:
    """The value below which so many of a hundred lie; between two neighbours, in proportion."""
    if not values:
        return None
    ranked = sorted(values)
    whole, rest = divmod((len(ranked) - 1) * percent, 100)
    above = ranked[min(whole + 1, len(ranked) - 1)]
    return ranked[whole] + (above - ranked[whole]) * rest / 100


def _share(part: int, of: int) -> float | None:
    return part / of if of else None


def matrix(facts_of_visits: list[Fact], facts_of_stays: list[Fact], asked: Asked) -> dict[tuple[int, int], Group]:
    """The hours of the week: on how many such days anybody came, how many in this hour, how long they waited."""
    at_counters = bool({"counter", "operator"} & {*asked.only})
    facts = [one for one in (facts_of_stays if at_counters else facts_of_visits) if asked.fits(one)]
    held = defaultdict(set)
    cells = defaultdict(list)
    for one in facts:
        held[one["weekday"]].add(one["day"])
        cells[int(one["weekday"]), int(one["hour"])].append(one)
    return {
        cell: {
            "days": len(held[str(cell[0])]),
            "issued": len({one["visit"] for one in inside}),
            "waiting_median": _waits(inside)["waiting_median"],
            "waiting_p90": _waits(inside)["waiting_p90"],
        }
        for cell, inside in cells.items()
    }
