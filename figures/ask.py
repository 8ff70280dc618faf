"""The questions that figures answer; all take the tables of the rows and a question."""

import datetime as dt
from typing import Any

from msgspec.structs import replace

from figures.asking import (
    SPAN_COLUMNS,
    asks_stays,
    asks_votes,
    condition,
    key,
    ordered,
    rows_asked,
    stays_asked,
)
from figures.tables import Tables
from figures.votes import HIDDEN, NO_VOTES, shown, tallies
from figures.words import CounterTimes, Dimension, Figures, HourCell, Question

_QUANTILES = "[0.5, 0.9, 0.95]"
_WAITS = f"""
    quantile_cont(waiting_seconds, {_QUANTILES}),
    count(*) FILTER (waiting_seconds <= target_seconds),
    count(*) FILTER (waiting_seconds IS NOT NULL AND target_seconds IS NOT NULL),
    count(quoted_seconds),
    count(*) FILTER (quoted_seconds BETWEEN quoted_low * 60 AND quoted_high * 60),
    count(*) FILTER (quoted_seconds > quoted_high * 60),
    quantile_cont(abs(quoted_seconds - (quoted_low + quoted_high) * 30), 0.5)"""
_VISITS = f"""
    count(*), count(*) FILTER (called), count(*) FILTER (outcome = 'served'), count(*) FILTER (outcome = 'no_show'),
    count(*) FILTER (outcome IN ('cancelled', 'abandoned')), count(*) FILTER (outcome = 'abandoned'),
    count(*) FILTER (transferred), count(*) FILTER (came_back), count(*) FILTER (claim_false), {_WAITS}"""
_STAYS = f"""
    count(DISTINCT visit), 0,
    count(*) FILTER ("end" = 'served'), count(*) FILTER ("end" = 'no_show'),
    count(*) FILTER ("end" IN ('cancelled', 'abandoned')), count(*) FILTER ("end" = 'abandoned'),
    count(*) FILTER ("end" = 'transferred'), count(DISTINCT visit) FILTER (came_back),
    count(DISTINCT visit) FILTER (claim_false), {_WAITS}"""
_DURATIONS = f"quantile_cont(walk_seconds, {_QUANTILES}), quantile_cont(service_seconds, {_QUANTILES})"


def days(tables: Tables) -> list[dt.date]:
    """The service days that have rows, oldest first."""
    return [day for (day,) in tables.run("SELECT DISTINCT service_day FROM visits ORDER BY 1")]


def whole(tables: Tables, question: Question) -> Figures:
    """The figures of all that is asked for."""
    nothing = Figures(ratings=0 if asks_votes(question, None) else None)
    return _figures(tables, question, None).get("", nothing)


def by(tables: Tables, question: Question, dimension: Dimension) -> list[Figures]:
    """The figures of each group that has any, in the hall's order, or in that of time."""
    return ordered(tables.directory, dimension, _figures(tables, question, dimension))


def matrix(tables: Tables, question: Question) -> list[HourCell]:
    """The hours of the week in which visits were issued."""
    table, where, values = rows_asked(question, None)
    count = "count(DISTINCT visit)" if asks_stays(question, None) else "count(*)"
    sql = f"""
        WITH asked AS (SELECT * FROM {table} WHERE {where}),
             held AS (SELECT weekday, count(DISTINCT service_day) AS days FROM asked GROUP BY weekday)
        SELECT weekday, hour, any_value(days), {count}, quantile_cont(waiting_seconds, [0.5, 0.9])
        FROM asked JOIN held USING (weekday) GROUP BY weekday, hour ORDER BY weekday, hour"""  # noqa: S608 - no input
    return [
        HourCell(weekday, hour, held, issued, *map(_minutes, waits or [None, None]))
        for weekday, hour, held, issued, waits in tables.run(sql, *values)
    ]


def counter_times(tables: Tables, question: Question, dimension: Dimension | None = None) -> list[CounterTimes]:
    """How counters' time was spent; by counter, operator or time only, and services asked for change nothing."""
    where, values = condition(question, SPAN_COLUMNS)
    states = ", ".join(f"sum(seconds) FILTER (state = '{state}')" for state in ("called", "serving", "idle", "paused"))
    sql = f"SELECT {key(dimension)}, {states} FROM spans WHERE {where} GROUP BY 1"  # noqa: S608 - no input
    found = {group: _counter_times(group, *(one or 0.0 for one in spent)) for group, *spent in tables.run(sql, *values)}
    return ordered(tables.directory, dimension, found)


def _counter_times(group: str, called: float, serving: float, idle: float, paused: float) -> CounterTimes:
    working = called + serving + idle
    return CounterTimes(
        group,
        open_minutes=round((working + paused) / 60, 1),
        called_minutes=round(called / 60, 1),
        serving_minutes=round(serving / 60, 1),
        idle_minutes=round(idle / 60, 1),
        paused_minutes=round(paused / 60, 1),
        occupancy=_share(called + serving, working),
        idle_share=_share(idle, working + paused),
        paused_share=_share(paused, working + paused),
    )


# ---- reckoning ----


def _figures(tables: Tables, question: Question, dimension: Dimension | None) -> dict[str, Figures]:
    found = _counted(tables, question, dimension)
    found = _with_durations(tables, question, dimension, found)
    return _with_votes(tables, question, dimension, found) if asks_votes(question, dimension) else found


def _with_votes(
    tables: Tables, question: Question, dimension: Dimension | None, found: dict[str, Figures]
) -> dict[str, Figures]:
    tally = tallies(tables, question, dimension)
    scores = shown(tally)
    return {
        group: replace(
            found.get(group, Figures(group)),
            ratings=tally.get(group, NO_VOTES).ratings,
            response_rate=tally.get(group, NO_VOTES).response_rate,
            satisfied=scores.get(group, HIDDEN).satisfied,
            score=scores.get(group, HIDDEN).score,
        )
        for group in found | dict.fromkeys(tally)
    }


def _counted(tables: Tables, question: Question, dimension: Dimension | None) -> dict[str, Figures]:
    table, where, values = rows_asked(question, dimension)
    measures = _STAYS if asks_stays(question, dimension) else _VISITS
    sql = f"SELECT {key(dimension)}, {measures} FROM {table} WHERE {where} GROUP BY 1"  # noqa: S608 - no input
    found = {group: _of_row(group, *row) for group, *row in tables.run(sql, *values)}
    if asks_stays(question, dimension):
        return {group: replace(one, called=one.issued) for group, one in found.items()}
    return found


def _of_row(group: str, *row: Any) -> Figures:
    waits, within, with_target, quoted, inside, late, error = row[9:]
    median, p90, p95 = map(_minutes, waits or (None, None, None))
    return replace(
        Figures(group, *row[:9]),
        waiting_median=median,
        waiting_p90=p90,
        waiting_p95=p95,
        within_target=_share(within, with_target),
        quoted=quoted,
        quoted_inside=_share(inside, quoted),
        quoted_late=_share(late, quoted),
        quote_error=_minutes(error),
    )


def _with_durations(
    tables: Tables, question: Question, dimension: Dimension | None, found: dict[str, Figures]
) -> dict[str, Figures]:
    table, where, values = stays_asked(question, dimension)
    sql = f"SELECT {key(dimension)}, {_DURATIONS} FROM {table} WHERE {where} GROUP BY 1"  # noqa: S608 - no input
    for group, walk, service in tables.run(sql, *values):
        walks, services = ([_minutes(one) for one in spans or (None,) * 3] for spans in (walk, service))
        found[group] = replace(
            found.get(group, Figures(group)),
            walk_median=walks[0],
            walk_p90=walks[1],
            walk_p95=walks[2],
            service_median=services[0],
            service_p90=services[1],
            service_p95=services[2],
        )
    return found


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / 60, 1)


def _share(part: float, of: float) -> float | None:
    return round(part / of, 3) if of else None
