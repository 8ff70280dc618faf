"""A served hall whose machine's clock jumps: real sockets and a real database, a clock that the test turns."""

import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from config.settings import Network
from protocol import commands as cmd
from protocol import events as ev
from protocol import replies as re
from protocol.client import HallClient, new_key_pair
from protocol.feed import Listener
from protocol.keys import DeviceKeys
from queue_server.cases.clock import heed_clock
from queue_server.clock_watch import WatchedClock
from queue_server.domain.rows import Device
from queue_server.endpoint import Endpoint
from queue_server.service import SERVER, QueueService
from queue_server.storage.sqlite import SqliteStorage
from tests.queue_server.factories import MORNING, counting_bytes, hall_file
from tests.running import eventually, free_ports

LEADER = "90"
DAY = dt.timedelta(days=1)


class Ear(Listener):
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.bodies: list[ev.EventBody] = []
        self.ready = threading.Event()

    def on_snapshot(self, snapshot: re.Snapshot) -> None:
        self.ready.set()

    def on_event(self, event: ev.Event) -> None:
        self.bodies.append(event.body)

    def on_pulse(self, pulse: re.Pulse) -> None:
        """Nothing to keep."""

    def on_silence(self, seconds: float) -> None:
        """Nothing to keep."""

    def heard(self, kind: type) -> bool:
        """Whether such an event came."""
        return any(isinstance(body, kind) for body in self.bodies)


class Served:
    """A hall served by a thread; `told` is what the machine's clock says."""

    def __init__(self, folder: Path) -> None:
        self.told = MORNING
        commands, events, enrolment = (f"tcp://127.0.0.1:{port}" for port in free_ports(3))
        network = Network(commands=commands, events=events, enrolment=enrolment)
        self.storage = SqliteStorage(folder / "hall.db")
        service = QueueService(replace(hall_file(), network=network), self.storage, counting_bytes())
        server, own = new_key_pair(), new_key_pair()
        clock = WatchedClock(None, None, lambda: self.told)
        service.ledger.begin(clock())
        heed_clock(service, clock.doubt, SERVER, clock())
        service.add_device(Device("admin", "admin", own[0]), clock())
        service.start_day(clock())
        service.ledger.commit()
        self._endpoint = Endpoint(service, network, server, clock)
        self._thread = threading.Thread(target=self._endpoint.run)
        self._thread.start()
        self.ear = Ear()
        self.client = HallClient(DeviceKeys("admin", "admin", *own, server[0], commands, events), self.ear)
        assert self.ear.ready.wait(10)

    def close(self) -> None:
        """End it."""
        self.client.close()
        self._endpoint.stop()
        self._thread.join()
        self.storage.close()


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


def event_at(served: Served) -> list[dt.datetime]:
    """The instants of the log."""
    reply = served.client.call(cmd.GetEvents(1))
    assert isinstance(reply, re.EventsReply)
    return [event.at for event in reply.events]
