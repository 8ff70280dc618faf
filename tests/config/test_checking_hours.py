"""Hours, holidays, special days and quotas: in order, once, and within reach of a number."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.config.halls import faults_in, full, small

Document = dict[str, Any]


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def written_as(span: tuple[int, int]) -> str:
    return f"{clock(span[0])}-{clock(span[1])}"


quarter = st.integers(0, 95).map(lambda n: n * 15)
spans = st.lists(st.tuples(quarter, quarter | st.just(1440)), min_size=1, max_size=3)


def hours(**keys: object) -> Document:
    document = full()
    document["hours"] |= keys
    return document


@given(spans)
def test_spans_are_taken_just_when_each_begins_after_the_one_before_has_ended(day: list[tuple[int, int]]) -> None:
    moments = [moment for span in day for moment in span]
    sound = moments == sorted(moments) and all(start < end for start, end in day)
    faults = faults_in(hours(sunday=[written_as(span) for span in day], last_number_minutes=0))
    assert (faults == {}) is sound
    assert all(key.startswith("hours.sunday[") for key in faults)


def test_a_span_over_midnight_is_refused_with_how_to_write_it() -> None:
    fault = faults_in(hours(sunday=["22:00-02:00"]))["hours.sunday[1]"]
    assert "22:00-24:00 and 00:00-02:00" in fault.expected
    assert faults_in(hours(saturday=["22:00-24:00"], sunday=["00:00-02:00"])) == {}


def test_a_special_day_keeps_the_order_of_spans_too() -> None:
    special = [{"date": dt.date(2027, 2, 14), "spans": ["13:00-17:00", "07:00-11:00"]}]
    assert list(faults_in(hours(special=special))) == ["hours.special[1].spans[2]"]


days = st.lists(st.dates(dt.date(2027, 1, 1), dt.date(2027, 1, 6)), max_size=5)


@given(days, days)
def test_a_day_stands_once_among_holidays_and_special_days(holidays: list[dt.date], special: list[dt.date]) -> None:
    faults = faults_in(hours(holidays=holidays, special=[{"date": day, "spans": []} for day in special]))
    assert len(faults) == len(holidays + special) - len({*holidays, *special})
    assert all("already stands at hours." in fault.expected for fault in faults.values())


@pytest.mark.parametrize(
    ("day", "most"),
    [(["07:30-11:30", "13:30-17:00"], 209), (["07:30-11:30"], 269)],  # 30 minutes of numbers before 07:30
)
def test_the_last_number_comes_after_the_first_of_the_last_span(day: list[str], most: int) -> None:
    document = small()
    document["hours"] = {"monday": day, "last_number_minutes": most}
    assert faults_in(document) == {}
    document["hours"]["last_number_minutes"] = most + 1
    fault = faults_in(document, "vi")["hours.last_number_minutes"]
    assert "Thứ Hai" in fault.expected


def test_special_days_alone_do_not_open_a_hall() -> None:
    document = small()
    document["hours"] = {"special": [{"date": dt.date(2027, 2, 14), "spans": ["07:30-11:30"]}]}
    assert list(faults_in(document)) == ["hours"]


# ---- quotas -----------------------------------------------------------------


def quotas(*limits: tuple[str, int], **service: object) -> Document:
    document = full()
    document["services"][1] |= {"quotas": [{"span": span, "count": count} for span, count in limits]} | service
    return document


def test_quotas_that_overlap_or_stand_twice_are_refused() -> None:
    assert list(faults_in(quotas(("08:00-09:00", 1), ("08:30-10:00", 1)))) == ["services[dat-dai].quotas[2].span"]
    assert list(faults_in(quotas(("08:00-09:00", 1), ("08:00-09:00", 1)))) == ["services[dat-dai].quotas[2].span"]
    assert list(faults_in(quotas(("09:00-08:00", 1)))) == ["services[dat-dai].quotas[1].span"]


def test_quotas_may_together_give_what_the_day_gives_and_no_more() -> None:
    assert faults_in(quotas(("08:00-09:00", 30), ("14:00-15:00", 30))) == {}
    fault = faults_in(quotas(("08:00-09:00", 30), ("14:00-15:00", 31)))["services[dat-dai].day_quota"]
    assert fault.expected == "Must be 61 or more: the spans in quotas together give 61."


def test_a_day_can_not_give_more_numbers_than_the_series_has() -> None:
    document = quotas(day_quota=100)
    document["queues"][1] |= {"first": 1, "last": 99}
    fault = faults_in(document)["services[dat-dai].day_quota"]
    assert fault.expected == "Must be 99 or less: queues[c] has only 99 numbers a day."


def test_a_quota_on_a_special_day_alone_is_within_hours() -> None:
    document = quotas(("19:00-20:00", 1))
    assert list(faults_in(document)) == ["services[dat-dai].quotas[1].span"]
    document["hours"]["special"][1]["spans"] = ["18:00-21:00"]
    assert faults_in(document) == {}


@given(st.tuples(quarter, quarter), st.tuples(quarter, quarter), st.sampled_from([0, 15, 30]))
def test_a_quota_is_refused_just_when_no_number_is_given_in_it(
    opening: tuple[int, int], quota: tuple[int, int], early: int
) -> None:
    if opening[0] >= opening[1] or quota[0] >= quota[1]:
        return
    document = small()
    document["hours"] = {"monday": [written_as(opening)], "issue_before_minutes": early}
    document["services"][0]["quotas"] = [{"span": written_as(quota), "count": 1}]
    giving = set(range(opening[0] - early, opening[1]))
    reached = bool(giving & set(range(*quota)))
    assert (list(faults_in(document)) == []) is reached
