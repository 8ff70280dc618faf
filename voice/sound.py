"""The sound of a WAV file: how long it is, and as loud as every other; pure."""

import array
import io
import math
import sys
import wave
from collections.abc import Iterable

PEAK = 10 ** (-3 / 20)
"""The loudest sample, as a share of the loudest possible one: -3 dB."""
RATE = 22_050
"""Samples per second of every clip."""
FADE_SECONDS = 0.004
"""Every clip comes and goes so quickly when it is joined: what begins at once clicks."""
EDGE_SECONDS = 0.01
"""So much of the silence at its ends is left to a clip that is trimmed: soft sounds begin there."""
QUIET = 10 ** (-40 / 20)
"""What is not louder counts as silence, as a share of the loudest possible sample."""
_FULL = 32_767
_LEVEL_ENOUGH = 0.0005
"""What is so near to its level is left as it is: a call is joined while the wall must go on drawing."""


class SoundError(Exception):
    """What should be sound is none."""


def seconds(wav: bytes) -> float:
    """How long it plays; raises SoundError."""
    frames, rate = _read(wav)[:2]
    return len(frames) / rate


def levelled(wav: bytes) -> bytes:
    """The same with its peak at -3 dB: mono, 16 bit; raises SoundError."""
    frames, rate = _read(wav)
    peak = max(max(frames, default=0), -min(frames, default=0))
    scale = PEAK * _FULL / peak if peak else 1.0
    if abs(scale - 1.0) > _LEVEL_ENOUGH:
        frames = array.array("h", (int(sample * scale) for sample in frames))
    return _write(frames, rate)


def peak_of(wav: bytes) -> float:
    """The loudest sample, as a share of the loudest possible one; raises SoundError."""
    frames = _read(wav)[0]
    return max(max(frames, default=0), -min(frames, default=0)) / _FULL


def joined(clips: Iterable[tuple[bytes, float]]) -> bytes:
    """Clips one after the other, each with the silence after it (seconds), its peak at -3 dB; raises SoundError."""
    whole = array.array("h")
    for wav, pause in clips:
        frames = _clip(wav)
        whole.extend(_faded(frames))
        whole.frombytes(bytes(2 * round(pause * RATE)))
    return levelled(_write(whole, RATE))


def check_clip(wav: bytes) -> None:
    """Raise SoundError unless it can be joined: mono, 16 bit, 22,050 samples per second, not empty."""
    _clip(wav)


def trimmed(wav: bytes) -> bytes:
    """The same without the silence at its ends; raises SoundError."""
    frames, rate = _read(wav)
    edge = round(EDGE_SECONDS * rate)
    before, after = (max(0, silent - edge) for silent in _silence(frames))
    return _write(frames[before : len(frames) - after], rate)


def silence_at_ends(wav: bytes) -> tuple[float, float]:
    """How long it is silent (seconds) before and after what is to be heard; raises SoundError."""
    frames, rate = _read(wav)
    before, after = _silence(frames)
    return before / rate, after / rate


def loudness_of(wav: bytes) -> float:
    """How loud it is as a whole, in dB below the loudest possible (root mean square); raises SoundError."""
    frames = _read(wav)[0]
    power = sum(sample * sample for sample in frames) / max(1, len(frames)) / _FULL**2
    return 10 * math.log10(max(power, 1e-10))


def samples_of(wav: bytes) -> "array.array[int]":
    """Its samples, from -32,768 to 32,767; raises SoundError."""
    return _read(wav)[0]


def from_samples(samples: Iterable[float], rate: int = RATE) -> bytes:
    """A WAV of samples from -1 to 1, its peak at -3 dB."""
    return levelled(_write(array.array("h", (round(sample * _FULL) for sample in samples)), rate))


def _clip(wav: bytes) -> "array.array[int]":
    frames, rate = _read(wav)
    if rate != RATE:
        raise SoundError(f"{rate} samples per second: expected {RATE}")
    if not frames:
        raise SoundError("it is empty")
    return frames


def _silence(frames: "array.array[int]") -> tuple[int, int]:
    """The silent samples at both ends; of what is silent throughout, all are before."""
    limit = QUIET * _FULL
    before = next((at for at, sample in enumerate(frames) if abs(sample) > limit), len(frames))
    after = next((at for at, sample in enumerate(reversed(frames)) if abs(sample) > limit), 0)
    return before, after if before < len(frames) else 0


def _faded(frames: "array.array[int]") -> "array.array[int]":
    steps = min(round(FADE_SECONDS * RATE), len(frames) // 2)
    for at in range(steps):
        frames[at] = frames[at] * at // steps
        frames[-1 - at] = frames[-1 - at] * at // steps
    return frames


def _read(wav: bytes) -> tuple["array.array[int]", int]:
    try:
        with wave.open(io.BytesIO(wav)) as file:
            if file.getsampwidth() != 2 or file.getnchannels() != 1:
                raise SoundError(f"{file.getnchannels()} channels of {8 * file.getsampwidth()} bit: expected 1 of 16")
            frames = array.array("h", file.readframes(file.getnframes()))
            rate = file.getframerate()
    except (wave.Error, EOFError, ValueError, RuntimeError) as fault:
        raise SoundError(f"no WAV: {fault or 'its parts end nowhere'}") from fault
    if not rate:
        raise SoundError("0 samples per second")
    if sys.byteorder == "big":
        frames.byteswap()
    return frames, rate


def _write(frames: "array.array[int]", rate: int) -> bytes:
    if sys.byteorder == "big":
        frames.byteswap()
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(frames.tobytes())
    return out.getvalue()
