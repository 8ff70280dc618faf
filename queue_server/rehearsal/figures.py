"""What a rule costs: the waits of each class and of all, beside those of other rules; minutes."""

import statistics
from collections.abc import Iterable, Sequence

from msgspec import Struct

from queue_server.rehearsal.calls import APPOINTMENT, RETURNED, Called

EVERYBODY = "all"


class Cost(Struct, frozen=True):
    """The calls of one group under one rule; None where there is nothing to say."""

    called: int
    mean: float | None
    p95: float | None
    longest: float | None
    within_target: float | None
    """The share of calls within the service's target."""
    own_field: float | None
    """The share of calls of the counter's own field."""
    overtaken: float | None
    """By how many minutes at most somebody of the group saw a later one go before."""


def groups_of(class_ids: Iterable[str]) -> list[str]:
    """The rows of the table: everybody, each class, kept appointments, who came back into the line."""
    return [EVERYBODY, *class_ids, APPOINTMENT, RETURNED]


def cost(calls: Sequence[Called], group: str) -> Cost:
    """What the calls cost a group."""
    mine = [call for call in calls if group in (EVERYBODY, call.group)]
    waits = sorted(call.wait / 60 for call in mine)
    return Cost(
        called=len(mine),
        mean=round(statistics.fmean(waits), 1) if waits else None,
        p95=_p95(waits),
        longest=round(waits[-1], 1) if waits else None,
        within_target=_share(call.wait <= call.target for call in mine),
        own_field=_share(call.own for call in mine),
        overtaken=round(_overtaken(calls, group) / 60, 1) if waits else None,
    )


def _p95(waits: list[float]) -> float | None:
    if len(waits) < 2:
        return round(waits[0], 1) if waits else None
    return round(statistics.quantiles(waits, n=100, method="inclusive")[94], 1)


def _share(answers: Iterable[bool]) -> float | None:
    counted = list(answers)
    return round(sum(counted) / len(counted), 3) if counted else None


def _overtaken(calls: Iterable[Called], group: str) -> float:
    return max(
        (seconds for call in calls for who, seconds in call.overtaken.items() if group in (EVERYBODY, who)), default=0.0
    )
