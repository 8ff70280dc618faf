"""A set of clips is made by espeak-ng once; nothing that a person recorded is ever replaced."""

import shutil
from pathlib import Path

import pytest

from tests.voice.recordings import said, tone
from voice.checking import check_set
from voice.rendering import WORDS_FILE, render, words_in
from voice.speech import PROGRAM, NoVoiceError
from voice.wanted import Needs, wanted
from voice.wording import Wording

HALL = Needs(("Quầy 1", "Quầy hướng dẫn"), "AG")
needs_program = pytest.mark.skipif(shutil.which(PROGRAM) is None, reason=f"{PROGRAM} is not installed")
FEW = {"digit-1": "một", "digit-2": "hai", "digit-3": "ba"}


@needs_program
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_rendered_set_has_no_faults(tmp_path: Path, language: str) -> None:
    folder = tmp_path / language
    told: list[tuple[int, int]] = []
    clips = wanted(language, said(language), HALL)
    assert render(folder, said(language), clips, lambda done, of: told.append((done, of))) == list(clips)
    assert told == [(done, len(clips)) for done in range(1, len(clips) + 1)]
    assert check_set(folder, language, HALL).faults == []
    assert words_in(folder) == clips


@needs_program
def test_what_is_there_is_not_made_again_but_what_is_read_otherwise_by_now_is(tmp_path: Path) -> None:
    render(tmp_path, said("vi"), FEW)
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.wav")}
    assert render(tmp_path, said("vi"), FEW) == []
    assert render(tmp_path, said("vi"), {**FEW, "digit-1": "mốt"}) == ["digit-1"]
    assert (tmp_path / "digit-1.wav").read_bytes() != before["digit-1.wav"]
    assert (tmp_path / "digit-2.wav").read_bytes() == before["digit-2.wav"]


@needs_program
def test_a_recording_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "digit-1.wav").write_bytes(tone())
    (tmp_path / "digit-2.wav").write_bytes(b"not even a clip")
    assert render(tmp_path, said("vi"), FEW) == ["digit-3"]
    assert (tmp_path / "digit-1.wav").read_bytes() == tone()
    assert (tmp_path / "digit-2.wav").read_bytes() == b"not even a clip"


@needs_program
def test_a_clip_that_was_cut_off_with_the_power_is_made_again(tmp_path: Path) -> None:
    render(tmp_path, said("vi"), FEW)
    (tmp_path / "digit-1.wav").write_bytes(b"")
    (tmp_path / "digit-2.wav").unlink()
    assert render(tmp_path, said("vi"), FEW) == ["digit-1", "digit-2"]


@needs_program
@pytest.mark.parametrize("junk", ["", "{", "[1, 2]"])
def test_a_list_of_words_that_can_not_be_read_costs_no_clip(tmp_path: Path, junk: str) -> None:
    render(tmp_path, said("vi"), FEW)
    (tmp_path / WORDS_FILE).write_text(junk)
    assert render(tmp_path, said("vi"), FEW) == []


def test_without_the_program_what_is_there_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "digit-1.wav").write_bytes(tone())
    (tmp_path / WORDS_FILE).write_text('{"digit-1": "một"}')
    with pytest.raises(NoVoiceError, match="not installed"):
        render(tmp_path, said("vi"), {"digit-1": "mốt"})
    assert (tmp_path / "digit-1.wav").read_bytes() == tone()


@needs_program
def test_a_language_that_only_people_speak_is_not_read_by_anothers_voice(tmp_path: Path) -> None:
    usual = said("vi")
    mute = Wording(usual.order, usual.phrases, usual.digits, usual.letters)
    with pytest.raises(NoVoiceError, match="language"):
        render(tmp_path, mute, FEW)
