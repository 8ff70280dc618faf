"""Power-cut images: what a cut at any moment may leave of a hall's files, opened by the ordinary program.

A history is a day that is played on a disk that writes everything down; half of the histories have disks that fail now
and then (a sync, a write, no space). For random moments of it, what the disk may then hold is laid into a folder in
memory and opened; everything that was answered before the moment must be there.
"""

import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import apsw

from queue_server.storage import opening, sqlite
from tests.crash.checking import Fault, check, check_copy
from tests.crash.day import Day
from tests.crash.disk import Disk, Operation, disk_under
from tests.crash.power_cut import MODES, Platter

PER_HISTORY = 400
STEPS = 70
BEGINNING = 130
"""So many operations lay out a hall."""
WHOLE_SHARE = 0.1
"""In so many images it is also checked that the log adds up to the state."""
_FAULTS = {
    "sync": apsw.SQLITE_IOERR_FSYNC,
    "write": apsw.SQLITE_IOERR_WRITE,
    "truncate": apsw.SQLITE_IOERR_TRUNCATE,
}


@dataclass
class Found:
    """The figures of a run."""

    images: int = 0
    histories: int = 0
    operations: int = 0
    answered: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass
class History:
    """A day with all that its disk was told; `marks`: after so many operations so many answers, refusals, copies."""

    day: Day
    operations: list[Operation]
    marks: list[tuple[int, int, int, int]]


def run(
    count: int, seed: int, progress: Callable[[Found], None] = lambda _found: None, history: int | None = None
) -> Found:
    """Build and check so many images; `history`: of one history alone, as a fault names it."""
    found = Found()
    history_seed = history if history is not None else seed * 1_000_003
    while found.images < (PER_HISTORY if history is not None else count):
        _check_history(history_seed, PER_HISTORY, found)
        history_seed += 1
        progress(found)
    return found


def _check_history(seed: int, images: int, found: Found) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=memory_folder(), prefix="motcua-crash-")))
        history = play(folder / "played", seed)
        found.operations += len(history.operations)
        found.answered += sum(len(batch.replies) for batch in history.day.answered)
        found.refused += len(history.day.refused)
        found.histories += 1
        for place, (cut, platter) in enumerate(_cuts(history, images, random.Random(seed + 1))):
            found.images += 1
            try:
                _check_image(folder / "image", history, cut, platter, seed * PER_HISTORY + place)
            except Fault as fault:
                found.faults.append(f"history {seed}, cut {cut}, image {place}: {fault}")


def play(folder: Path, seed: int) -> History:
    """A day of this seed, on a disk of this seed."""
    luck = random.Random(seed)
    folder.mkdir()
    disk = Disk(_failing(random.Random(seed + 2)) if luck.random() < 0.5 else lambda _operation, _count: 0)
    marks: list[tuple[int, int, int, int]] = []

    def note(day: Day) -> None:
        marks.append((len(disk.operations), len(day.answered), len(day.refused), len(day.copies)))

    day = Day(folder, luck, note)
    pages = luck.choice([4, 16, 64, 1000])
    at_once = patch.object(sqlite, "AGAIN_AFTER_SECONDS", 0.0)
    with disk_under(disk), at_once, patch.object(opening, "_CHECKPOINT_PAGES", pages):
        day.play(STEPS)
    return History(day, disk.operations, marks)


def _failing(luck: random.Random) -> Callable[[Operation, int], int]:
    """Some operations fail, most often those that matter most; a disk that never lets a hall begin proves nothing."""

    def fault(operation: Operation, count: int) -> int:
        copied = operation.file.startswith("copy")
        if count < BEGINNING or copied or luck.random() > (0.06 if operation.kind == "sync" else 0.005):
            return 0
        code = _FAULTS.get(operation.kind, 0)
        return apsw.SQLITE_FULL if operation.kind == "write" and luck.random() < 0.5 else code

    return fault


def _cuts(history: History, images: int, luck: random.Random) -> Iterator[tuple[int, Platter]]:
    """Random moments in their order, and the disk at each."""
    platter, done = Platter(random.Random(luck.random())), 0
    for cut in sorted(luck.randint(1, len(history.operations)) for _ in range(images)):
        for operation in history.operations[done:cut]:
            platter.follow(operation)
        done = cut
        yield cut, platter


def _check_image(folder: Path, history: History, cut: int, platter: Platter, seed: int) -> None:
    luck = random.Random(seed)
    left = platter.after_cut(luck.choice(MODES), luck)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in left.items():
        (folder / name).write_bytes(content)
    known = [mark for mark in history.marks if mark[0] <= cut]
    _, answered, refused, copies = known[-1] if known else (0, 0, 0, 0)
    day = history.day
    if copies and luck.random() < 0.1:
        name, seq = day.copies[luck.randrange(copies)]
        check_copy(folder / name, seq)
    check(folder, day.answered[:answered], day.refused[:refused], whole=luck.random() < WHOLE_SHARE)


def memory_folder() -> str | None:
    """A folder in memory, if the system has one."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None
