"""Every kill point: a scripted day in a process that ends at one write, sync, truncate or delete, without a goodbye.

What a killed process leaves is all that it gave to the system. The parent opens it: what was answered is there, the
same request gets the same answer, and what was under way has one effect.
"""

import os
import pickle
import random
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.checking import Fault, check, check_repeated
from tests.crash.day import Answered, Asked, Day
from tests.crash.disk import Disk, Operation, disk_under
from tests.crash.images import memory_folder

STEPS = 40
_KILLED = 9


@dataclass
class Found:
    """The figures of a run."""

    points: int = 0
    of: int = 0
    faults: list[str] = field(default_factory=list)


def run(
    seed: int, every: int = 1, steps: int = STEPS, progress: Callable[[Found], None] = lambda _found: None
) -> Found:
    """Kill the day of a seed at every so-many-th point."""
    with tempfile.TemporaryDirectory(dir=memory_folder(), prefix="motcua-points-") as folder:
        counted = Disk(keep=False)
        _play(Path(folder) / "whole", seed, steps, counted)
        found = Found(of=counted.count)
        for point in range(seed % every, counted.count, every):
            found.points += 1
            try:
                _kill_at(Path(folder) / "killed", seed, steps, point)
            except Fault as fault:
                found.faults.append(f"seed {seed}, point {point}: {fault}")
            progress(found)
    return found


def _play(folder: Path, seed: int, steps: int, disk: Disk, note: Callable[[Day], None] = lambda _day: None) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    with disk_under(disk):
        Day(folder, random.Random(seed), note).play(steps)


def _kill_at(folder: Path, seed: int, steps: int, point: int) -> None:
    """Let a child play until the point, and look at what it leaves; raises Fault."""
    told = folder.with_name("told")
    told.unlink(missing_ok=True)
    child = os.fork()
    if not child:
        _child(folder, seed, steps, point, told)
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) != _KILLED:
        raise Fault(f"the day did not get to point {point}")
    answered, refused, pending = read_told(told)
    check(folder, answered, refused)
    check_repeated(folder, answered, pending, seed)


def _child(folder: Path, seed: int, steps: int, point: int, told: Path) -> None:
    """Play and end at the point; what was answered is told as soon as it is answered."""
    state: list[Day] = []

    def die(_operation: Operation, count: int) -> int:
        if count == point:
            tell(told, state[0] if state else None)
            os._exit(_KILLED)
        return 0

    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        with disk_under(Disk(die, keep=False)):
            day = Day(folder, random.Random(seed))
            state.append(day)
            day.play(steps)
    finally:
        os._exit(1)


def tell(told: Path, day: Day | None) -> None:
    """Write down, whole or not at all, what a day's clients know."""
    fresh = told.with_name(f"{told.name}.new")
    fresh.write_bytes(pickle.dumps((day.answered, day.refused, day.pending) if day else ([], [], [])))
    fresh.replace(told)


def read_told(told: Path) -> tuple[list[Answered], list[Asked], list[Asked]]:
    """What was answered, what was refused, and what was under way."""
    found: tuple[list[Answered], list[Asked], list[Asked]] = pickle.loads(told.read_bytes())
    return found
