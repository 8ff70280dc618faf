"""Which rows a question means, as SQL: a condition with its values, and what tells groups apart."""

from typing import Any, TypeVar

from figures.directory import Directory
from figures.words import Dimension, Question

T = TypeVar("T")
_OF_STAYS = frozenset({Dimension.COUNTER, Dimension.OPERATOR})
NO_VOTES = frozenset({Dimension.HOUR, Dimension.PROCEDURE, Dimension.FIELD, Dimension.CLASS})
"""Nobody knows of a vote at what hour, for which procedure or by whom it was given."""


VISIT_COLUMNS = ("service", "agency", "field", "procedure", "class")
STAY_COLUMNS = (*VISIT_COLUMNS, "counter", "operator")
VOTE_COLUMNS = ("service", "agency", "counter", "operator")
SPAN_COLUMNS = ("counter", "operator")


def asks_stays(question: Question, dimension: Dimension | None) -> bool:
    """Whether counters or persons are asked for: then the stays at counters count, and not the visits as they ended."""
    return bool(question.counters or question.operators) or dimension in _OF_STAYS


def asks_votes(question: Question, dimension: Dimension | None) -> bool:
    """Whether votes can be told apart as the question wants."""
    return not (question.procedures or question.fields or question.classes) and dimension not in NO_VOTES


def rows_asked(question: Question, dimension: Dimension | None) -> tuple[str, str, list[Any]]:
    """The view with the visits or stays that are meant, the condition on them, and its values."""
    stays = asks_stays(question, dimension)
    view = "fielded" if question.fields or dimension is Dimension.FIELD else "named"
    where, values = condition(question, STAY_COLUMNS if stays else VISIT_COLUMNS)
    return f"{view}_{'stays' if stays else 'visits'}", where, values


def stays_asked(question: Question, dimension: Dimension | None) -> tuple[str, str, list[Any]]:
    """The same for stays, whatever is asked."""
    view = "fielded_stays" if question.fields or dimension is Dimension.FIELD else "named_stays"
    return view, *condition(question, STAY_COLUMNS)


def key(dimension: Dimension | None) -> str:
    """The expression that gives a group's key."""
    match dimension:
        case None:
            return "''"
        case Dimension.DAY:
            return "CAST(service_day AS VARCHAR)"
        case Dimension.MONTH:
            return "strftime(service_day, '%Y-%m')"
        case Dimension.WEEKDAY | Dimension.HOUR:
            return f"CAST({dimension.value} AS VARCHAR)"
    return f'"{dimension.value}"'


def condition(question: Question, columns: tuple[str, ...]) -> tuple[str, list[Any]]:
    """The condition on those of the columns that the question restricts, and its values."""
    asked = {
        "service": question.services,
        "agency": question.agencies,
        "field": question.fields,
        "procedure": question.procedures,
        "counter": question.counters,
        "operator": question.operators,
        "class": question.classes,
    }
    parts, values = ["service_day BETWEEN ? AND ?"], list[Any]([question.first_day, question.last_day])
    for column in columns:
        if asked[column]:
            parts.append(f'"{column}" IN ({", ".join("?" * len(asked[column]))})')
            values.extend(asked[column])
    return " AND ".join(parts), values


def ordered(directory: Directory, dimension: Dimension | None, found: dict[str, T]) -> list[T]:
    """Groups in the hall's order, then those that it has no more; hours by number."""
    places = {group: place for place, group in enumerate(directory.keys(dimension))} if dimension else {}
    by_number = dimension in (Dimension.HOUR, Dimension.WEEKDAY)

    def place(group: str) -> tuple[int, int, str]:
        return places.get(group, len(places)), int(group) if by_number else 0, group

    return [found[group] for group in sorted(found, key=place)]
