"""One simulated day of a hall: who comes, what fails, and the checks that hold whatever happens."""

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path

from tests.simulation.counters import Counters
from tests.simulation.devices import Line
from tests.simulation.faults import FAULTS
from tests.simulation.hall import COUNTERS, KIOSKS, WALLS, devices, key_of, keys_of, simulated_hall
from tests.simulation.kiosk import Kiosk
from tests.simulation.network import Network, Odds
from tests.simulation.people import Citizens, Clerk, Supervisor
from tests.simulation.server import Server
from tests.simulation.takeover import Sockets
from tests.simulation.wall import Wall
from tests.simulation.witness import Witness
from tests.simulation.world import World

BEGINS = dt.datetime(2026, 11, 22, 23, 0, tzinfo=dt.UTC)
"""06:00 on a Monday in Việt Nam."""
MINUTE = 60.0
HOUR = 3600.0
DOORS, LAST_CITIZEN, PEACE = 1 * HOUR, 6 * HOUR, 6.2 * HOUR
"""When the first citizens come, the last, and when nothing fails any more; from 06:00 on."""
AT_REST_WITHIN = 5 * MINUTE
DONE_WITHIN = 2 * HOUR
"""Bounds of liveness: journals are empty, and nobody waits any more, so long after the last fault."""
BUSY_SECONDS = 8.0
QUIET_SECONDS = 120.0
LEAST_QUIET_SECONDS = 2.2
"""With the 0.6 s before it less than the silence that devices notice."""
HALL_FILE = simulated_hall()
CITIZENS = (20, 40)
"""So many come, at least and at most: a morning of a commune."""


class HallDay:
    """A hall from opening to the last citizen; `faults`: the kinds that may happen."""

    def __init__(self, world: World, network: Network, sockets: Sockets, folder: Path, faults: Iterable[str]) -> None:
        self.world, self.network, self.sockets = world, network, sockets
        self.faults = [name for name in FAULTS if name in set(faults)]
        self.down_seconds = 1.0
        self.peace = False
        self._busy_until = 0.0
        self._beats = 0
        known = {device.device_id: device for device in devices()}
        keys = {name: keys_of(device) for name, device in known.items()}
        self.server = Server(world, network, sockets, folder / "hall.db", HALL_FILE)
        self.kiosks = [Kiosk(world, sockets, keys[name], folder / f"{name}.db") for name in KIOSKS]
        self.walls = [Wall(world, sockets, keys[name]) for name in WALLS[: world.chance.randint(1, 2)]]
        self.counters = Counters(world, sockets, {counter: keys[f"box-{counter}"] for counter in COUNTERS})
        self.witness = Witness(world)
        self.server.committed = self.witness.committed
        self.server.went_down = self._server_down
        network.requested = self.witness.requested
        network.answered = self.witness.answered
        self.phone_keys, self.admin_keys = keys["phone"], keys["admin"]
        self._devices = list(known.values())

    # ---- the day ----

    def play(self) -> None:
        """Let the day happen; raises `Broken`."""
        world = self.world
        self.server.start(self._devices)
        self.phone = Line(world, self.sockets, self.phone_keys, None)
        self.supervisor = Supervisor(world, Line(world, self.sockets, self.admin_keys, None), self.witness)
        world.after(1.5 * HOUR, "supervisor", self.supervisor.work)
        self.people = Citizens(world, self.kiosks, self.phone)
        self.witness.people = self.people
        for place, start in enumerate([d.start for d in (*self.kiosks, *self.walls)] + [self.counters.start]):
            world.after(1.0 + place, "switched on", start)
        self.clerks = [Clerk(world, self.counters, counter_id) for counter_id in COUNTERS]
        self.people.clerks = self.clerks
        for clerk in self.clerks:
            world.after(1.2 * HOUR + world.chance.uniform(0, 600), "clerk comes", clerk.work)
        self._invite()
        self._plan_faults()
        world.after(1.0, "beat", self._beat)
        world.after(PEACE, "peace", self._make_peace)
        self.busy(20.0)
        world.run(PEACE + AT_REST_WITHIN)
        self.witness.journals_are_empty(self.kiosks)
        self._finish()

    def _invite(self) -> None:
        chance = self.world.chance
        for _ in range(chance.randint(*CITIZENS)):
            peak = chance.choice([1.5, 2.0, 4.6])
            after = chance.triangular(DOORS, LAST_CITIZEN, peak * HOUR)
            self.people.come(after)

    def _finish(self) -> None:
        """Call everybody who waits, then look at everything."""
        for clerk in self.clerks:
            clerk.hurries = True
            self.supervisor.hurries = True
            clerk.wake()
        end = PEACE + DONE_WITHIN
        while self.world.now < end and self._somebody_waits():
            self.world.run(self.world.now + 10 * MINUTE)
        for clerk in self.clerks:
            clerk.gone = True
        self.world.run(self.world.now + 30.0)
        self.witness.day_is_over(self)

    def end(self) -> None:
        """Let go of the files."""
        self.server.went_down = lambda: None
        self.server.stop("ends")
        for kiosk in self.kiosks:
            kiosk.cut("ends")

    def _somebody_waits(self) -> bool:
        service = self.server.service
        return service is None or bool(service.hall.tickets)

    # ---- beats ----

    def busy(self, seconds: float = BUSY_SECONDS) -> None:
        """Let pulses come every second for a while: something is going on that they matter to."""
        self._busy_until = max(self._busy_until, self.world.now + seconds)

    def _beat(self) -> None:
        """A second passes at server and devices; where nothing goes on, the time to the next thing is one."""
        self.server.turn()
        self.world.after(0.02, "devices", self._tick_devices)

    def _tick_devices(self) -> None:
        self._beats += 1
        all_of_them = self.world.now < self._busy_until or self._beats % 8 == 0
        for kiosk in self.kiosks:
            if all_of_them or not kiosk.free or kiosk.owes:
                kiosk.tick()
        for wall in self.walls:
            wall.tick()
        if all_of_them:
            self.counters.tick()
        self.witness.look_at_walls(self)
        self.world.after(0.6, "plan", self._plan_beat)

    def _plan_beat(self) -> None:
        world = self.world
        seconds = 0.38
        if world.now >= self._busy_until and not self.phone.waits:
            seconds = min(QUIET_SECONDS, (world.next_at or HOUR * 24) - world.now - 0.05)
            seconds = max(seconds, LEAST_QUIET_SECONDS)
        world.after(seconds, "beat", self._beat)

    # ---- faults ----

    def _plan_faults(self) -> None:
        chance = self.world.chance
        self.network.odds = Odds(0.002, 0.002, 0.002) if self.faults else Odds()
        for _ in range(chance.randint(4, 9) if self.faults else 0):
            name = chance.choice(self.faults)
            seconds = min(3600.0, chance.lognormvariate(4.0, 1.2))
            self.world.after(
                chance.uniform(0.9 * HOUR, PEACE - HOUR / 6),
                f"fault {name}",
                lambda name=name, seconds=seconds: self._fail(name, seconds),  # type: ignore[misc]
            )

    def _fail(self, name: str, seconds: float) -> None:
        self.busy()
        self.world.counts[name] += 1
        end = FAULTS[name](self, seconds)
        if end is not None:
            self.world.after(seconds, f"end of {name}", lambda: self._end(end))

    def _end(self, end: Callable[[], None]) -> None:
        self.busy()
        end()

    def _make_peace(self) -> None:
        """Nothing fails any more."""
        self.peace = True
        self.busy(15.0)
        self.network.odds = Odds()
        self.supervisor.make_peace()
        for key in self.all_keys():
            self.network.mend(key)
        self.server.clock_off = 0.0
        if self.server.disk is not None:
            self.server.disk.full, self.server.disk.crash, self.server.disk.fails = False, "", ""
        for kiosk in self.kiosks:
            kiosk.printer.mood, kiosk.clock_off = "ready", 0.0
            if kiosk.up:
                kiosk.disk.full, kiosk.disk.crash = False, ""

    def _server_down(self) -> None:
        self.busy()
        self.world.after(self.down_seconds, "server starts", self._server_up)

    def _server_up(self) -> None:
        if not self.server.up:
            self.busy()
            self.server.start()
            self.witness.server_is_back(self.server)

    # ---- who is there ----

    def a_kiosk(self) -> Kiosk:
        """One of them."""
        return self.world.chance.choice(self.kiosks)

    def a_wall(self) -> Wall:
        """One of them."""
        return self.world.chance.choice(self.walls)

    def key(self, name: str) -> str:
        """A device's key."""
        return key_of(name)

    def counter_keys(self) -> list[str]:
        """The keys of the counters' boxes."""
        return [key_of(f"box-{counter}") for counter in COUNTERS]

    def all_keys(self) -> list[str]:
        """The keys of everybody."""
        return [*self.counter_keys(), *map(key_of, (*KIOSKS, *WALLS, "phone", "admin"))]
