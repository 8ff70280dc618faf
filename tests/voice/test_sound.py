"""Every sound is as loud as every other, and says how long it is."""

import array
import contextlib
import io
import itertools
import wave

import pytest

from tests.voice.recordings import tone
from voice.sound import (
    EDGE_SECONDS,
    PEAK,
    SoundError,
    check_clip,
    from_samples,
    joined,
    levelled,
    loudness_of,
    peak_of,
    samples_of,
    seconds,
    silence_at_ends,
    trimmed,
)

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


# ---- clips ----


def test_clips_are_joined_in_their_order_with_their_silences() -> None:
    whole = joined([(tone(seconds=0.2), 0.1), (tone(seconds=0.3), 0.05)])
    assert seconds(whole) == pytest.approx(0.65, abs=0.001)
    silent = samples_of(whole)[round(0.205 * RATE) : round(0.295 * RATE)]
    assert max(map(abs, silent)) == 0
    assert peak_of(whole) == pytest.approx(PEAK, abs=0.001)


def test_a_joint_does_not_click() -> None:
    low = tone(100.0)
    hard = samples_of(low) + samples_of(wav(0))
    soft = samples_of(joined([(low, 0.05), (low, 0.0)]))
    assert steepest(soft) < 2 * steepest(samples_of(low)) < steepest(hard) / 4


def steepest(samples: "array.array[int]") -> int:
    """The largest step from one sample to the next."""
    return max(abs(later - earlier) for earlier, later in itertools.pairwise(samples))


def test_clips_keep_their_loudness_beside_each_other() -> None:
    half = wav(*(sample // 2 for sample in samples_of(tone())))
    samples = samples_of(joined([(tone(), 0.0), (half, 0.0)]))
    loud, soft = samples[: len(samples) // 2], samples[len(samples) // 2 :]
    assert max(soft) == pytest.approx(max(loud) / 2, rel=0.01)


def test_silence_at_the_ends_is_measured_and_cut_off_but_for_an_edge() -> None:
    padded = wav(*[0] * RATE, *samples_of(tone()), *[3] * (RATE // 2))
    assert list(silence_at_ends(padded)) == pytest.approx([1, 0.5], abs=0.001)
    assert seconds(trimmed(padded)) == pytest.approx(seconds(tone()) + 2 * EDGE_SECONDS, abs=0.001)
    assert silence_at_ends(wav(*[0] * RATE)) == (1, 0)
    assert seconds(trimmed(tone())) == seconds(tone())


def test_loudness_goes_by_the_whole_and_not_by_the_peak() -> None:
    assert loudness_of(tone()) == pytest.approx(-6, abs=0.2)
    assert loudness_of(wav(*[0] * 999, 23_000)) < -30
    assert loudness_of(wav()) == -100


@pytest.mark.parametrize("clip", [wav(), wav(1, 2, channels=2), b"RIFF", b""])
def test_what_can_not_be_joined_is_said(clip: bytes) -> None:
    with pytest.raises(SoundError):
        check_clip(clip)
    with pytest.raises(SoundError):
        joined([(clip, 0.0)])


def test_a_clip_of_another_rate_is_said() -> None:
    with pytest.raises(SoundError, match="44100"):
        joined([(from_samples([0.0] * 100, rate=44_100), 0.0)])


def test_whatever_a_header_says_it_is_sound_or_a_clear_error() -> None:
    rateless = bytearray(tone())
    rateless[24:28] = bytes(4)
    with pytest.raises(SoundError, match="0 samples per second"):
        seconds(bytes(rateless))
    for at, wrong in itertools.product(range(48), (0, 1, 127, 255)):
        broken = bytearray(tone())
        broken[at] = wrong
        for cut in (len(broken), 44, 40, 20):
            with contextlib.suppress(SoundError):
                seconds(bytes(broken[:cut]))
