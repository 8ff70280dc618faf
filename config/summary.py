"""What a checked hall file amounts to, on one screen, with notes on what is allowed but worth a look. Pure."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import get_args

from config.mapping import Mapping
from config.notes import notes
from config.settings import WEEKDAYS, HallFile, Hours, Procedure, Role, Service
from config.texts import text

_MOST_FIELDS = 10
_MOST_DAYS = 8
_MOST_QUOTAS = 4


def hall_lines(hall: HallFile, procedures: Sequence[Procedure], language: str, today: dt.date) -> list[str]:
    """The hall's name, hours, people and counts, how its procedures fall to its services, and notes."""
    return [
        f"{hall.hall.name} ({hall.hall.id}, {hall.hall.zone})",
        *_weekday_lines(hall.hours, language),
        *_day_lines(hall.hours, language, today),
        _issuing_line(hall.hours, language),
        *_quota_lines(hall.services, language),
        _counts_line(hall, language),
        *_people_lines(hall, language),
        *unmapped_lines(Mapping(hall), procedures, language),
        *notes(hall, language, today),
    ]


def unmapped_lines(mapping: Mapping, procedures: Sequence[Procedure], language: str) -> list[str]:
    """How many procedures have a service, and of which agencies and fields the others are."""
    unmapped = mapping.unmapped(procedures)
    lines = [text("check.mapped", language, mapped=len(procedures) - len(unmapped), all=len(procedures))]
    if not unmapped:
        return lines
    fields = Counter((procedure.agency or "-", procedure.field or "-") for procedure in unmapped)
    lines.append(text("check.unmapped", language, count=len(unmapped)))
    lines += [f"  {count:>5}  {agency} · {field}" for (agency, field), count in fields.most_common(_MOST_FIELDS)]
    rest = len(fields) - _MOST_FIELDS
    return lines + ([text("check.more", language, count=rest)] if rest > 0 else [])


def _weekday_lines(hours: Hours, language: str) -> list[str]:
    """One line for each run of weekdays that have the same hours."""
    lines = []
    for spans, run in groupby(WEEKDAYS, lambda day: list(getattr(hours, day))):
        days = [text(f"check.{day}", language) for day in run]
        if spans:
            named = days[0] if len(days) == 1 else text("check.days", language, first=days[0], last=days[-1])
            lines.append(text("check.day", language, day=named, spans=", ".join(spans)))
    return lines


def _day_lines(hours: Hours, language: str, today: dt.date) -> list[str]:
    """The holidays and special days from today on."""
    holidays = sorted(day for day in hours.holidays if day >= today)
    special = sorted((each for each in hours.special if each.date >= today), key=lambda each: each.date)
    closed = text("check.closed", language)
    shown = {
        "holidays": [_date(day, language) for day in holidays],
        "special": [f"{_date(each.date, language)} {', '.join(each.spans) or closed}" for each in special],
    }
    return [text(f"check.{name}", language, days=_some(days, language)) for name, days in shown.items() if days]


def _date(day: dt.date, language: str) -> str:
    return text("check.date", language, day=day.day, month=day.month, year=day.year)


def _some(days: list[str], language: str) -> str:
    rest = len(days) - _MOST_DAYS
    return " · ".join(days[:_MOST_DAYS] + ([text("check.more_days", language, count=rest)] if rest > 0 else []))


def _issuing_line(hours: Hours, language: str) -> str:
    key = "check.issuing_until" if hours.last_number_minutes else "check.issuing"
    line = text(key, language, early=hours.issue_before_minutes, last=hours.last_number_minutes)
    return line + (text("check.cut_off", language) if hours.cut_off else "")


def _quota_lines(services: Iterable[Service], language: str) -> list[str]:
    limited = [service for service in services if service.day_quota is not None or service.quotas]
    lines = [
        text("check.quota", language, service=service.id, quotas=", ".join(_quotas(service, language)))
        for service in limited[:_MOST_QUOTAS]
    ]
    rest = len(limited) - _MOST_QUOTAS
    return lines + ([text("check.more_quotas", language, count=rest)] if rest > 0 else [])


def _quotas(service: Service, language: str) -> list[str]:
    day = [] if service.day_quota is None else [text("check.quota_day", language, count=service.day_quota)]
    return day + [text("check.quota_span", language, span=each.span, count=each.count) for each in service.quotas]


def _counts_line(hall: HallFile, language: str) -> str:
    return text(
        "check.counts",
        language,
        agencies=len(hall.agencies),
        services=len(hall.services),
        queues=len(hall.queues),
        counters=len(hall.counters),
        classes=len(hall.classes),
    )


def _people_lines(hall: HallFile, language: str) -> list[str]:
    roles = Counter(operator.role for operator in hall.operators)
    people = [text(f"check.{role}", language, count=roles[role]) for role in get_args(Role) if roles[role]]
    work = hall.counter_work
    return [
        text("check.people", language, people=", ".join(people)),
        text("check.choices", language, results=len(work.results), reasons=len(work.pause_reasons)),
    ]
