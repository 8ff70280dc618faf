"""What all devices of a simulated hall have in common: the real client, jobs of their own, and turns."""

from collections.abc import Callable

from protocol.client import HallClient
from protocol.feed import Listener
from protocol.keys import DeviceKeys
from tests.simulation.takeover import Sockets
from tests.simulation.world import World

RESEND_LOOK = 0.5
TICK_SECONDS = 0.5


class Line:
    """A device's connection: the real `HallClient`, whose turns the scheduler does."""

    def __init__(
        self,
        world: World,
        sockets: Sockets,
        keys: DeviceKeys,
        listener: Listener | None,
        after_turn: Callable[[], None] = lambda: None,
    ) -> None:
        self._world, self._after_turn = world, after_turn
        self._asked = self._looking = False
        self._turned_at = -1.0
        self.closed = False
        self.name = keys.device_id
        sockets.owner = self.wake
        self.client = HallClient(keys, listener)

    def wake(self) -> None:
        """Something was asked, or came."""
        if not self._asked:
            self._asked = True
            self._world.after(0.0, self.name, self.turn)

    def turn(self) -> None:
        """One turn of the client's thread, and of who uses it."""
        self._asked = False
        if self.closed:
            return
        self._turned_at = self._world.now
        self.client._turn(dict(self.client._poller.poll(0)))
        self._after_turn()
        if self.client._pending and not self._looking:
            self._looking = True
            self._world.after(RESEND_LOOK, self.name, self._look)

    def tick(self) -> None:
        """Let time pass, if nothing came just now."""
        if self._world.now - self._turned_at > TICK_SECONDS:
            self.turn()

    def _look(self) -> None:
        self._looking = False
        self.turn()

    @property
    def waits(self) -> bool:
        """Whether an answer is missing."""
        return bool(self.client._pending)

    def close(self) -> None:
        """The program ends without a word."""
        self.closed = True
        for socket in (self.client._dealer, self.client._sub):
            if socket is not None:
                socket.close()


class Jobs:
    """What is posted to a program's own thread."""

    def __init__(self) -> None:
        self._jobs: list[Callable[[], None]] = []

    def post(self, job: Callable[[], None]) -> None:
        """Have a job done soon."""
        self._jobs.append(job)

    def work(self) -> None:
        """Do all that was posted, and what that posts."""
        while self._jobs:
            jobs, self._jobs = self._jobs, []
            for job in jobs:
                job()
