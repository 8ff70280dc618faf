"""A wall display: the real ear and board, without a window."""

from display.acknowledging import Acknowledging
from display.board import Board
from display.ear import Ear
from protocol.events import Event
from protocol.keys import DeviceKeys
from protocol.replies import HallReply, Pulse, SatisfactionReply, Snapshot
from tests.simulation.devices import Line
from tests.simulation.takeover import Sockets
from tests.simulation.world import World

PLACES = 8


class Wall:
    """What `display.screens.wall_app.WallApp` does with its board, as `display.ear.Hears`."""

    def __init__(self, world: World, sockets: Sockets, keys: DeviceKeys) -> None:
        self.world, self._sockets, self._keys = world, sockets, keys
        self.name = keys.device_id
        self.up = False

    def start(self) -> None:
        """Switch it on."""
        self.board = Board(self.name)
        self._drawn = -1
        self._acknowledging = Acknowledging()
        self._ear = Ear(self)
        self.line = Line(self.world, self._sockets, self._keys, self._ear, self._look)
        self._ear.listen(self.line.client)
        self.up = True

    def cut(self) -> None:
        """End at once; it comes back by itself."""
        if self.up:
            self.up = False
            self.line.close()
            self.world.after(4.0, f"{self.name} starts", self.start)

    def tick(self) -> None:
        """Let time pass."""
        if self.up:
            self.line.tick()

    def _look(self) -> None:
        """Draw, and acknowledge what stands there."""
        if self.board.seq == self._drawn:
            return
        self._drawn = self.board.seq
        calls = self.board.calls(self.world.monotonic(), PLACES)
        for command in self._acknowledging.shown(calls[:PLACES]):
            self._ear.acknowledge(command)

    # ---- what the ear hands over ----

    def describe(self, hall: HallReply) -> None:
        """Take the hall's names."""
        self.board.describe(hall)

    def on_snapshot(self, snapshot: Snapshot) -> None:
        """The whole state."""
        self.board.take_snapshot(snapshot, self.world.monotonic())

    def on_event(self, event: Event) -> None:
        """The next event."""
        self.board.take_event(event, self.world.monotonic())

    def on_pulse(self, pulse: Pulse) -> None:
        """The hall lives."""
        self.board.take_pulse(pulse, self.world.monotonic())

    def on_satisfaction(self, satisfied: SatisfactionReply) -> None:
        """The day's ratings in detail."""
        self.board.take_satisfaction(satisfied)

    def wants_satisfaction(self) -> bool:
        """A main board does not show them."""
        return False

    def troubles(self) -> list[str]:
        """None."""
        return []
