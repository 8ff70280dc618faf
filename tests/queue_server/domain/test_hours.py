"""Opening hours: weekdays, breaks, holidays, special days, and time of day in the hall's own zone."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from config.settings import WEEKDAYS, Hours, SpecialDay
from queue_server.domain.hours import OpeningHours

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
OFFICE = ["07:30-11:30", "13:30-17:00"]
MONDAY = dt.date(2026, 11, 23)


def office(**more: object) -> OpeningHours:
    """Monday to Friday, with a break at noon; numbers from half an hour before the morning."""
    days = dict.fromkeys(WEEKDAYS[:5], OFFICE)
    return OpeningHours(ZONE, Hours(**days, **more))  # type: ignore[arg-type]


def at(clock: str, day: dt.date = MONDAY, zone: ZoneInfo = ZONE) -> dt.datetime:
    """A local time as an instant."""
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), zone).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("clock", "given"),
    [
        ("06:59", False),
        ("07:00", True),
        ("11:29", True),
        ("11:30", False),
        ("13:29", False),
        ("13:30", True),
        ("16:59", True),
        ("17:00", False),
    ],
)
def test_numbers_are_given_from_before_the_morning_but_not_in_the_break_nor_after_the_end(
    clock: str, given: bool
) -> None:
    assert office().gives_numbers(at(clock)) is given


def test_the_last_number_is_given_so_many_minutes_before_the_end_of_the_day_only() -> None:
    hours = office(last_number_minutes=15)
    assert [hours.gives_numbers(at(clock)) for clock in ("11:29", "16:44", "16:45")] == [True, True, False]


def test_numbers_are_given_again_after_the_break_or_on_the_next_day_of_work() -> None:
    hours = office()
    friday = MONDAY + dt.timedelta(days=4)
    assert hours.gives_numbers_next(at("12:00")) == at("13:30")
    assert hours.gives_numbers_next(at("17:30", friday)) == at("07:00", MONDAY + dt.timedelta(days=7))
    assert hours.next_opening_day(at("09:00", friday)) == at("07:30", MONDAY + dt.timedelta(days=7))
    assert hours.numbers_begin(at("16:00")) == at("07:00")


def test_a_holiday_is_closed_whatever_its_weekday() -> None:
    tuesday = MONDAY + dt.timedelta(days=1)
    hours = office(holidays=[tuesday])
    assert not hours.gives_numbers(at("09:00", tuesday))
    assert hours.closes_at(at("09:00", tuesday)) is None
    assert hours.numbers_begin(at("09:00", tuesday)) is None
    assert hours.next_opening_day(at("09:00")) == at("07:30", MONDAY + dt.timedelta(days=2))


def test_a_special_day_has_its_own_hours_also_on_a_weekend_or_holiday() -> None:
    saturday = MONDAY + dt.timedelta(days=5)
    hours = office(special=[SpecialDay(date=saturday, spans=["08:00-11:00"])], holidays=[saturday])
    assert hours.gives_numbers(at("10:59", saturday))
    assert hours.closes_at(at("09:00", saturday)) == at("11:00", saturday)
    assert not hours.gives_numbers(at("14:00", saturday))


def test_a_hall_that_never_opens_says_so_instead_of_looking_for_ever() -> None:
    closed = OpeningHours(ZONE, Hours())
    assert closed.gives_numbers_next(at("09:00")) is None
    assert closed.next_opening_day(at("09:00")) is None


def test_work_does_not_go_on_in_the_break() -> None:
    hours = office()
    assert hours.after_working(at("11:00"), 30 * 60) == at("11:30"), "just before the break"
    assert hours.after_working(at("11:00"), 40 * 60) == at("13:40")
    assert hours.after_working(at("12:00"), 10 * 60) == at("13:40")
    assert hours.after_working(at("07:10"), 20 * 60) == at("07:50"), "work begins when the hall opens"


def test_after_closing_time_work_goes_on_until_it_is_done() -> None:
    assert office().after_working(at("16:50"), 30 * 60) == at("17:20")
    assert office().after_working(at("18:00"), 30 * 60) == at("18:30")


def test_the_local_day_is_the_halls_and_not_that_of_utc() -> None:
    """07:00 in Việt Nam is midnight UTC: hours before it belong to the day before there."""
    hours = office()
    early = dt.datetime(2026, 11, 23, 0, 10, tzinfo=dt.UTC)
    assert early.astimezone(ZONE).strftime("%A %H:%M") == "Monday 07:10"
    assert hours.gives_numbers(early)
    sunday_evening_in_utc = dt.datetime(2026, 11, 22, 23, 0, tzinfo=dt.UTC)
    assert hours.closes_at(sunday_evening_in_utc) == at("17:00"), "it is Monday 06:00 in the hall"


def test_a_zone_with_summer_time_opens_at_its_own_clock_on_both_sides_of_the_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    hours = OpeningHours(berlin, Hours(**{key: ["08:00-12:00"] for key in WEEKDAYS}))  # type: ignore[arg-type]
    for day in (dt.date(2026, 3, 28), dt.date(2026, 3, 29), dt.date(2026, 3, 30)):
        opens = hours.open_stretches(day)[0][0].astimezone(berlin)
        assert (opens.hour, opens.minute) == (8, 0), day


def test_a_day_may_end_at_midnight() -> None:
    hours = OpeningHours(ZONE, Hours(monday=["18:00-24:00"]))
    assert hours.closes_at(at("20:00")) == at("00:00", MONDAY + dt.timedelta(days=1))
    assert hours.gives_numbers(at("23:59"))


def test_the_next_time_is_never_now() -> None:
    hours = office()
    assert hours.gives_numbers_next(at("13:30")) == at("07:00", MONDAY + dt.timedelta(days=1))


def test_on_a_day_off_time_passes_and_at_the_edge_of_a_break_it_waits() -> None:
    sunday = MONDAY - dt.timedelta(days=1)
    assert office().after_working(at("09:00", sunday), 600) == at("09:10", sunday), "nobody works: time passes"
    assert office().after_working(at("13:30"), 600) == at("13:40")
    assert office().after_working(at("11:30"), 600) == at("13:40")


def test_a_special_day_holds_for_its_own_date_only() -> None:
    special = [
        SpecialDay(date=MONDAY + dt.timedelta(days=5), spans=["08:00-11:00"]),
        SpecialDay(date=MONDAY + dt.timedelta(days=6), spans=["09:00-10:00"]),
    ]
    hours = office(special=special)
    assert hours.closes_at(at("09:00")) == at("17:00")
    assert hours.closes_at(at("09:00", MONDAY + dt.timedelta(days=6))) == at("10:00", MONDAY + dt.timedelta(days=6))
