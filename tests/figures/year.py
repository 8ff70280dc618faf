"""A year of a large hall, kept as rows: 300,000 visits at 40 counters, for the bench of the report pages."""

import datetime as dt
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from figures import ask, votes
from figures.directory import Directory
from figures.keeping import describe, keep, publish
from figures.kept import Index, open_kept
from figures.report import report_of
from figures.rows import Reason, Rows, Span, Stay, Visit, Vote
from figures.tables import Tables
from figures.words import Dimension, Procedure, Question
from protocol.replies import HallReply, NamedInfo, RatingHabits
from protocol.views import ClassInfo, CounterInfo, ServiceInfo

YEAR = 2026
DAYS = 250
VISITS = 1_200
"""A day: 300,000 a year."""
_SERVICES = [f"s{number:02}" for number in range(30)]
_COUNTERS = [str(number) for number in range(1, 41)]
_CLASSES = ["ordinary"] * 8 + ["elderly", "disabled"]
_CRITERIA = ["attitude", "guidance", "time", "facilities", "result"]
_PROCEDURES = [f"1.{number:06}" for number in range(1266)]
_OUTCOMES = ["served"] * 88 + ["no_show"] * 6 + ["abandoned"] * 4 + ["cancelled"] * 2
_HOURS = [7] * 6 + [8] * 25 + [9] * 22 + [10] * 14 + [11] * 4 + [13] * 10 + [14] * 12 + [15] * 5 + [16] * 2


def directory() -> Directory:
    """The hall's names."""
    hall = HallReply(
        hall_id="year",
        name="Trung tâm Phục vụ hành chính công",
        name_en="Public service centre",
        address="",
        zone="Asia/Ho_Chi_Minh",
        public_url="",
        hours={},
        agencies=[NamedInfo(f"a{number}", f"Sở {number}", f"Department {number}") for number in range(20)],
        services=[
            ServiceInfo(one, f"Lĩnh vực {one}", f"Field {one}", f"a{place % 20}", one, [])
            for place, one in enumerate(_SERVICES)
        ],
        counters=[CounterInfo(one, f"Quầy {one}", []) for one in _COUNTERS],
        classes=[ClassInfo(one, one, one, "", 0, None) for one in ("ordinary", "elderly", "disabled")],
        rating_reasons=[NamedInfo("slow", "Chờ lâu", "Slow")],
        operator_ids=[f"{number:02}" for number in range(1, 41)],
        rating=RatingHabits([NamedInfo(one, one, one) for one in _CRITERIA], 30, False),
    )
    return Directory(hall, {code: Procedure(f"Thủ tục {code}", f"Lĩnh vực {code[-2:]}") for code in _PROCEDURES})


def working_days() -> list[dt.date]:
    """The first days of the year that are no weekend, so many as a hall works."""
    every = (dt.date(YEAR, 1, 1) + dt.timedelta(days=place) for place in range(366))
    return [day for day in every if day.weekday() < 5][:DAYS]


def keep_year(folder: Path, seed: int = 1) -> Question:
    """Keep the year's rows in a folder, as the server would; the question that asks for all of it."""
    luck, names, index, days = random.Random(seed), directory(), Index(epoch="year"), working_days()
    folder.mkdir(parents=True, exist_ok=True)
    describe(folder, names)
    for month in sorted({f"{day:%Y-%m}" for day in days}):
        rows, mine = Rows(), [day for day in days if f"{day:%Y-%m}" == month]
        for day in mine:
            _add_day(rows, day, luck)
        index = publish(folder, keep(folder, index, names, month, rows, dict.fromkeys(map(str, mine), "made")))
    return Question(days[0], days[-1])


def _add_day(rows: Rows, day: dt.date, luck: random.Random) -> None:
    for place in range(VISITS):
        _add_visit(rows, day, day.toordinal() * 1_000_000 + place, luck)
    for counter in _COUNTERS:
        for hour in sorted(set(_HOURS)):
            serving, paused = luck.uniform(1200, 2800), luck.choice([0.0, 0.0, 300.0])
            states = {"serving": serving, "called": 200.0, "paused": paused, "idle": 3400.0 - serving - paused}
            spent = states.items()
            rows.spans += [
                Span(day, day.weekday(), hour, counter, f"{int(counter):02}", *one) for one in spent if one[1]
            ]


def _add_visit(rows: Rows, day: dt.date, visit: int, luck: random.Random) -> None:
    service, counter, outcome, hour = (luck.choice(one) for one in (_SERVICES, _COUNTERS, _OUTCOMES, _HOURS))
    operator, class_ = f"{int(counter):02}", luck.choice(_CLASSES)
    procedure = luck.choice(_PROCEDURES) if luck.random() < 0.7 else ""
    called, transferred = outcome in ("served", "no_show"), luck.random() < 0.1
    waited = luck.expovariate(1 / 900) if called else None
    quote = (5 * luck.randrange(4), 10 + 5 * luck.randrange(6), waited) if luck.random() < 0.9 else (None, None, None)
    rated = outcome == "served"
    head = visit, day, day.weekday(), hour, service, procedure, class_
    flags = transferred, luck.random() < 0.02, luck.random() < 0.01
    rows.visits.append(Visit(*head, "kiosk", outcome, called, *flags, False, rated, waited, *quote))
    if not called:
        return
    walk, service_time = luck.uniform(5, 90), luck.lognormvariate(6, 0.6)
    if transferred:
        sent = luck.choice(_COUNTERS), operator, "transferred", *flags[1:], False, waited, walk, service_time
        rows.stays.append(Stay(*head, *sent, *quote))
        waited, quote = None, (None, None, None)
    last = counter, operator, outcome, *flags[1:], rated, waited, walk, service_time if rated else None
    rows.stays.append(Stay(*head, *last, *quote))
    if rated and luck.random() < 0.3:
        _add_votes(rows, day, service, counter, luck)


def _add_votes(rows: Rows, day: dt.date, service: str, counter: str, luck: random.Random) -> None:
    where = day, day.weekday(), service, counter, f"{int(counter):02}"
    score = luck.choice([1, 3, 4, 4, 5, 5, 5, 5])
    rows.votes += [Vote(*where, criterion, score) for criterion in ("", *_CRITERIA)]
    if score <= 3:
        rows.reasons.append(Reason(*where, "slow"))


def pages(folder: Path, question: Question) -> Iterator[tuple[str, float]]:
    """Every kind of report page over the year, each with the seconds that it took, opening the rows included."""
    kinds: dict[str, Callable[[Tables], object]] = {
        f"by {one.value}": lambda tables, one=one: ask.by(tables, question, one) for one in Dimension
    }
    kinds["whole report"] = lambda tables: report_of(tables, question, [Dimension.SERVICE, Dimension.COUNTER])
    kinds["matrix"] = lambda tables: ask.matrix(tables, question)
    kinds["counters"] = lambda tables: ask.counter_times(tables, question, Dimension.COUNTER)
    kinds["satisfaction by operator"] = lambda tables: votes.ratings(tables, question, Dimension.OPERATOR)
    for name, page in kinds.items():
        began = time.perf_counter()
        with open_kept(folder) as tables:
            page(tables)
        yield name, time.perf_counter() - began


if __name__ == "__main__":
    import sys

    target = Path(sys.argv[1])
    asked = Question(working_days()[0], working_days()[-1]) if (target / "index.json").exists() else keep_year(target)
    for name, seconds in pages(target, asked):
        sys.stdout.write(f"{name:28}{seconds * 1000:7.0f} ms\n")
