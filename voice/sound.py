"""The sound of a WAV file: how long it is, and as loud as every other; pure."""

import array
import io
import sys
import wave

PEAK = 10 ** (-3 / 20)
"""The loudest sample, as a share of the loudest possible one: -3 dB."""
_FULL = 32_767


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
    if peak:
        scale = PEAK * _FULL / peak
        frames = array.array("h", (int(sample * scale) for sample in frames))
    return _write(frames, rate)


def peak_of(wav: bytes) -> float:
    """The loudest sample, as a share of the loudest possible one; raises SoundError."""
    frames = _read(wav)[0]
    return max(max(frames, default=0), -min(frames, default=0)) / _FULL


def _read(wav: bytes) -> tuple["array.array[int]", int]:
    try:
        with wave.open(io.BytesIO(wav)) as file:
            if file.getsampwidth() != 2 or file.getnchannels() != 1:
                raise SoundError(f"{file.getnchannels()} channels of {8 * file.getsampwidth()} bit: expected 1 of 16")
            frames = array.array("h", file.readframes(file.getnframes()))
            rate = file.getframerate()
    except (wave.Error, EOFError, ValueError) as fault:
        raise SoundError(f"no WAV: {fault}") from fault
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
