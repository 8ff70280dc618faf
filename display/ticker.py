"""The bottom line: each of its texts stays until it is read, one too long runs along, then comes the next.

Times are seconds, `overflow` is how much wider a text is than its place, in pixels of the reference.
"""

from collections.abc import Sequence

HOLD_SECONDS = 3.0
"""A text that runs stands still so long at its beginning and at its end."""
RUN_PIXELS = 160.0
"""So far it runs in a second, in pixels of the reference."""
_LEAST_SECONDS = 7.0
_READ_CHARACTERS = 11.0
"""So many characters are read in a second, by who reads slowly."""


def stay_seconds(characters: int, overflow: float) -> float:
    """How long a text stays."""
    running = 2 * HOLD_SECONDS + overflow / RUN_PIXELS if overflow > 0 else 0.0
    return max(_LEAST_SECONDS, characters / _READ_CHARACTERS, running)


def whose_turn(stays: Sequence[float], now: float) -> tuple[int, float]:
    """Which text stands there, and for how long already; there is at least one."""
    passed = now % sum(stays)
    for place, stay in enumerate(stays):
        if passed < stay:
            return place, passed
        passed -= stay
    return len(stays) - 1, stays[-1]


def run_share(passed: float, overflow: float, stay: float) -> float:
    """How much of its overflow a text has run, from 0 to 1: its end is reached a moment before the next one comes."""
    if overflow <= 0:
        return 0.0
    running = max(stay - 2 * HOLD_SECONDS, overflow / RUN_PIXELS)
    return min(1.0, max(0.0, (passed - HOLD_SECONDS) / running))
