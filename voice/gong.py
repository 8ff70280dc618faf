"""The gong before a call: two tones of a chime, reckoned here; pure."""

import math
from collections.abc import Iterator

from voice.sound import RATE, from_samples, trimmed

SECONDS = 1.3
_TONES = ((0.0, 659.26), (0.38, 523.25))
"""When each is struck, and its pitch in hertz: e'', c''."""
_PARTIALS = ((1.0, 1.0, 4.0), (2.0, 0.35, 6.0), (3.01, 0.12, 9.0))
"""Of each tone: the multiple of its pitch, its share, how quickly it fades (per second)."""
_STRIKE_SECONDS = 0.006
_RELEASE_SECONDS = 0.12


def gong() -> bytes:
    """The gong as a WAV."""
    return trimmed(from_samples(0.3 * sample for sample in _samples()))


def _samples() -> Iterator[float]:
    for at in range(round(SECONDS * RATE)):
        seconds = at / RATE
        release = min(1.0, (SECONDS - seconds) / _RELEASE_SECONDS)
        yield release * sum(_tone(seconds - struck, pitch) for struck, pitch in _TONES if seconds >= struck)


def _tone(seconds: float, pitch: float) -> float:
    strike = min(1.0, seconds / _STRIKE_SECONDS)
    turns = 2 * math.pi * pitch * seconds
    return strike * sum(
        share * math.exp(-fading * seconds) * math.sin(multiple * turns) for multiple, share, fading in _PARTIALS
    )
