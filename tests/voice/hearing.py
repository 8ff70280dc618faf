"""Finds clips in recorded sound: where something begins to be heard, sample by sample."""

import array
from collections.abc import Sequence
from itertools import pairwise
from math import sqrt
from operator import mul
from pathlib import Path

from voice.sound import RATE, samples_of

TWICE = 2
"""The recording has so many samples for each of a clip's."""
MOMENT_SECONDS = 0.01
_COMPARED = 600
"""So many samples tell where a clip fits best."""
_HEARD = 40
"""What is louder is no silence."""


class Recording:
    """What SDL's disk driver wrote: 44,100 Hz, stereo, 16 bit. Heard on the left."""

    def __init__(self, path: Path) -> None:
        written = array.array("h", path.read_bytes()[: path.stat().st_size // 4 * 4])
        self.peak = max(max(written, default=0), -min(written, default=0)) / 32_767
        self._samples = written[0::2]
        self._loudness = _loudness(self._samples, round(RATE * TWICE * MOMENT_SECONDS))

    def find(self, clip: bytes, about: float, near_seconds: float = 0.001) -> tuple[float, float]:
        """When a clip begins, near to where it should (seconds), and how alike it is to what is heard there (to 1)."""
        wanted = samples_of(clip)
        near = range(*(max(0, round((about + off) * RATE * TWICE)) for off in (-near_seconds, near_seconds)))
        begins = max(near, key=lambda at: self._alike(wanted, at, 1 + len(wanted) // _COMPARED))
        return begins / RATE / TWICE, self._alike(wanted, begins, 1)

    def _alike(self, wanted: Sequence[int], at: int, step: int) -> float:
        return alike(wanted[::step], self._samples[at : at + TWICE * len(wanted) : TWICE * step])

    def next_heard(self, after: float) -> float:
        """When something is heard again (seconds)."""
        first = round(after / MOMENT_SECONDS)
        return next(at for at in range(first, len(self._loudness)) if self._loudness[at] > _HEARD) * MOMENT_SECONDS

    def silences(self, least: float) -> list[tuple[float, float]]:
        """Where it is silent for so long (seconds), between what is heard."""
        heard = [at * MOMENT_SECONDS for at, level in enumerate(self._loudness) if level > _HEARD]
        return [(ends, begins) for ends, begins in pairwise(heard) if begins - ends >= least]


def _loudness(samples: Sequence[int], width: int) -> list[float]:
    """How loud each moment is."""
    starts = range(0, len(samples) - width + 1, width)
    return [sqrt(sum(map(mul, part, part)) / width) for part in (samples[at : at + width] for at in starts)]


def alike(one: Sequence[float], other: Sequence[float]) -> float:
    """How alike two stretches are, whatever their loudness: 1 for the same, 0 for strangers."""
    both = sum(map(mul, one, one)) * sum(map(mul, other, other))
    return sum(map(mul, one, other)) / sqrt(both) if both else 0.0
