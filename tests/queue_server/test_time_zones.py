"""The hall's day is the hall's: neither the machine's zone, nor midnight, a leap day or New Year disturbs it."""

import datetime as dt
import hashlib
import os
import subprocess
import sys
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import Hours
from protocol import commands as cmd
from protocol import events as ev
from queue_server.domain.numbering import next_midnight, service_day
from queue_server.domain.rules import rules_of
from tests.conftest import ROOT
from tests.queue_server.factories import SmallHall, hall_file
from tests.queue_server.played_day import PlayedDay

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
ZONES = [HANOI, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Apia"), ZoneInfo("Australia/Lord_Howe")]
EVENINGS = ["2026-11-23T16:00", "2026-12-31T16:00", "2028-02-28T16:00", "2028-02-29T16:00"]
"""23:00 in Việt Nam, in UTC: an hour before midnight, before New Year, before and on a leap day."""
HOURS = Hours(monday=["07:30-11:30", "13:30-17:00"], friday=["07:30-11:30"], saturday=["00:00-24:00"])
FIFTY_YEARS = st.integers(0, 50 * 365 * 86_400).map(
    lambda seconds: dt.datetime(2000, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=seconds)
)


def played(evening: str) -> SmallHall:
    """A hall that works for two hours over midnight."""
    hall = SmallHall()
    hall.clock.now = dt.datetime.fromisoformat(evening).replace(tzinfo=dt.UTC)
    PlayedDay(hall, seed=6).run()
    return hall


def digest() -> str:
    """What the logs of all evenings come to, but for the epochs that chance gave them."""
    whole = hashlib.sha256()
    for evening in EVENINGS:
        for stored in played(evening).storage.events():
            event = msgspec.json.decode(stored.body)
            whole.update(msgspec.json.encode([event["seq"], event["at"], event["device_id"], event["body"]]))
    return whole.hexdigest()


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Apia"])
def test_the_log_is_the_same_wherever_the_machine_thinks_it_is(zone: str) -> None:
    program = "from tests.queue_server.test_time_zones import digest; print(digest())"
    environment = os.environ | {"TZ": zone, "PYTHONPATH": str(ROOT)}
    elsewhere = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert elsewhere.stdout.strip() == digest(), elsewhere.stderr


@pytest.mark.parametrize("evening", EVENINGS)
def test_at_midnight_numbers_begin_anew_and_a_ticket_in_hand_keeps_its_day(evening: str) -> None:
    hall = SmallHall()
    hall.clock.now = dt.datetime.fromisoformat(evening).replace(tzinfo=dt.UTC) + dt.timedelta(minutes=59, seconds=59)
    hall.open("1")
    in_hand, waiting = hall.issue().ticket, hall.issue().ticket
    hall.start()
    hall.pass_time(2 / 60)
    today = hall.clock.now.astimezone(HANOI).date()
    assert [body.service_day for body in hall.log(ev.DayStarted)] == [today - dt.timedelta(days=1), today]
    assert [(body.ticket_id, body.by) for body in hall.log(ev.TicketCancelled)] == [(waiting.ticket_id, "day_end")]
    assert hall.issue().ticket.number == "A001"
    hall.ask(cmd.FinishTicket("1", in_hand.ticket_id))
    assert hall.ticket(in_hand.ticket_id).service_day == today - dt.timedelta(days=1)


def test_midnight_twice_is_midnight_once() -> None:
    hall = SmallHall()
    hall.issue()
    hall.pass_time(24 * 60)
    before = hall.service.hall.seq
    for _ in range(3):
        hall.service.start_day(hall.clock.now)
        hall.pass_time(0)
    assert hall.service.hall.seq == before


@given(FIFTY_YEARS, st.sampled_from(ZONES))
def test_a_service_day_ends_at_its_own_midnight_and_the_next_begins_there(now: dt.datetime, zone: ZoneInfo) -> None:
    end = next_midnight(now, zone)
    assert now < end <= now + dt.timedelta(hours=26)
    assert service_day(end - dt.timedelta(microseconds=1), zone) == service_day(now, zone)
    following = service_day(end, zone) - service_day(now, zone)
    assert following == dt.timedelta(days=1) or _was_left_out(service_day(now, zone), zone)


def _was_left_out(day: dt.date, zone: ZoneInfo) -> bool:
    """Apia had no 30 December 2011: it moved over the date line."""
    return (zone.key, day) == ("Pacific/Apia", dt.date(2011, 12, 29))


@given(FIFTY_YEARS)
def test_the_hours_of_a_day_lie_in_it_in_order_and_the_next_opening_is_ahead(now: dt.datetime) -> None:
    hours = rules_of(hall_file(hours=HOURS)).hours
    today = hours.local_day(now)
    stretches = hours.open_stretches(today)
    flat = [instant for stretch in stretches for instant in (stretch[0], stretch[1])]
    assert flat == sorted(flat)
    midnight = next_midnight(now, HANOI)
    assert all(midnight - dt.timedelta(days=1) <= instant <= midnight for instant in flat)
    opening = hours.next_opening_day(now)
    assert opening is not None
    assert now < opening <= now + dt.timedelta(days=8)
    again = hours.gives_numbers_next(now)
    assert again is None or again > now
