"""The sheet for the notice board: a day on one A4 page, to print."""

from typing import Any

from config.texts import text
from figures.formats import PAGES
from figures.report import Report
from figures.sheets import kind_of, shown
from figures.words import Dimension, Figures

_ROWS = 10
"""So many services find room on the page."""
_COUNTS = ("issued", "served", "no_show", "abandoned")
_COLUMNS = ("issued", "served", "waiting_median", "waiting_p90", "within_target")


def notice(report: Report, language: str = "vi") -> bytes:
    """The page of a day's report that has a table by service."""
    hall, whole = report.directory.hall, report.whole
    page = PAGES.get_template("notice.html").render(
        language=language,
        hall=report.directory.hall_name(language),
        address=hall.address,
        title=text("report.sheet_title", language, day=f"{report.question.first_day:%d/%m/%Y}"),
        counts=[
            (shown(getattr(whole, one), "count", language), text(f"report.sheet_{one}", language)) for one in _COUNTS
        ],
        waits=_waits(whole, language),
        satisfaction=_satisfaction(whole, language),
        hours=_hours(report),
        services=_services(report, language),
        words={name: text(f"report.sheet_{name}", language) for name in _HEADINGS},
    )
    return page.encode()


_HEADINGS = ("waiting", "satisfaction", "hours", "hours_hint", "services", "note")


def _waits(whole: Figures, language: str) -> list[tuple[str, str]]:
    """What waiting was like, each with its words; nothing where nobody was called."""

    def minutes(value: float | None) -> str:
        if value is None:
            return ""
        return text("report.sheet_minutes", language, minutes=shown(value, "minutes", language))

    found = [
        ("half", minutes(whole.waiting_median)),
        ("nine", minutes(whole.waiting_p90)),
        ("target", "" if whole.within_target is None else shown(whole.within_target, "share", language)),
        ("quote", "" if whole.quoted_inside is None else shown(whole.quoted_inside, "share", language)),
    ]
    return [(text(f"report.sheet_{name}", language), value) for name, value in found if value]


def _satisfaction(whole: Figures, language: str) -> dict[str, str]:
    if whole.satisfied is None:
        return {"few": text("report.sheet_few", language)}
    ratings, rate = shown(whole.ratings, "count", language), shown(whole.response_rate, "share", language)
    return {
        "share": shown(whole.satisfied, "share", language),
        "name": text("report.sheet_satisfied", language),
        "response": text("report.sheet_response", language, ratings=ratings, rate=rate),
    }


def _hours(report: Report) -> list[dict[str, Any]]:
    """The hours from the first to the last that had visits, each with its height."""
    issued = {cell.hour: cell.issued for cell in report.hours}
    most = max(issued.values(), default=1)
    return [
        {"hour": hour, "issued": issued.get(hour, 0), "height": round(100 * issued.get(hour, 0) / most)}
        for hour in range(min(issued, default=0), max(issued, default=-1) + 1)
    ]


def _services(report: Report, language: str) -> dict[str, Any]:
    """The services that had most visits; the others in a line."""
    every = sorted((one for one in report.groups[Dimension.SERVICE] if one.issued), key=lambda one: -one.issued)
    first, others = every[:_ROWS], every[_ROWS:]
    left = shown(sum(one.issued for one in others), "count", language)
    return {
        "heads": [text(f"report.sheet_column_{column}", language) for column in ("name", *_COLUMNS)],
        "rows": [
            [
                report.directory.name(Dimension.SERVICE, one.key, language),
                *(shown(getattr(one, column), kind_of(column), language) for column in _COLUMNS),
            ]
            for one in first
        ],
        "more": text("report.sheet_more", language, count=len(others), issued=left) if others else "",
    }
