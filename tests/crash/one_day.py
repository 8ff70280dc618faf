"""A scripted day in a process of its own, on the ordinary disk: `python -m tests.crash.one_day FOLDER SEED`.

What was answered is told in FOLDER.told after each batch, so that whoever kills the process knows what must be there.
"""

import random
import sys
from pathlib import Path

from tests.crash.day import Day
from tests.crash.points import STEPS, tell


def main(folder: Path, seed: int) -> None:
    """Play the day."""
    told = folder.with_name(f"{folder.name}.told")
    folder.mkdir()
    tell(told, None)
    day = Day(folder, random.Random(seed), lambda day: tell(told, day))
    day.play(STEPS)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
