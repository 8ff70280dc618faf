"""What citizens said, from the ratings that lie apart: plain dictionaries, and never so few that one could be told."""

import datetime as dt
from collections import defaultdict
from typing import Any

from tests.figures.second.reckoning import Asked, Fact, Group, Names

FEWEST = 5


def votes(ratings: list[dict[str, Any]], names: Names) -> list[Fact]:
    """One fact for each score: of the whole, and of each criterion."""
    found = []
    for one in ratings:
        day = one["service_day"]
        common = {
            "service_day": day,
            "day": day.isoformat(),
            "month": day.isoformat()[:7],
            "weekday": str(day.weekday()),
            "service": one["service_id"],
            "agency": names.agency.get(one["service_id"], ""),
            "counter": one["counter_id"],
            "operator": one["operator_id"],
        }
        for criterion, score in {"": one["score"], **one["criteria"]}.items():
            found.append({**common, "criterion": criterion, "score": score, "reasons": one["reasons"]})
    return found


def scores(facts: list[Fact], asked: Asked, dimension: str | None, criterion: str = "") -> dict[str, Group]:
    """How many voted in each group and what they said, where the group is large enough to say it."""
    grouped: dict[str, list[int]] = defaultdict(list)
    for one in facts:
        if asked.fits(one) and one["criterion"] == criterion:
            grouped[one[dimension] if dimension else ""].append(one["score"])
    telling = _telling({group: len(found) for group, found in grouped.items()})
    return {group: _said(found, group in telling) for group, found in grouped.items()}


def _telling(sizes: dict[str, int]) -> set[str]:
    """The groups that may be shown: what the rest would tell, together, must not be a single vote either."""
    large = {group for group, size in sizes.items() if size >= FEWEST}
    rest = sum(size for group, size in sizes.items() if group not in large)
    if large and 0 < rest < FEWEST:
        large.discard(sorted(large, key=lambda group: (sizes[group], group))[0])
    return large


def _said(found: list[int], telling: bool) -> Group:
    good = [score for score in found if score >= 4]
    return {
        "ratings": len(found),
        "satisfied": len(good) / len(found) if telling else None,
        "score": sum(found) / len(found) if telling else None,
    }


def beside(figures: dict[str, Group], said: dict[str, Group], could: dict[str, int], nobody: Group) -> dict[str, Group]:
    """The figures of visits with what was said of them; of a group that only votes tell of, too."""
    found = {}
    for group in {**figures, **said}:
        votes = said.get(group, {"ratings": 0, "satisfied": None, "score": None})
        rate = votes["ratings"] / could[group] if could.get(group) else None
        found[group] = {**figures.get(group, nobody), **votes, "response_rate": rate}
    return found


def reasons(facts: list[Fact], asked: Asked, dimension: str | None = None) -> dict[str, dict[str, int]]:
    """How often each reason was given in each group."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for one in facts:
        if asked.fits(one) and not one["criterion"]:
            for reason in one["reasons"]:
                found[one[dimension] if dimension else ""][reason] += 1
    return {group: dict(counts) for group, counts in found.items()}


def served(
    visits: list[Fact], stays: list[Fact], asked: Asked, dimension: str | None, running: dt.date
) -> dict[str, int]:
    """How many could have voted in each group: whose service ended, where counters are asked for, there.

    Votes of the running day are not told, so nobody of that day counts.
    """
    at_counters = bool({"counter", "operator"} & {*asked.only, dimension})
    found: dict[str, int] = defaultdict(int)
    for one in stays if at_counters else visits:
        if asked.fits(one) and one["service_day"] != running and one["end" if at_counters else "outcome"] == "served":
            found[one[dimension] if dimension else ""] += 1
    return dict(found)
