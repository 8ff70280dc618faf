"""What the law's indices ask of a hall, and which of them a queue system can tell."""

from msgspec import Struct

from figures.words import Figures, RatingFigures

ATTITUDE, GUIDANCE, TIME, RESULT = "attitude", "guidance", "time", "result"
"""The ids of the criteria that stand for indices, where the hall file asks them."""


class Indicator(Struct, frozen=True):
    """One index of a rule: its name and article are texts (`report.law_<rule>_<number>`), its figures as in reports.

    `share` is the satisfied share, `score` the mean of 1 to 5, of so many ratings; None where it is not told here.
    """

    rule: str
    number: int
    measured: bool = False
    share: float | None = None
    score: float | None = None
    ratings: int = 0
    response_rate: float | None = None


_CRITERIA_OF = {("tt01", 1): TIME, ("tt01", 5): ATTITUDE, ("tt01", 7): GUIDANCE}
COUNTS = {"tt01": 9, "qd766": 6}
"""How many indices each rule has."""
_SATISFACTION = ("qd766", 5)


def indicators(whole: Figures, ratings: RatingFigures | None) -> list[Indicator]:
    """All indices, those that are not measured here too."""
    return [
        _indicator(rule, number, whole, ratings) for rule, count in COUNTS.items() for number in range(1, count + 1)
    ]


def _indicator(rule: str, number: int, whole: Figures, ratings: RatingFigures | None) -> Indicator:
    if (rule, number) == _SATISFACTION:
        return Indicator(rule, number, True, whole.satisfied, whole.score, whole.ratings or 0, whole.response_rate)
    criterion = _CRITERIA_OF.get((rule, number))
    found = [one for one in ratings.criteria if one.criterion_id == criterion] if ratings else []
    if not found:
        return Indicator(rule, number)
    one = found[0]
    return Indicator(rule, number, True, one.satisfied, one.score, one.ratings, _rate(one.ratings, ratings))


def _rate(count: int, ratings: RatingFigures | None) -> float | None:
    return round(count / ratings.served, 3) if ratings and ratings.served else None
