"""A recorded set is looked at as a whole: every fault at once, and none in a good one."""

import array
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from tests.voice.recordings import record, tone
from voice.checking import ClipFault, check_gong, check_set
from voice.sound import RATE, from_samples, joined, samples_of
from voice.wanted import Needs

HALL = Needs(("Quầy 1", "Quầy hướng dẫn"), "A")


@pytest.fixture
def clips(tmp_path: Path) -> dict[str, Path]:
    return record(tmp_path, "vi", HALL)


def faults(clips: dict[str, Path]) -> list[tuple[str, str]]:
    """Which clip has which fault."""
    found = check_set(clips["invite"].parent, "vi", HALL).faults
    return [(fault.path.stem, fault.code) for fault in found]


def test_a_good_set_has_no_faults(clips: dict[str, Path]) -> None:
    checked = check_set(clips["invite"].parent, "vi", HALL)
    assert (checked.faults, checked.clips) == ([], len(clips))
    assert checked.seconds == pytest.approx(0.12 * len(clips), rel=0.01)


def quieter() -> bytes:
    return from_samples_as_they_are(sample / 2 for sample in samples_of(tone()))


def from_samples_as_they_are(samples: Iterable[float]) -> bytes:
    """A WAV that is not levelled: one of silence with other samples in it."""
    body = array.array("h", map(int, samples)).tobytes()
    silent = from_samples([0.0] * (len(body) // 2))
    return silent[: len(silent) - len(body)] + body


def padded(before: float, after: float) -> bytes:
    parts = [0] * round(before * RATE), samples_of(tone()), [0] * round(after * RATE)
    return from_samples_as_they_are([sample for part in parts for sample in part])


def shouted_once() -> bytes:
    """Peaks where it should, and is whispered but for that."""
    return from_samples([1.0 if at == 1000 else 0.02 for at in range(4000)])


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: b"", "format"),
        (lambda: b"ID3 and no WAV", "format"),
        (lambda: from_samples([0.5] * 9000, rate=44_100), "format"),
        (lambda: tone(seconds=0.05), "length"),
        (lambda: tone(seconds=2.1), "length"),
        (quieter, "peak"),
        (lambda: padded(0.06, 0), "silence_before"),
        (lambda: padded(0, 0.06), "silence_after"),
        (shouted_once, "loudness"),
    ],
)
def test_every_kind_of_fault_is_found(clips: dict[str, Path], make: Callable[[], bytes], code: str) -> None:
    clips["digit-7"].write_bytes(make())
    assert faults(clips) == [("digit-7", code)]


def test_a_sentence_may_be_longer_than_a_digit(clips: dict[str, Path]) -> None:
    clips["invite"].write_bytes(tone(seconds=2.5))
    assert faults(clips) == []


def test_missing_and_surplus_names_are_told_with_what_was_meant(clips: dict[str, Path]) -> None:
    clips["digit-7"].rename(clips["digit-7"].with_name("digit_7.wav"))
    clips["letter-a"].with_name("zzzzzz.wav").write_bytes(tone())
    found = check_set(clips["invite"].parent, "vi", HALL).faults
    folder = clips["invite"].parent
    assert found == [
        ClipFault(folder / "digit-7.wav", "missing", {"words": "bảy"}),
        ClipFault(folder / "digit_7.wav", "surplus_near", {"near": "digit-7.wav"}),
        ClipFault(folder / "zzzzzz.wav", "surplus"),
    ]


def test_more_counters_and_letters_than_the_hall_has_are_no_fault(clips: dict[str, Path]) -> None:
    for name in ("number-99", "letter-z", "name-phong-hop"):
        clips["digit-1"].with_name(f"{name}.wav").write_bytes(tone())
    assert faults(clips) == []


def test_all_faults_are_told_at_once(clips: dict[str, Path]) -> None:
    clips["digit-1"].write_bytes(b"")
    clips["digit-2"].unlink()
    clips["digit-3"].write_bytes(padded(0.1, 0.1))
    assert faults(clips) == [
        ("digit-2", "missing"),
        ("digit-1", "format"),
        ("digit-3", "silence_before"),
        ("digit-3", "silence_after"),
    ]


def test_a_folder_in_place_of_a_clip_can_not_be_read(clips: dict[str, Path]) -> None:
    clips["digit-1"].unlink()
    clips["digit-1"].mkdir()
    assert faults(clips) == [("digit-1", "unreadable")]


def test_a_language_that_nobody_told_and_phrases_that_are_wrong_are_said(tmp_path: Path) -> None:
    assert [fault.code for fault in check_set(tmp_path / "tyz", "tyz", HALL).faults] == ["no_phrases"]
    (tmp_path / "phrases.toml").write_text("[")
    assert [fault.code for fault in check_set(tmp_path, "vi", HALL).faults] == ["phrases"]


def test_a_halls_own_gong_is_looked_at(tmp_path: Path) -> None:
    assert check_gong(tmp_path) == []
    (tmp_path / "gong.wav").write_bytes(joined([(tone(), 0.2)]))
    assert [fault.code for fault in check_gong(tmp_path)] == ["silence_after"]
