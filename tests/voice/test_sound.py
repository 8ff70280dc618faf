"""Every sound is as loud as every other, and says how long it is."""

import array
import io
import wave

import pytest

from voice.sound import PEAK, SoundError, levelled, peak_of, seconds

RATE = 22_050


def wav(*samples: int, channels: int = 1, width: int = 2) -> bytes:
    """A WAV file of samples."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(RATE)
        file.writeframes(array.array("h" if width == 2 else "b", samples).tobytes())
    return out.getvalue()


@pytest.mark.parametrize("loudest", [-32_768, 32_767, 200, -40])
def test_the_loudest_sample_is_at_minus_three_decibel(loudest: int) -> None:
    assert peak_of(levelled(wav(0, loudest, loudest // 2))) == pytest.approx(PEAK, abs=0.001)


def test_silence_stays_silence() -> None:
    assert peak_of(levelled(wav(0, 0, 0))) == 0
    assert peak_of(levelled(wav())) == 0


def test_a_sound_is_as_long_as_its_samples() -> None:
    assert seconds(wav(*([0] * RATE))) == 1
    assert seconds(levelled(wav(*([5] * (RATE // 2))))) == 0.5


@pytest.mark.parametrize("junk", [b"", b"RIFF", b"not a sound at all" * 9, wav(1, 2, channels=2), wav(1, width=1)])
def test_what_is_no_sound_is_said(junk: bytes) -> None:
    with pytest.raises(SoundError):
        levelled(junk)
    with pytest.raises(SoundError):
        seconds(junk)
