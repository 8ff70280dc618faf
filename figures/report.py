"""A report: everything that is told of the visits that a question means."""

from msgspec import Struct

from figures import ask, law, votes
from figures.directory import Directory
from figures.tables import Tables
from figures.words import CounterTimes, Dimension, Figures, HourCell, Question, RatingFigures

_OF_THE_HALL = (Dimension.SERVICE, Dimension.AGENCY, Dimension.COUNTER, Dimension.CLASS)
"""What the hall lists: groups that had nobody are told too."""


class Report(Struct, frozen=True):
    """The figures of all, of each group of some dimensions, and what is told besides."""

    directory: Directory
    question: Question
    whole: Figures
    groups: dict[Dimension, list[Figures]]
    hours: list[HourCell]
    counters: list[CounterTimes]
    ratings: RatingFigures | None
    indicators: list[law.Indicator]


def report_of(tables: Tables, question: Question, dimensions: list[Dimension]) -> Report:
    """The report that a question asks for, with a table for each dimension."""
    rated = votes.ratings(tables, question)
    whole = ask.whole(tables, question)
    return Report(
        tables.directory,
        question,
        whole,
        {dimension: groups_of(tables, question, dimension) for dimension in dimensions},
        ask.matrix(tables, question),
        ask.counter_times(tables, question, Dimension.COUNTER),
        rated[0] if rated else None,
        law.indicators(whole, rated[0] if rated else None),
    )


def groups_of(tables: Tables, question: Question, dimension: Dimension) -> list[Figures]:
    """The figures of each group; of all that the hall lists, where nothing but days restricts the question."""
    found = ask.by(tables, question, dimension)
    if dimension not in _OF_THE_HALL or question != Question(question.first_day, question.last_day):
        return found
    named = {one.key: one for one in found}
    nobody = None if dimension is Dimension.CLASS else 0
    listed = {key: named.get(key, Figures(key, ratings=nobody)) for key in tables.directory.keys(dimension)}
    return list((listed | named).values())
