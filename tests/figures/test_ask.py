"""What the engine answers, of rows that were made by hand."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest

from figures import ask, votes
from figures.rows import Rows
from figures.tables import Tables, TablesFault
from figures.words import CounterTimes, Dimension, Figures, Question
from tests.figures.sample import DAY, directory, question, reason, span, stay, visit, vote

TUESDAY = DAY + dt.timedelta(days=1)


@pytest.fixture
def tables_of() -> Iterator[Callable[..., Tables]]:
    """Tables of rows: `tables_of(visits=[…])`."""
    opened: list[Tables] = []

    def open_tables(**rows: list[object]) -> Tables:
        opened.append(Tables(directory()))
        opened[-1].add(Rows(**rows))
        return opened[-1]

    yield open_tables
    for tables in opened:
        tables.close()


def test_of_nothing_nothing_is_said(tables_of: Callable[..., Tables]) -> None:
    tables = tables_of()
    assert ask.whole(tables, question()) == Figures(ratings=0)
    assert ask.whole(tables, question(classes=("ordinary",))) == Figures(ratings=None)
    for dimension in Dimension:
        assert ask.by(tables, question(), dimension) == []
    assert ask.matrix(tables, question()) == ask.counter_times(tables, question()) == []
    assert ask.days(tables) == votes.ratings(tables, question()) == []


def test_every_visit_counts_by_how_it_ended(tables_of: Callable[..., Tables]) -> None:
    ends = ["served", "served", "no_show", "cancelled", "abandoned", "open"]
    visits = [visit(n, outcome=end, called=end != "open") for n, end in enumerate(ends)]
    visits += [visit(9, transferred=True, came_back=True, claim_false=True)]
    found = ask.whole(tables_of(visits=visits), question())
    assert (found.issued, found.called, found.served, found.no_show) == (7, 6, 3, 1)
    assert (found.cancelled, found.abandoned) == (2, 1), "who gave up is cancelled too"
    assert (found.transferred, found.came_back, found.claims_false) == (1, 1, 1)


def test_times_are_quantiles_between_neighbours_and_the_target_is_the_services(
    tables_of: Callable[..., Tables],
) -> None:
    waits = [0, 600, 1200, 1201, None]
    tables = tables_of(visits=[visit(n, waiting_seconds=wait) for n, wait in enumerate(waits)], stays=[stay(1)])
    found = ask.whole(tables, question())
    assert (found.waiting_median, found.waiting_p90, found.waiting_p95) == (15.0, 20.0, 20.0)
    assert found.within_target == 0.75, "twenty minutes are within twenty minutes, and who was not called is no part"
    assert (found.walk_median, found.service_p95) == (0.5, 5.0)


def test_a_service_that_the_hall_has_no_more_still_counts_but_has_no_target(tables_of: Callable[..., Tables]) -> None:
    tables = tables_of(visits=[visit(1, service="gone"), visit(2)])
    assert [one.key for one in ask.by(tables, question(), Dimension.SERVICE)] == ["land", "gone"]
    assert ask.by(tables, question(), Dimension.SERVICE)[1].within_target is None
    assert [(one.key, one.issued) for one in ask.by(tables, question(), Dimension.AGENCY)] == [("first", 1), ("", 1)]


def test_the_quoted_range_is_held_against_the_real_wait(tables_of: Callable[..., Tables]) -> None:
    waits = [(5, 10, 300.0), (5, 10, 600.0), (5, 10, 601.0), (5, 10, 200.0), (5, 10, None), (None, None, None)]
    visits = [
        visit(n, quoted_low=low, quoted_high=high, quoted_seconds=wait) for n, (low, high, wait) in enumerate(waits)
    ]
    found = ask.whole(tables_of(visits=visits), question())
    assert (found.quoted, found.quoted_inside, found.quoted_late) == (4, 0.5, 0.25)
    assert found.quote_error == 2.5, "the middle is seven and a half minutes"


@pytest.mark.parametrize(
    ("asked", "issued"),
    [
        ({}, 4),
        ({"services": ("land",)}, 3),
        ({"services": ("land", "civil")}, 4),
        ({"agencies": ("other",)}, 1),
        ({"fields": ("Hộ tịch",)}, 2),
        ({"fields": ("Đất đai",)}, 2),
        ({"procedures": ("1.001193",)}, 2),
        ({"classes": ("elderly",)}, 1),
        ({"first_day": TUESDAY}, 1),
        ({"last_day": DAY}, 3),
        ({"services": ("land",), "classes": ("elderly",)}, 0),
        ({"services": ("'; DROP TABLE visits; --",)}, 0),
    ],
)
def test_filters_restrict_what_is_counted(tables_of: Callable[..., Tables], asked: dict, issued: int) -> None:
    visits = [
        visit(1),
        visit(2, service="civil", procedure="1.001193", class_="elderly"),
        visit(3, service="land", procedure="1.001193"),
        visit(4, service_day=TUESDAY),
    ]
    assert ask.whole(tables_of(visits=visits), question(**asked)).issued == issued


def test_groups_stand_in_the_halls_order_and_hours_in_that_of_the_clock(tables_of: Callable[..., Tables]) -> None:
    tables = tables_of(visits=[visit(1, service="civil", hour=10), visit(2, hour=9), visit(3, service_day=TUESDAY)])

    def keys(dimension: Dimension) -> list[str]:
        return [one.key for one in ask.by(tables, question(), dimension)]

    assert keys(Dimension.SERVICE) == ["land", "civil"]
    assert keys(Dimension.HOUR) == ["8", "9", "10"]
    assert keys(Dimension.DAY) == ["2026-11-23", "2026-11-24"]
    assert (keys(Dimension.MONTH), keys(Dimension.WEEKDAY)) == (["2026-11"], ["0", "1"])


def test_by_counter_stays_count_and_the_wait_belongs_to_the_first(tables_of: Callable[..., Tables]) -> None:
    stays = [
        stay(1, end="transferred", waiting_seconds=900.0),
        stay(1, counter="2", operator="02", waiting_seconds=None, service="civil"),
        stay(2, end="no_show", service_seconds=None),
        stay(2),
    ]
    tables = tables_of(visits=[visit(1, service="civil", transferred=True), visit(2)], stays=stays)
    first, second = ask.by(tables, question(), Dimension.COUNTER)
    assert (first.issued, first.served, first.no_show, first.transferred) == (2, 1, 1, 1)
    assert (second.issued, second.served, second.transferred) == (1, 1, 0)
    assert (first.waiting_median, second.waiting_median) == (10.0, None)
    assert [one.key for one in ask.by(tables, question(counters=("1",)), Dimension.SERVICE)] == ["land"]
    assert ask.whole(tables, question(operators=("02",))).issued == 1


def test_the_matrix_tells_hours_of_weekdays_and_how_many_days_there_were(tables_of: Callable[..., Tables]) -> None:
    week_later = DAY + dt.timedelta(days=7)
    visits = [visit(1), visit(2, waiting_seconds=1200.0), visit(3, service_day=week_later, hour=9), visit(4, hour=23)]
    cells = ask.matrix(tables_of(visits=visits), question())
    assert [(cell.weekday, cell.hour, cell.days, cell.issued) for cell in cells] == [
        (0, 8, 2, 2),
        (0, 9, 2, 1),
        (0, 23, 2, 1),
    ]
    assert (cells[0].waiting_median, cells[0].waiting_p90) == (15.0, 19.0)


def test_a_counters_time_is_open_time_and_what_was_done_in_it(tables_of: Callable[..., Tables]) -> None:
    spans = [span("idle", 600), span("called", 60), span("serving", 1140), span("paused", 600), span("idle", 5, "2")]
    found = ask.counter_times(tables_of(spans=spans), question(), Dimension.COUNTER)
    assert found[0] == CounterTimes("1", 40.0, 1.0, 19.0, 10.0, 10.0, 0.667, 0.25, 0.25)
    assert found[1].occupancy == 0.0
    assert ask.counter_times(tables_of(spans=spans), question(counters=("2",)))[0].open_minutes == 0.1


# ---- satisfaction ----


def test_a_score_is_shown_from_five_votes_on_with_its_response_rate(tables_of: Callable[..., Tables]) -> None:
    visits = [visit(n) for n in range(10)]
    four = ask.whole(tables_of(visits=visits, votes=[vote(5)] * 4), question())
    assert (four.ratings, four.response_rate, four.satisfied, four.score) == (4, 0.4, None, None)
    five = ask.whole(tables_of(visits=visits, votes=[vote(score) for score in (1, 2, 3, 4, 5)]), question())
    assert (five.ratings, five.response_rate, five.satisfied, five.score) == (5, 0.5, 0.4, 3.0)


def test_the_total_less_what_is_shown_tells_no_single_vote(tables_of: Callable[..., Tables]) -> None:
    given = [vote(5)] * 6 + [vote(1, counter="2")]
    stays = [stay(n, counter=counter) for n, counter in enumerate("1234")]
    first, second, *_ = ask.by(tables_of(stays=stays, votes=given), question(), Dimension.COUNTER)
    assert (first.ratings, second.ratings) == (6, 1)
    assert first.satisfied is second.satisfied is None, "else seven votes less six would be one"
    given += [vote(3, counter="3")] * 2 + [vote(4, counter="4")] * 2
    by_counter = ask.by(tables_of(stays=stays, votes=given), question(), Dimension.COUNTER)
    assert [one.satisfied for one in by_counter] == [1.0, None, None, None], "five hidden votes are a group"


@pytest.mark.parametrize("dimension", [Dimension.HOUR, Dimension.PROCEDURE, Dimension.FIELD, Dimension.CLASS])
def test_nobody_knows_the_hour_procedure_or_class_of_a_vote(
    tables_of: Callable[..., Tables], dimension: Dimension
) -> None:
    tables = tables_of(visits=[visit(n) for n in range(6)], votes=[vote(5)] * 6)
    (found,) = ask.by(tables, question(), dimension)
    assert found.ratings is found.response_rate is found.satisfied is None
    assert votes.ratings(tables, question(), dimension) == []
    assert ask.whole(tables, question(procedures=("",))).satisfied is None


def test_criteria_have_scores_of_their_own_and_reasons_are_counted(tables_of: Callable[..., Tables]) -> None:
    given = [vote(2)] * 6 + [vote(4, "attitude")] * 5 + [vote(1, "time")] * 4
    tables = tables_of(visits=[visit(n) for n in range(12)], votes=given, reasons=[reason("slow")] * 3)
    (found,) = votes.ratings(tables, question())
    assert (found.ratings, found.served, found.response_rate, found.satisfied) == (6, 12, 0.5, 0.0)
    attitude, time = found.criteria
    assert (attitude.criterion_id, attitude.ratings, attitude.satisfied, attitude.score) == ("attitude", 5, 1.0, 4.0)
    assert (time.ratings, time.satisfied, time.score) == (4, None, None)
    assert found.reasons == {"slow": 3}
    few = tables_of(votes=[vote(2)] * 4, reasons=[reason("slow")] * 3)
    assert votes.ratings(few, question())[0].reasons == {}, "a reason of four votes could be told from a person"


def test_ratings_by_counter_are_held_against_those_served_there(tables_of: Callable[..., Tables]) -> None:
    stays = [stay(1), stay(2), stay(3, counter="2"), stay(4, end="no_show", rateable=False)]
    tables = tables_of(stays=stays, votes=[vote(5)])
    first, second = votes.ratings(tables, question(), Dimension.COUNTER)
    assert (first.key, first.ratings, first.served, first.response_rate) == ("1", 1, 2, 0.5)
    assert (second.key, second.ratings, second.served) == ("2", 0, 1)


def test_a_statement_that_fails_is_a_fault_of_the_tables(tables_of: Callable[..., Tables]) -> None:
    with pytest.raises(TablesFault, match="nonsense"):
        tables_of().run("SELECT nonsense")


def test_names_are_the_halls_and_what_it_has_no_more_keeps_its_id() -> None:
    names = directory()
    assert names.name(Dimension.SERVICE, "land") == "Đất đai"
    assert names.name(Dimension.SERVICE, "gone") == "gone"
    assert names.name(Dimension.DAY, "2026-11-23") == "23/11/2026"
    assert names.name(Dimension.MONTH, "2026-11") == "11/2026"
    assert names.name(Dimension.WEEKDAY, "6") == "Chủ nhật"
    assert names.name(Dimension.HOUR, "9", "en") == "9:00–10:00"
    assert names.name(Dimension.PROCEDURE, "1.001193") == "1.001193 Đăng ký khai sinh"
    assert names.name(Dimension.FIELD, "") == "Không rõ"
    assert Question(DAY, DAY) == Question(DAY, DAY, services=())
