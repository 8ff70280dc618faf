"""A kiosk alone opens and shuts its doors as the server would."""

import datetime as dt
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from config.settings import WEEKDAYS, Hours, SpecialDay
from kiosk.doors import own_door
from protocol.replies import HallReply, KioskHabits, ServiceStatus
from protocol.words import Issuing
from queue_server.domain.hours import OpeningHours
from tests.kiosk.halls import HOURS, commune

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
OPEN = ServiceStatus("s0", 0, 1)
SPANS = st.sampled_from(
    [
        [],
        ["07:30-11:30", "13:30-17:00"],
        ["08:00-12:00"],
        ["00:00-24:00"],
        ["07:00-11:00", "13:00-16:30", "18:00-19:30"],
    ]
)
DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 2, 28))


def hall_of(hours: Hours) -> HallReply:
    """What the server tells of these hours."""
    habits = KioskHabits(["vi"], 0, hours.issue_before_minutes, hours.last_number_minutes, 30, 30)
    return replace(
        commune(),
        hours={day: getattr(hours, day) for day in WEEKDAYS},
        holidays=hours.holidays,
        special_days={special.date.isoformat(): special.spans for special in hours.special},
        kiosk=habits,
    )


@given(
    days=st.lists(SPANS, min_size=7, max_size=7),
    holidays=st.lists(DAYS, max_size=3),
    special=st.dictionaries(DAYS, SPANS, max_size=3),
    before=st.sampled_from([0, 15, 30]),
    last=st.sampled_from([0, 10, 45]),
    minutes=st.integers(0, 58 * 24 * 60),
)
def test_a_kiosk_gives_numbers_when_the_server_would(
    days: list[list[str]],
    holidays: list[dt.date],
    special: dict[dt.date, list[str]],
    before: int,
    last: int,
    minutes: int,
) -> None:
    hours = Hours(
        **dict(zip(WEEKDAYS, days, strict=True)),
        holidays=holidays,
        special=[SpecialDay(date=day, spans=spans) for day, spans in special.items()],
        issue_before_minutes=before,
        last_number_minutes=last,
    )
    now = dt.datetime(2026, 1, 1, tzinfo=ZONE) + dt.timedelta(minutes=minutes)
    server, instant = OpeningHours(ZONE, hours), now.astimezone(dt.UTC)
    door = own_door(hall_of(hours), OPEN, 5, now)
    assert door.gives_numbers is server.gives_numbers(instant)
    if not door.gives_numbers:
        assert door.issuing is Issuing.CLOSED
        assert door.opens_at == server.gives_numbers_next(instant)


def at(clock: str) -> dt.datetime:
    return dt.datetime.fromisoformat(f"2026-01-12T{clock}:00").replace(tzinfo=ZONE)


def door_at(clock: str, status: ServiceStatus, left: int = 5) -> Issuing:
    return own_door(replace(commune(), hours=HOURS), status, left, at(clock)).issuing


def test_what_the_server_said_of_a_door_holds_as_long_as_it_said() -> None:
    used_up = ServiceStatus("s0", 0, 1, issuing=Issuing.QUOTA, opens_at=at("13:30").astimezone(dt.UTC))
    assert door_at("10:00", used_up) is Issuing.QUOTA
    assert door_at("13:30", used_up) is Issuing.OPEN


def test_a_suspended_service_stays_so_at_any_hour() -> None:
    suspended = ServiceStatus("s0", 0, 1, issuing=Issuing.SUSPENDED, reason="Mất điện")
    assert door_at("10:00", suspended) is door_at("12:00", suspended) is Issuing.SUSPENDED


def test_an_uncertain_number_is_as_good_as_any_when_nobody_can_tell() -> None:
    assert door_at("10:00", ServiceStatus("s0", 0, 1, issuing=Issuing.UNCERTAIN)) is Issuing.OPEN


def test_without_numbers_the_door_is_shut_although_the_hall_is_open() -> None:
    assert door_at("10:00", OPEN, left=0) is Issuing.QUOTA


def test_a_closed_hall_is_opened_by_the_clock_not_by_what_was_said_last() -> None:
    closed = ServiceStatus("s0", 0, 1, issuing=Issuing.CLOSED, opens_at=at("13:30"))
    assert door_at("10:00", closed) is Issuing.OPEN


def test_nobody_can_promise_a_place_while_the_server_is_away() -> None:
    door = own_door(replace(commune(), hours=HOURS), OPEN, 5, at("18:00"))
    assert door.opens_at is not None
    assert not door.opens_today
    assert not door.offers_place
