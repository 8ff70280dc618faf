"""A hall served by a thread: real sockets and a real database, and a machine's clock that the test turns."""

import datetime as dt
import threading
from pathlib import Path

from msgspec.structs import replace

from config.settings import Network
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
from tests.running import free_ports


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

    def __init__(self, folder: Path, told: dt.datetime = MORNING) -> None:
        self.told = told
        commands, events, enrolment = (f"tcp://127.0.0.1:{port}" for port in free_ports(3))
        network = Network(commands=commands, events=events, enrolment=enrolment)
        self.storage = SqliteStorage(folder / "hall.db")
        service = QueueService(replace(hall_file(), network=network), self.storage, counting_bytes())
        self.server, own = new_key_pair(), new_key_pair()
        clock = WatchedClock(None, None, lambda: self.told)
        service.ledger.begin(clock())
        heed_clock(service, clock.doubt, SERVER, clock())
        service.add_device(Device("admin", "admin", own[0]), clock())
        service.start_day(clock())
        service.ledger.commit()
        self.endpoint = Endpoint(service, network, self.server, clock)
        self._thread = threading.Thread(target=self.endpoint.run)
        self._thread.start()
        self.ear = Ear()
        self.keys = DeviceKeys("admin", "admin", *own, self.server[0], commands, events)
        self.client = HallClient(self.keys, self.ear)
        assert self.ear.ready.wait(10)

    def serves(self) -> bool:
        """Whether its loop runs."""
        return self._thread.is_alive()

    def close(self) -> None:
        """End it."""
        self.client.close()
        self.endpoint.stop()
        self._thread.join()
        self.storage.close()
