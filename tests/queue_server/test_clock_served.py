"""A served hall whose machine's clock jumps."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from protocol.errors import ClockDoubted
from queue_server.verifying import verify
from tests.queue_server.factories import MORNING
from tests.queue_server.served_hall import Served
from tests.running import eventually

LEADER = "90"
DAY = dt.timedelta(days=1)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A served hall at 07:30 on a Monday."""
    hall = Served(tmp_path)
    yield hall
    hall.close()


def troubled(served: Served) -> bool:
    """Whether the server says that its clock is doubted."""
    reply = served.client.call(cmd.GetHealth())
    assert isinstance(reply, re.HealthReply)
    return "clock_doubted" in [alert.code for alert in reply.troubles]


def number(served: Served) -> str:
    """The next number."""
    reply = served.client.call(cmd.IssueTicket("land"))
    assert isinstance(reply, re.TicketIssuedReply)
    return reply.ticket.number


def test_a_jump_of_days_begins_no_day_until_a_leader_confirms_it(served: Served) -> None:
    assert number(served) == "A001"
    served.told += 3 * DAY
    eventually(lambda: served.ear.heard(ev.ClockDoubted), what="the doubt in the log")
    assert troubled(served)
    assert number(served) == "A002"
    assert not served.ear.heard(ev.DayStarted)
    served.client.call(cmd.ConfirmClock(LEADER))
    eventually(lambda: served.ear.heard(ev.DayStarted), what="the next day")
    assert ev.ClockConfirmed(LEADER) in served.ear.bodies
    assert (number(served), troubled(served)) == ("A001", False)


def test_a_clock_that_falls_back_to_1970_and_comes_back_costs_the_hall_nothing(served: Served) -> None:
    assert number(served) == "A001"
    right, served.told = served.told, dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    eventually(lambda: served.ear.heard(ev.ClockDoubted), what="the doubt in the log")
    assert number(served) == "A002"
    served.told = right + dt.timedelta(minutes=1)
    eventually(lambda: ev.ClockConfirmed("") in served.ear.bodies, what="the end of the doubt")
    assert (number(served), troubled(served)) == ("A003", False)
    assert min(event_at(served)) >= MORNING


def test_a_new_hall_whose_battery_is_dead_gives_its_first_number_when_the_clock_is_right(tmp_path: Path) -> None:
    served = Served(tmp_path, dt.datetime(2000, 1, 1, tzinfo=dt.UTC))
    try:
        with pytest.raises(ClockDoubted):
            number(served)
        assert troubled(served)
        served.told = MORNING
        eventually(lambda: served.ear.heard(ev.DayStarted), what="the first day")
        assert (number(served), troubled(served)) == ("A001", False)
        assert verify(served.storage) is not None
    finally:
        served.close()


def event_at(served: Served) -> list[dt.datetime]:
    """The instants of the log."""
    reply = served.client.call(cmd.GetEvents(1))
    assert isinstance(reply, re.EventsReply)
    return [event.at for event in reply.events]
