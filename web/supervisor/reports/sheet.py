"""The sheet for the notice board: one day on one A4 page, without anybody's name."""

from dataclasses import dataclass
from typing import Any

from figures.report import Report, report_of
from figures.tables import Tables
from figures.words import Dimension, Figures, Question
from web.supervisor.reports import wording
from web.supervisor.reports.wording import say

ROWS = 14
"""So many services find room on the page."""
_BAR, _GAP, _TALL = 56, 12, 70


@dataclass(frozen=True)
class Bar:
    """An hour of the day as a bar: where it stands, how high it is, in units of the picture."""

    hour: int
    issued: int
    x: int
    height: int

    @property
    def middle(self) -> int:
        """Where its words stand."""
        return self.x + _BAR // 2

    @property
    def top(self) -> int:
        """Where it ends."""
        return _TALL - self.height + 18


def sheet(tables: Tables, question: Question, language: str) -> dict[str, Any]:
    """What stands on the sheet of a day."""
    report = report_of(tables, question, [Dimension.SERVICE])
    every = sorted((one for one in report.groups[Dimension.SERVICE] if one.issued), key=lambda one: -one.issued)
    left = every[ROWS:]
    more = wording.count(sum(one.issued for one in left), language)
    return {
        "whole": report.whole,
        "counts": [
            (wording.count(getattr(report.whole, name), language), say(f"sheet_{name}", language))
            for name in ("issued", "served", "no_show", "abandoned")
        ],
        "waits": _waits(report.whole, language),
        "satisfied": _satisfied(report.whole, language),
        "bars": _bars(report),
        "rows": [_row(report, one, language) for one in every[:ROWS]],
        "more": say("sheet_more", language, count=len(left), issued=more) if left else "",
    }


def _waits(whole: Figures, language: str) -> list[tuple[str, str]]:
    found = [
        ("half", _minutes(whole.waiting_median, language)),
        ("nine", _minutes(whole.waiting_p90, language)),
        ("target", wording.share(whole.within_target, language)),
        ("quote", wording.share(whole.quoted_inside, language)),
        ("service", _minutes(whole.service_median, language)),
    ]
    return [(say(f"sheet_{name}", language), value) for name, value in found if value != wording.NOTHING]


def _minutes(value: float | None, language: str) -> str:
    return wording.NOTHING if value is None else say("minutes", language, n=wording.minutes(value, language))


def _satisfied(whole: Figures, language: str) -> tuple[str, str]:
    """The share of satisfied votes, and of how many; empty where single votes could be told."""
    if whole.satisfied is None:
        return "", say("sheet_few", language)
    return wording.share(whole.satisfied, language), wording.response(whole.ratings or 0, whole.response_rate, language)


def _bars(report: Report) -> list[Bar]:
    """The hours from the first to the last in which anybody came."""
    issued = {cell.hour: cell.issued for cell in report.hours}
    hours = range(min(issued, default=0), max(issued, default=-1) + 1)
    most = max(issued.values(), default=1)
    return [
        Bar(hour, issued.get(hour, 0), place * (_BAR + _GAP), round(_TALL * issued.get(hour, 0) / most))
        for place, hour in enumerate(hours)
    ]


def _row(report: Report, one: Figures, language: str) -> list[str]:
    return [
        report.directory.name(Dimension.SERVICE, one.key, language),
        wording.count(one.issued, language),
        wording.count(one.served, language),
        wording.minutes(one.waiting_median, language),
        wording.minutes(one.waiting_p90, language),
        wording.share(one.within_target, language),
    ]
