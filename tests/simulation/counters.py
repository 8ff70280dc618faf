"""The keypads of a line of counters: the real session, seats and desks, and clerks who press keys."""

from collections.abc import Iterable
from dataclasses import dataclass

from counter.bus import Pressed
from counter.desk import Desk, Face, Phase
from counter.driver import Picture
from counter.keys import Key, Press
from counter.orders import Presets
from counter.seat import Seat
from counter.session import Session
from protocol.keys import DeviceKeys
from tests.simulation.devices import Jobs, Line
from tests.simulation.hall import OPERATORS
from tests.simulation.takeover import Sockets
from tests.simulation.world import World

SENDS_ON = {"1": "results", "2": "land", "3": "civil"}


@dataclass(frozen=True)
class _Box:
    counter_id: str


class _Boxes:
    """In the place of `counter.bus.Bus`: boxes that show everything and refuse politely."""

    def __init__(self, counter_ids: Iterable[str]) -> None:
        self.boxes = {int(counter_id): _Box(counter_id) for counter_id in counter_ids}

    def show(self, _address: int, _face: Face, _before: Face | None) -> list[Picture]:
        """Nothing goes out."""
        return []

    def refuse(self, _address: int) -> list[Picture]:
        """Nothing goes out."""
        return []


class _Cable:
    def show(self, _address: int, _pictures: list[Picture]) -> None:
        """Nothing goes out."""


class Counters:
    """The program of all counters' keypads; it is cut off and comes back like any other."""

    def __init__(self, world: World, sockets: Sockets, keys: dict[str, DeviceKeys]) -> None:
        self.world, self._sockets, self._keys = world, sockets, keys
        self.up = False

    def start(self) -> None:
        """Switch it on."""
        self._jobs = Jobs()
        self._seats: dict[str, Seat] = {}
        bus = _Boxes(self._keys)
        self.session = Session(self._seats, bus, self._jobs.post, self.world.monotonic)  # type: ignore[arg-type]
        self._lines: list[Line] = []
        self.up = True
        for counter_id, keys in self._keys.items():
            listener = None if self._lines else self.session
            line = Line(self.world, self._sockets, keys, listener, self._work)
            self._lines.append(line)
            presets = Presets(OPERATORS[counter_id], SENDS_ON[counter_id])
            self._seats[counter_id] = Seat(counter_id, line.client, presets)
        self.session.connect(_Cable())
        self.session.line_changed(up=True)

    def _work(self) -> None:
        if self.up:
            self._jobs.work()

    def tick(self) -> None:
        """Let time pass."""
        if self.up:
            for line in self._lines:
                line.tick()
            self.session.tick()
            self._jobs.work()

    def cut(self) -> None:
        """End at once; it comes back by itself."""
        if self.up:
            self.up = False
            for line in self._lines:
                line.close()
            self.world.after(4.0, "counters start", self.start)

    def desk(self, counter_id: str) -> Desk:
        """A counter as its boxes know it."""
        return self._seats[counter_id].desk

    def press(self, counter_id: str, key: Key, score: int = 0) -> None:
        """A clerk, or a citizen at the rating box, presses a key."""
        if self.up:
            self.session.pressed(Pressed(int(counter_id), Press(key, score)))
            self._jobs.work()

    def phase(self, counter_id: str) -> Phase:
        """What a counter does."""
        return self.desk(counter_id).phase(self.world.monotonic()) if self.up else Phase.SILENT
