"""The queue server: the real endpoint, service and SQLite storage, on a disk that fails and a machine that crashes."""

import contextlib
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import apsw
import zmq

from config.settings import HallFile
from queue_server.cases.clock import heed_clock
from queue_server.clock_watch import WatchedClock
from queue_server.domain.rows import Device
from queue_server.endpoint import Endpoint
from queue_server.outside import Outside
from queue_server.service import SERVER, QueueService
from queue_server.storage.base import Batch, StorageFault
from queue_server.storage.sqlite import SqliteStorage
from tests.simulation.network import Network, Socket
from tests.simulation.takeover import Doors, Sockets
from tests.simulation.witness import Broken
from tests.simulation.world import World

SERVICE_SECONDS = 0.0005
"""So long requests lie ready before they are decided together."""


class Crashed(BaseException):
    """The machine stops here: nothing after this line happens."""


class Disk(SqliteStorage):
    """The hall's database; the machine may end before, within or after a commit, and the disk may not take it."""

    def __init__(self, path: Path, committed: Callable[[Batch], None]) -> None:
        self.crash = ""
        """Where the next commit ends the machine: `before`, `within` or `after`."""
        self.full = False
        self.fails = ""
        """When the disk fails at a commit: `before` it holds anything of it, or `after` it holds all of it."""
        self._committed = committed
        super().__init__(path)
        # the machine's end is modelled by the scheduler, so that nothing is gained by waiting for a disk
        self._db.pragma("synchronous", "OFF")

    def commit(self, batch: Batch) -> None:
        """Store a batch, if the machine lives on."""
        if self.crash == "before":
            raise Crashed
        try:
            super().commit(batch)
        except StorageFault:
            if batch.events and self.answer_is_there(batch):
                self._tell(batch)  # the disk said that it failed, and holds it all the same
            raise
        self._tell(batch)
        if self.crash == "after":
            raise Crashed

    def answer_is_there(self, batch: Batch) -> bool:
        """Whether the disk holds this batch."""
        with contextlib.suppress(StorageFault):
            last = batch.events[-1]
            return [event.hash for event in self.events(last.seq, last.seq)] == [last.hash]
        return False

    def _tell(self, batch: Batch) -> None:
        try:
            self._committed(batch)
        except Exception as fault:  # the endpoint would answer that it met a fault, and go on
            raise Broken(5, f"what was committed can't be followed: {fault!r}") from fault

    def _transact(self, write: Callable[[], object]) -> None:
        super()._transact(write)
        if self.fails == "after":
            raise apsw.IOError("disk I/O error")

    def _write(self, batch: Batch) -> None:
        super()._write(batch)
        if self.fails == "before":
            raise apsw.IOError("disk I/O error")
        if self.crash == "within":
            raise Crashed
        if self.full:
            raise apsw.FullError("database or disk is full")

    def drop(self) -> None:
        """What a machine's end leaves: committed is committed, nothing is tidied."""
        self._db.close()


class Sealer:
    """Seals what citizens leave; the real one has a key file."""

    def seal(self, plain: bytes) -> bytes:
        """What nobody reads."""
        return bytes(byte ^ 0x5A for byte in plain)

    def unseal(self, sealed: bytes) -> bytes:
        """What was sealed."""
        return self.seal(sealed)


class Server:
    """A hall's server that is up or down."""

    def __init__(self, world: World, network: Network, sockets: Sockets, path: Path, file: HallFile) -> None:
        self.world, self.network, self.sockets, self.path, self.file = world, network, sockets, path, file
        self.clock_off = 0.0
        """How many seconds the machine's clock is wrong."""
        self.committed: Callable[[Batch], None] = lambda _batch: None
        self.disk: Disk | None = None
        self.service: QueueService | None = None
        self.endpoint: Endpoint | None = None
        self._doors: Doors | None = None
        self._turning = False
        self.went_down: Callable[[], None] = lambda: None

    @property
    def up(self) -> bool:
        """Whether it runs."""
        return self.endpoint is not None

    def start(self, newcomers: list[Device] | None = None) -> None:
        """Start on what the disk holds; `newcomers` join a new hall."""
        world = self.world
        self.disk = Disk(self.path, self.committed)
        self.service = QueueService(self.file, self.disk, world.random_bytes, Outside(sealer=Sealer()))
        clock = self._clock(self.service)
        now = clock()
        self.service.ledger.begin(now)
        heed_clock(self.service, clock.doubt, SERVER, now)
        for device in newcomers or []:
            self.service.add_device(device, now)
        self.service.start_day(now)
        self.service.ledger.commit()
        self.sockets.owner = self.wake
        self.endpoint = Endpoint(self.service, self.file.network, ("public", "secret"), clock)
        self._doors = Doors.made
        self.network.serve(self._socket(zmq.ROUTER), self._socket(zmq.XPUB))
        world.note("server started")

    def _socket(self, kind: int) -> Socket:
        assert self._doors is not None
        return self._doors.opened[kind]

    def _clock(self, service: QueueService) -> WatchedClock:
        """The watched clock of this start, as `queue_server.app` makes it."""
        seq = service.hall.seq
        last = service.ledger.event(seq).at if seq else None
        return WatchedClock(last, service.hall.clock_doubt, self._machine_clock, self.world.monotonic)

    def _machine_clock(self) -> dt.datetime:
        return self.world.wall() + dt.timedelta(seconds=self.clock_off)

    def wake(self) -> None:
        """Something lies ready."""
        if not self._turning and self.up:
            self._turning = True
            self.world.after(SERVICE_SECONDS, "server", self.turn)

    def turn(self) -> None:
        """Serve what lies ready and what is due."""
        self._turning = False
        if self.endpoint is None:
            return
        sockets = self._doors.opened.values() if self._doors else ()
        ready: dict[object, int] = {socket: zmq.POLLIN for socket in sockets if socket.inbox}
        try:
            self.endpoint._turn(ready)
        except Crashed:
            self.stop("crashed in a commit")

    def stop(self, how: str) -> None:
        """End at once."""
        if self.disk is None:
            return
        self.world.note(f"server {how}")
        self.network.fall_silent()
        for socket in self._doors.opened.values() if self._doors else ():
            socket.close()
        self.disk.drop()
        self.endpoint = self.service = self.disk = None
        self.went_down()
