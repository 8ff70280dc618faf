"""What citizens said of the service, never so that a single vote could be told."""

from collections import defaultdict
from typing import Any

from msgspec import Struct

from figures.asking import VOTE_COLUMNS, asks_votes, condition, key, ordered, rows_asked
from figures.tables import Tables
from figures.words import (
    CriterionScore,
    Dimension,
    Question,
    RatingFigures,
)
from protocol.words import SATISFIED_FROM, SMALLEST_GROUP


class Tally(Struct, frozen=True):
    """The votes of a group: of how many that could vote, how many satisfied, and the sum of their scores."""

    ratings: int
    satisfied: int
    total: int
    served: int = 0

    @property
    def response_rate(self) -> float | None:
        """The share of those served who voted."""
        return round(self.ratings / self.served, 3) if self.served else None


NO_VOTES = Tally(0, 0, 0)


class Score(Struct, frozen=True):
    """What may be shown of a tally."""

    satisfied: float | None = None
    score: float | None = None


HIDDEN = Score()
"""Nothing."""


def shown(tally: dict[str, Tally]) -> dict[str, Score]:
    """The scores of the groups that are large enough.

    Where fewer than SMALLEST_GROUP votes lie in all groups that are hidden, the smallest shown group is hidden too:
    else the total less what is shown would tell them.
    """
    large = {group: one for group, one in tally.items() if one.ratings >= SMALLEST_GROUP}
    hidden = sum(one.ratings for group, one in tally.items() if group not in large)
    if 0 < hidden < SMALLEST_GROUP and large:
        large.pop(min(large, key=lambda group: (large[group].ratings, group)))
    return {group: _score(one) for group, one in large.items()}


def _score(tally: Tally) -> Score:
    return Score(round(tally.satisfied / tally.ratings, 3), round(tally.total / tally.ratings, 2))


def tallies(tables: Tables, question: Question, dimension: Dimension | None) -> dict[str, Tally]:
    """The votes on whole visits, by group; also of groups whose visits could be rated and were not."""
    served, counted = _rateable(tables, question, dimension), _counted(tables, question, dimension)
    found = {group: Tally(0, 0, 0, count) for group, count in served.items()}
    for (group, criterion), tally in counted.items():
        if not criterion:
            found[group] = Tally(*tally, served.get(group, 0))
    return found


def ratings(tables: Tables, question: Question, dimension: Dimension | None = None) -> list[RatingFigures]:
    """The ratings of each group by criterion, or of all in one; empty where votes can't be told apart so."""
    if not asks_votes(question, dimension):
        return []
    served, reasons = _rateable(tables, question, dimension), _reasons(tables, question, dimension)
    by_criterion: dict[str, dict[str, Tally]] = defaultdict(dict)
    for (group, criterion), tally in _counted(tables, question, dimension).items():
        by_criterion[criterion][group] = Tally(*tally, served.get(group, 0))
    scores = {criterion: shown(tally) for criterion, tally in by_criterion.items()}
    found: dict[str, RatingFigures] = {}
    for group in served.keys() | by_criterion.get("", {}).keys():
        one = by_criterion[""].get(group, Tally(0, 0, 0, served.get(group, 0)))
        score = scores.get("", {}).get(group, HIDDEN)
        found[group] = RatingFigures(
            group,
            one.ratings,
            one.served,
            one.response_rate,
            score.satisfied,
            score.score,
            _criteria(tables, group, by_criterion, scores),
            reasons.get(group, {}) if score is not HIDDEN else {},
        )
    return ordered(tables.directory, dimension, found)


def _criteria(
    tables: Tables, group: str, tallied: dict[str, dict[str, Tally]], scores: dict[str, dict[str, Score]]
) -> list[CriterionScore]:
    listed = tables.directory.hall.rating.criteria if tables.directory.hall.rating else []
    names = [*(one.id for one in listed), *sorted(tallied.keys() - {"", *(one.id for one in listed)})]
    found = []
    for criterion in names:
        tally, score = tallied.get(criterion, {}).get(group), scores.get(criterion, {}).get(group, HIDDEN)
        found.append(CriterionScore(criterion, tally.ratings if tally else 0, score.satisfied, score.score))
    return found


def _counted(
    tables: Tables, question: Question, dimension: Dimension | None
) -> dict[tuple[str, str], tuple[int, int, int]]:
    where, values = condition(question, VOTE_COLUMNS)
    sql = f"""
        SELECT {key(dimension)}, criterion, count(*), count(*) FILTER (score >= {SATISFIED_FROM}), sum(score)::BIGINT
        FROM named_votes WHERE {where} GROUP BY ALL"""  # noqa: S608 - no input
    return {
        (group, criterion): (count, good, total) for group, criterion, count, good, total in tables.run(sql, *values)
    }


def _rateable(tables: Tables, question: Question, dimension: Dimension | None) -> dict[str, int]:
    table, where, values = rows_asked(question, dimension)
    sql = f"SELECT {key(dimension)}, count(*) FROM {table} WHERE rateable AND {where} GROUP BY 1"  # noqa: S608
    return dict(_pairs(tables.run(sql, *values)))


def _reasons(tables: Tables, question: Question, dimension: Dimension | None) -> dict[str, dict[str, int]]:
    where, values = condition(question, VOTE_COLUMNS)
    sql = f"SELECT {key(dimension)}, reason, count(*) FROM named_reasons WHERE {where} GROUP BY ALL"  # noqa: S608
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for group, reason, count in sorted(tables.run(sql, *values)):
        found[group][reason] = count
    return found


def _pairs(rows: list[tuple[Any, ...]]) -> list[tuple[str, int]]:
    return [(group, count) for group, count in rows]
