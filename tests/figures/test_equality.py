"""Two programs that share nothing reckon the figures of random months: they agree to the unit."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import asdict, replace

from figures import ask
from figures.directory import Directory
from figures.keeping import describe
from figures.kept import open_kept
from figures.tables import Tables
from figures.votes import ratings
from figures.words import Dimension, Procedure, Question
from queue_server.keeping_figures import bring_up_to_date
from tests.figures.second import opinions, reckoning, seats, visits
from tests.figures.second.months import PROCEDURES, RandomMonth

ZONE = "Asia/Ho_Chi_Minh"
ONLY_FIELDS = {"results": "Kết quả"}
"""The field of a service that has one only."""
_DIMENSIONS: list[Dimension | None] = [None, *Dimension]
_OF_COUNTERS = [None, Dimension.COUNTER, Dimension.OPERATOR, Dimension.DAY, Dimension.HOUR, Dimension.WEEKDAY]
_OF_VOTES = [None, Dimension.SERVICE, Dimension.AGENCY, Dimension.COUNTER, Dimension.OPERATOR, Dimension.DAY]
_OF_VOTES += [Dimension.WEEKDAY, Dimension.MONTH]
_SHARES = {"within_target", "quoted_inside", "quoted_late", "response_rate", "satisfied"}
_SHARES |= {"occupancy", "idle_share", "paused_share"}


class TwoReckonings:
    """A month, reckoned by the program and by the second program."""

    def __init__(self, month: RandomMonth, folder: Path) -> None:
        file = month.file
        *ended, self.running = month.storage.days()
        self.names = reckoning.Names(
            ZONE,
            {service.id: service.agency for service in file.services},
            {service.id: service.target_minutes for service in file.services},
            ONLY_FIELDS,
            {code: field for code, (_service, field) in PROCEDURES.items()},
        )
        log = month.raw_log()
        turns = visits.turns(log)
        self.visits = reckoning.visits(turns, self.names)
        self.stays = reckoning.stays(turns, self.names)
        self.spans = seats.spans(log, ZONE)
        rated = [vars(rating) for day in ended for rating in month.storage.ratings(day)]
        self.votes = opinions.votes(rated, self.names)
        self.tables = _tables(month, folder)
        self.differences: list[str] = []

    def compare_all(self, questions: list[Question]) -> list[str]:
        """Where the two do not agree."""
        for question in questions:
            for dimension in _DIMENSIONS:
                self._compare_figures(question, dimension)
            self._compare_matrix(question)
            for dimension in _OF_COUNTERS:
                self._compare_counters(question, dimension)
            for dimension in _OF_VOTES:
                self._compare_votes(question, dimension)
        self.tables.close()
        return self.differences

    def _compare_figures(self, question: Question, dimension: Dimension | None) -> None:
        asked = _asked(question)
        first = ask.by(self.tables, question, dimension) if dimension else [ask.whole(self.tables, question)]
        second = reckoning.by(self.visits, self.stays, asked, dimension)
        if not dimension:
            second.setdefault("", reckoning.nobody())
        if dimension in _OF_VOTES and _votes_told(question):
            said = opinions.scores(self.votes, asked, dimension)
            could = opinions.served(self.visits, self.stays, asked, dimension, self.running)
            second = opinions.beside(second, said, could, reckoning.nobody())
        self._compare(question, dimension, {one.key: asdict(one) for one in first}, second)

    def _compare_matrix(self, question: Question) -> None:
        first = {(cell.weekday, cell.hour): asdict(cell) for cell in ask.matrix(self.tables, question)}
        self._compare(question, "matrix", first, reckoning.matrix(self.visits, self.stays, _asked(question)))

    def _compare_counters(self, question: Question, dimension: Dimension | None) -> None:
        found = ask.counter_times(self.tables, question, dimension)
        second = seats.times(self.spans, _asked(question), dimension)
        self._compare(question, f"time by {dimension}", {one.key: asdict(one) for one in found}, second)

    def _compare_votes(self, question: Question, dimension: Dimension | None) -> None:
        if not _votes_told(question):
            return
        asked, found = _asked(question), {one.key: one for one in ratings(self.tables, question, dimension)}
        for criterion in ("", "attitude", "time"):
            first = {key: _of_criterion(one, criterion) for key, one in found.items()}
            second = opinions.scores(self.votes, asked, dimension, criterion)
            told = {key: one for key, one in first.items() if one["ratings"]}
            self._compare(question, f"{criterion or 'votes'} by {dimension}", told, second)
        self._compare_reasons(question, dimension, {key: one.reasons for key, one in found.items()})
        served = opinions.served(self.visits, self.stays, asked, dimension, self.running)
        self._compare(
            question,
            f"served by {dimension}",
            {k: {"served": one.served} for k, one in found.items()},
            {key: {"served": served.get(key, 0)} for key in served.keys() | found.keys()},
        )

    def _compare_reasons(
        self, question: Question, dimension: Dimension | None, first: dict[str, dict[str, int]]
    ) -> None:
        """Reasons are told where the score is."""
        asked = _asked(question)
        said = opinions.scores(self.votes, asked, dimension)
        counted = opinions.reasons(self.votes, asked, dimension)
        second = {key: counted.get(key, {}) for key, one in said.items() if one["satisfied"] is not None}
        for key in first.keys() | second.keys():
            if first.get(key, {}) != second.get(key, {}):
                self._note(question, f"reasons by {dimension}", key, "reasons", first.get(key), second.get(key))

    def _compare(self, question: Question, what: Any, first: Mapping[Any, Any], second: Mapping[Any, Any]) -> None:
        for key in sorted(first.keys() | second.keys(), key=str):
            one, other = first.get(key), second.get(key)
            if one is None or other is None:
                self._note(question, what, key, "the group", one is not None, other is not None)
                continue
            for name, value in other.items():
                if not _same(name, one[name], value):
                    self._note(question, what, key, name, one[name], value)

    def _note(self, question: Question, what: Any, key: Any, name: str, one: object, other: object) -> None:
        self.differences.append(f"{_asked(question).only} by {what} [{key}] {name}: {one} here, {other} there")


def _votes_told(question: Question) -> bool:
    """Whether votes can be told apart so: nobody knows a vote's procedure or class."""
    return not (question.fields or question.procedures or question.classes)


def _of_criterion(one: Any, criterion: str) -> dict[str, Any]:
    found = one if not criterion else next(c for c in one.criteria if c.criterion_id == criterion)
    return {"ratings": found.ratings, "satisfied": found.satisfied, "score": found.score}


def _same(name: str, one: float | None, other: float | None) -> bool:
    """Equal, or what the other rounds to: minutes to a tenth, shares to a thousandth, scores to a hundredth."""
    if one is None or other is None or isinstance(other, int):
        return one == other
    unit = 0.001 if name in _SHARES else 0.01 if name == "score" else 0.1
    return abs(one - other) <= unit / 2 + 1e-6


def _asked(question: Question) -> reckoning.Asked:
    only = {
        "service": question.services,
        "agency": question.agencies,
        "field": question.fields,
        "procedure": question.procedures,
        "counter": question.counters,
        "operator": question.operators,
        "class": question.classes,
    }
    return reckoning.Asked(question.first_day, question.last_day, {name: ids for name, ids in only.items() if ids})


def _tables(month: RandomMonth, folder: Path) -> Tables:
    """What the server keeps of the month, with the procedures' fields."""
    bring_up_to_date(month.storage, folder)
    procedures = {code: Procedure(f"Thủ tục {code}", field) for code, (_service, field) in PROCEDURES.items()}
    describe(folder, Directory(month.hall.service.description_for_staff, procedures, ONLY_FIELDS))
    return open_kept(folder)


def questions_of(month: RandomMonth) -> list[Question]:
    """The whole month, and a part of it: its second half, or what one of the filters leaves."""
    first, last = month.storage.days()[0], month.storage.days()[-1]
    middle = first + (last - first) / 2
    parts: list[dict[str, Any]] = [
        {"first_day": middle},
        {"services": ("land", "civil")},
        {"agencies": ("justice",)},
        {"fields": ("Hộ tịch", "Kết quả")},
        {"procedures": ("1.000001", "")},
        {"counters": ("3",)},
        {"operators": ("01", "07")},
        {"classes": ("elderly",)},
        {"services": ("results",), "counters": ("1", "4")},
    ]
    whole = Question(first, last)
    return [whole, replace(whole, **month.luck.choice(parts))]


def differences(seed: int, folder: Path) -> list[str]:
    """Where the two programs do not agree on a month."""
    month = RandomMonth(seed, busy=60).play()
    return TwoReckonings(month, folder).compare_all(questions_of(month))


@pytest.mark.parametrize("seed", range(4))
def test_two_programs_agree_on_a_random_month(seed: int, tmp_path: Path) -> None:
    assert differences(seed, tmp_path) == []


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(4, 200))
def test_two_programs_agree_on_two_hundred_random_months(seed: int, tmp_path: Path) -> None:
    assert differences(seed, tmp_path) == []
