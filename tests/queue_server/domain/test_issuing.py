"""Doors of services: suspended, closed, used up, cut off, uncertain; each with when it opens again."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from config import settings as st
from protocol import commands as cmd
from protocol.words import Issuing
from queue_server.domain.forecast import Forecast
from queue_server.domain.issuing import Door, counts_for, door, local_text
from tests.queue_server.domain.test_hours import MONDAY, OFFICE, at
from tests.queue_server.factories import SmallHall, hall_file, with_service

TUESDAY = MONDAY + dt.timedelta(days=1)


def office_file(**more: object) -> st.HallFile:
    days = dict.fromkeys(st.WEEKDAYS[:5], OFFICE)
    return hall_file(hours=st.Hours(**days, **more))  # type: ignore[arg-type]


def hall_at(clock: str, file: st.HallFile | None = None, day: dt.date = MONDAY) -> SmallHall:
    """A hall at a time of day, with its day begun and counter 1 open."""
    hall = SmallHall(file or office_file())
    hall.clock.now = at(clock, day)
    hall.open("1")
    return hall


def door_of(hall: SmallHall, minutes: float | None = None, class_id: str = "ordinary") -> Door:
    """The door of land records if its next citizen were called after so many minutes of work."""
    now = hall.clock.now
    services = {} if minutes is None else {("land", class_id): minutes}
    return door(hall.service.hall, Forecast(now.timestamp(), services=services), "land", class_id, now)


def test_an_open_door_says_nothing_more() -> None:
    assert door_of(hall_at("09:00"), 20) == Door(Issuing.OPEN)


def test_a_suspended_service_says_why_also_outside_opening_hours() -> None:
    hall = hall_at("12:00")
    hall.ask(cmd.SuspendService("90", "land", "mất kết nối Cổng dịch vụ công"))
    assert door_of(hall) == Door(Issuing.SUSPENDED, "mất kết nối Cổng dịch vụ công")
    hall.ask(cmd.ReopenService("90", "land"))
    assert door_of(hall).issuing is Issuing.CLOSED


@pytest.mark.parametrize(
    ("clock", "opens_at"),
    [
        ("06:00", at("07:00")),
        ("12:00", at("13:30")),
        ("17:30", at("07:00", TUESDAY)),
    ],
)
def test_a_closed_door_says_when_numbers_are_given_again(clock: str, opens_at: dt.datetime) -> None:
    assert door_of(hall_at(clock)) == Door(Issuing.CLOSED, opens_at=opens_at)


def test_a_day_quota_shuts_the_door_until_the_next_day_of_work() -> None:
    hall = hall_at("09:00", with_service(office_file(), "land", day_quota=2))
    hall.issue("land")
    assert door_of(hall).issuing is Issuing.OPEN
    hall.issue("land")
    assert door_of(hall) == Door(Issuing.QUOTA, opens_at=at("07:30", TUESDAY))
    hall.clock.now = at("08:00", TUESDAY)
    hall.issue("civil")
    assert door_of(hall).issuing is Issuing.OPEN, "each day has its own"


def test_a_quota_of_a_window_counts_only_what_was_taken_within_it() -> None:
    morning, afternoon = st.Quota(span="07:00-11:30", count=1), st.Quota(span="13:30-17:00", count=2)
    hall = hall_at("09:00", with_service(office_file(), "land", quotas=[morning, afternoon]))
    hall.issue("land")
    shut = door_of(hall)
    assert (shut.issuing, shut.opens_at) == (Issuing.QUOTA, at("13:30"))
    hall.clock.now = at("13:30")
    for _ in range(2):
        assert door_of(hall).issuing is Issuing.OPEN
        hall.issue("land")
    assert door_of(hall) == Door(Issuing.QUOTA, opens_at=at("07:00", TUESDAY))


def test_windows_that_touch_open_again_when_the_next_begins() -> None:
    quotas = [st.Quota(span="08:00-09:00", count=1), st.Quota(span="09:00-10:00", count=1)]
    hall = hall_at("08:30", with_service(office_file(), "land", quotas=quotas))
    hall.issue("land")
    assert door_of(hall) == Door(Issuing.QUOTA, opens_at=at("09:00"))


def test_a_window_ends_with_the_minute_in_which_another_can_begin() -> None:
    file = with_service(office_file(), "land", quotas=[st.Quota(span="08:00-09:00", count=1)])
    hall = hall_at("08:00", file)
    assert counts_for(hall.service.hall, "land", hall.clock.now) == ["land@08:00-09:00"]
    hall.issue("land")
    assert door_of(hall) == Door(Issuing.QUOTA, opens_at=at("09:00"))
    hall.clock.now = at("09:00")
    assert door_of(hall).issuing is Issuing.OPEN
    assert counts_for(hall.service.hall, "land", hall.clock.now) == []


def test_a_number_counts_for_the_quotas_of_its_service_only() -> None:
    hall = hall_at("09:00", with_service(office_file(), "land", day_quota=2))
    assert counts_for(hall.service.hall, "land", hall.clock.now) == ["land"]
    assert counts_for(hall.service.hall, "civil", hall.clock.now) == []


def test_before_the_first_day_nothing_was_taken_of_a_quota() -> None:
    hall = SmallHall(with_service(office_file(), "land", day_quota=1))
    hall.clock.now = at("09:00")
    assert hall.service.hall.day is None
    assert door_of(hall).issuing is Issuing.OPEN


def test_a_ticket_that_was_taken_back_or_cancelled_still_counts_for_its_quota() -> None:
    """Its number is gone, so that nobody can hold a window open by taking and cancelling."""
    hall = hall_at("09:00", with_service(office_file(), "land", day_quota=1))
    issued = hall.issue("land")
    hall.ask(cmd.CancelTicket(ticket_id=issued.ticket.ticket_id, operator_id="90"))
    assert door_of(hall).issuing is Issuing.QUOTA


def test_who_would_surely_be_called_after_closing_time_gets_no_number() -> None:
    assert door_of(hall_at("16:30"), 31) == Door(Issuing.CUT_OFF, opens_at=at("07:30", TUESDAY))


def test_who_might_be_called_too_late_is_told_that_it_is_not_certain() -> None:
    hall = hall_at("16:30")
    assert door_of(hall, 20) == Door(Issuing.OPEN), "at most 30 minutes are told for these"
    assert door_of(hall, 25) == Door(Issuing.UNCERTAIN), "up to 40 minutes are told, and 30 are left"


def test_the_break_is_no_time_in_which_anybody_is_called() -> None:
    """At 11:00 there are 30 minutes of morning and 210 of afternoon left, not 360."""
    hall = hall_at("11:00")
    assert door_of(hall, 240).issuing is Issuing.UNCERTAIN
    assert door_of(hall, 241).issuing is Issuing.CUT_OFF


def test_each_class_has_its_own_door_at_the_end_of_the_day() -> None:
    hall = hall_at("16:30")
    assert door_of(hall, 40).issuing is Issuing.CUT_OFF
    assert door_of(hall, 5, "elderly").issuing is Issuing.OPEN


def test_without_a_forecast_or_where_the_hall_does_not_want_it_nobody_is_cut_off() -> None:
    assert door_of(hall_at("16:50"), None).issuing is Issuing.OPEN
    assert door_of(hall_at("16:50", office_file(cut_off=False)), 60).issuing is Issuing.OPEN


def test_a_time_is_told_with_its_date_only_if_that_is_another_day() -> None:
    hall = hall_at("16:30").service.hall
    assert hall.rules.zone == ZoneInfo("Asia/Ho_Chi_Minh")
    now = at("16:30")
    assert local_text(hall, at("17:00"), now) == "17:00"
    assert local_text(hall, at("07:30", TUESDAY), now) == "07:30 24/11"
    assert local_text(hall, None, now) == "–"


def test_whether_it_is_another_day_is_a_matter_of_the_halls_zone() -> None:
    hall = hall_at("09:00").service.hall
    early = at("03:00")
    assert early.date() != at("09:00").date(), "in UTC it is still the day before"
    assert local_text(hall, at("09:00"), early) == "09:00"
    assert local_text(hall, at("09:00", TUESDAY), early) == "09:00 24/11"
    assert local_text(hall, None, early) == "–"
