"""Runs one simulated day by its seed, in a folder in memory where there is one."""

import gc
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.simulation.faults import FAULTS
from tests.simulation.hall_day import BEGINS, HallDay
from tests.simulation.network import Network
from tests.simulation.takeover import taken_over
from tests.simulation.witness import Broken
from tests.simulation.world import World

MEMORY = Path("/dev/shm")
EVERY_FAULT = tuple(FAULTS)


@dataclass
class Outcome:
    """What a day was; `failure` is empty if every invariant held."""

    seed: int
    steps: int = 0
    seconds: float = 0.0
    """How long it took in the hall."""
    core_seconds: float = 0.0
    """How long it took a core here."""
    trace: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    failure: str = ""
    invariant: int = 0
    last_steps: list[str] = field(default_factory=list)


def run_day(
    seed: int, faults: Iterable[str] = EVERY_FAULT, prepare: Callable[[HallDay], None] = lambda _day: None
) -> Outcome:
    """Play the day of a seed; `prepare` may change it before it begins."""
    world = World(seed, BEGINS)
    network = Network(world)
    outcome = Outcome(seed, counts=world.counts)
    place = str(MEMORY) if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=place, prefix="hall-day-") as folder, taken_over(world, network) as sockets:
        day = HallDay(world, network, sockets, Path(folder), faults)
        prepare(day)
        try:
            day.play()
        except (Exception, Broken) as fault:  # noqa: BLE001 - whatever ends a day is told with its seed
            outcome.failure = f"{type(fault).__name__}: {fault}"
            outcome.invariant = fault.invariant if isinstance(fault, Broken) else 0
            outcome.last_steps = [*world.last_steps(), *_where(fault)]
        finally:
            day.end()
    outcome.steps, outcome.seconds, outcome.trace = world.steps, world.now, world.trace
    return outcome


def _where(fault: BaseException) -> list[str]:
    """The lines that led to a fault which is no broken invariant."""
    return [] if isinstance(fault, Broken) else traceback.format_exception(fault)


class Work:
    """What a process does with a seed."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        self._faults = faults
        gc.freeze()  # the program itself need not be looked through again on each day

    def __call__(self, seed: int) -> Outcome:
        began = time.process_time()
        outcome = run_day(seed, self._faults)
        outcome.core_seconds = time.process_time() - began
        return outcome
