"""The gong before a call is a clip like others."""

from pathlib import Path

from voice.checking import sound_faults
from voice.gong import gong
from voice.sound import RATE, samples_of


def test_it_is_a_clip_without_faults() -> None:
    assert list(sound_faults(Path("gong.wav"), gong())) == []


def test_it_begins_and_ends_softly() -> None:
    samples = samples_of(gong())
    loudest = max(map(abs, samples))
    assert max(map(abs, samples[:20])) < loudest / 4
    assert max(map(abs, samples[-RATE // 50 :])) < loudest / 20
