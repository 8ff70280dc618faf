"""What each report page shows, made of the kept figures; all of it runs beside the loop."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from config.texts import text
from figures import ask, law, votes
from figures.tables import Tables
from figures.words import Dimension, Figures, Question, RatingFigures
from web.supervisor.reports import cards, columns, heat, wording
from web.supervisor.reports.asking import Asked
from web.supervisor.reports.columns import table
from web.supervisor.reports.wording import say

Values = dict[str, Any]
OF_TABLES = (Dimension.SERVICE, *(one for one in Dimension if one is not Dimension.SERVICE))
OF_RATINGS = (
    Dimension.SERVICE,
    Dimension.COUNTER,
    Dimension.OPERATOR,
    Dimension.AGENCY,
    Dimension.MONTH,
    Dimension.DAY,
)
OF_QUOTES = (Dimension.SERVICE, Dimension.PROCEDURE, Dimension.HOUR, Dimension.WEEKDAY, Dimension.MONTH, Dimension.DAY)
OF_TIMES = (Dimension.COUNTER, Dimension.OPERATOR, Dimension.HOUR, Dimension.WEEKDAY, Dimension.MONTH, Dimension.DAY)


MOST_ROWS = 500
"""So many lines of a table are shown; files hold all."""


@dataclass(frozen=True)
class Wanted:
    """A page: what is asked, how it is told apart, in which language."""

    asked: Asked
    by: Dimension
    language: str

    @property
    def question(self) -> Question:
        """What is asked."""
        return self.asked.question


@dataclass(frozen=True)
class Known:
    """The days of which there are figures."""

    first: dt.date
    last: dt.date
    asked: int
    """So many of them are among the days asked for."""


def known(tables: Tables, question: Question) -> Known | None:
    """The days of which there are figures; None: there is none."""
    days = ask.days(tables)
    meant = [day for day in days if question.first_day <= day <= question.last_day]
    return Known(days[0], days[-1], len(meant)) if days else None


def overview(tables: Tables, wanted: Wanted) -> Values:
    """The most telling figures, over time and by service."""
    whole = ask.whole(tables, wanted.question)
    services = ask.by(tables, wanted.question, Dimension.SERVICE)
    shown = table(tables.directory, Dimension.SERVICE, columns.SHORT, services, wanted.language, whole)
    return {"cards": cards.telling(whole, wanted.language), "table": shown, "charts": ("flow", "waits")}


def figures_by(tables: Tables, wanted: Wanted) -> Values:
    """All figures of each group."""
    whole = ask.whole(tables, wanted.question)
    found, left_out = _busiest(ask.by(tables, wanted.question, wanted.by), wanted.language)
    shown = table(tables.directory, wanted.by, columns.WHOLE, found, wanted.language, whole)
    return {"table": shown, "left_out": left_out}


def _busiest(found: list[Figures], language: str) -> tuple[list[Figures], str]:
    """Those that find room, in their order, and what is said of the others."""
    if len(found) <= MOST_ROWS:
        return found, ""
    least = sorted((one.issued for one in found), reverse=True)[MOST_ROWS - 1]
    kept = [one for one in found if one.issued >= least][:MOST_ROWS]
    number, of = wording.count(len(kept), language), wording.count(len(found), language)
    return kept, say("left_out", language, n=number, of=of)


def hours(tables: Tables, wanted: Wanted) -> Values:
    """The hours of the week."""
    return {"heats": heat.heats(ask.matrix(tables, wanted.question), wanted.language)}


def counters(tables: Tables, wanted: Wanted) -> Values:
    """How counters and persons spent their time."""
    found = ask.counter_times(tables, wanted.question, wanted.by)
    whole = next(iter(ask.counter_times(tables, wanted.question)), None)
    return {
        "table": table(tables.directory, wanted.by, columns.TIMES, found, wanted.language, whole),
        "charts": ("counters",) if found else (),
    }


def quotes(tables: Tables, wanted: Wanted) -> Values:
    """The waiting range that was told, and what became of it."""
    whole, language = ask.whole(tables, wanted.question), wanted.language
    told = [one for one in ask.by(tables, wanted.question, wanted.by) if one.quoted]
    found, left_out = _busiest(told, language)
    return {
        "cards": cards.of_quotes(whole, language),
        "table": table(tables.directory, wanted.by, columns.QUOTES, found, language, whole),
        "left_out": left_out,
        "charts": ("quotes",),
    }


def ratings(tables: Tables, wanted: Wanted) -> Values:
    """What citizens said: of all, by criterion, by group, and why some were not satisfied."""
    language = wanted.language
    rated = next(iter(votes.ratings(tables, wanted.question)), RatingFigures())
    found = [one for one in votes.ratings(tables, wanted.question, wanted.by) if one.served or one.ratings]
    reasons = sorted(rated.reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    return {
        "rated": rated,
        "told_apart": not (wanted.question.procedures or wanted.question.fields or wanted.question.classes),
        "criteria": _criteria(tables, rated, language),
        "reasons": [(tables.directory.reason(one, language), wording.count(n, language)) for one, n in reasons],
        "cards": cards.of_ratings(rated, language),
        "table": table(tables.directory, wanted.by, columns.RATINGS, found, language, rated),
        "charts": ("satisfaction",),
    }


def _criteria(tables: Tables, rated: RatingFigures, language: str) -> list[tuple[str, str, str, str, str]]:
    return [
        (
            tables.directory.criterion(one.criterion_id, language),
            wording.share(one.satisfied, language),
            wording.score(one.score, language),
            wording.count(one.ratings, language),
            wording.share(one.ratings / rated.served if rated.served else None, language),
        )
        for one in rated.criteria
    ]


def rules(tables: Tables, wanted: Wanted) -> Values:
    """What the rules ask a hall to know of itself, each with its article."""
    language = wanted.language
    rated = next(iter(votes.ratings(tables, wanted.question)), None)
    found = law.indicators(ask.whole(tables, wanted.question), rated)
    return {"groups": [(text(f"report.law_{rule}", language), _indices(found, rule, language)) for rule in law.COUNTS]}


def _indices(found: list[law.Indicator], rule: str, language: str) -> list[tuple[str, str, str, str]]:
    """The name of each index, the satisfied share, the score, and how many said so."""
    rows = []
    for one in found:
        if one.rule != rule:
            continue
        name = text(f"report.law_{rule}_{one.number}", language)
        said = wording.response(one.ratings, one.response_rate, language) if one.measured else ""
        rows.append((name, wording.share(one.share, language), wording.score(one.score, language), said))
    return rows


@dataclass(frozen=True)
class View:
    """A page: how it is made, and by what its figures can be told apart, the first of which it begins with."""

    make: Callable[[Tables, Wanted], Values]
    dimensions: tuple[Dimension, ...] = (Dimension.SERVICE,)


VIEWS = {
    "overview": View(overview),
    "tables": View(figures_by, OF_TABLES),
    "hours": View(hours),
    "counters": View(counters, OF_TIMES),
    "quotes": View(quotes, OF_QUOTES),
    "ratings": View(ratings, OF_RATINGS),
    "rules": View(rules),
}
"""The pages, in the order of their tabs."""
