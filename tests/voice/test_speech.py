"""Speech is made once, is levelled, and who has no voice says why."""

import shutil
from pathlib import Path

import pytest

from voice import speech
from voice.sound import PEAK, peak_of, seconds
from voice.speech import PROGRAM, NoVoiceError, Speech

needs_program = pytest.mark.skipif(shutil.which(PROGRAM) is None, reason=f"{PROGRAM} is not installed")
SENTENCES = {"vi": "Mời công dân có số phiếu A015 đến quầy số 3.", "en": "Number A015, please go to counter 3."}
SENTENCE = SENTENCES["vi"]


def program(folder: Path, script: str) -> str:
    """A program that does what a shell script says."""
    path = folder / "program"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return str(path)


@needs_program
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_sentence_becomes_sound_of_the_usual_loudness(tmp_path: Path, language: str) -> None:
    wav = Speech(tmp_path).file_of(SENTENCES[language], language).read_bytes()
    assert 2 < seconds(wav) < 12
    assert peak_of(wav) == pytest.approx(PEAK, abs=0.01)


@needs_program
def test_speech_is_made_once(tmp_path: Path) -> None:
    first = Speech(tmp_path).file_of(SENTENCE, "vi")
    made_at = first.stat().st_ino
    assert Speech(tmp_path, "/no/program/needed").file_of(SENTENCE, "vi") == first
    assert first.stat().st_ino == made_at


@needs_program
def test_a_text_that_looks_like_an_option_is_only_said(tmp_path: Path) -> None:
    assert seconds(Speech(tmp_path).file_of("--version -w /tmp/x", "en").read_bytes()) > 0.5


@needs_program
def test_only_the_latest_files_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "KEPT_FILES", 3)
    voice = Speech(tmp_path)
    files = [voice.file_of(f"số {at}", "vi") for at in range(5)]
    assert len(list(tmp_path.iterdir())) == 3
    assert files[-1].is_file()
    assert not files[0].exists()


def test_without_the_program_nothing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    voice = Speech(tmp_path)
    assert not voice.speaks("vi")
    with pytest.raises(NoVoiceError, match="not installed"):
        voice.file_of(SENTENCE, "vi")


def test_a_language_without_a_voice_is_not_read_by_another(tmp_path: Path) -> None:
    voice = Speech(tmp_path, program(tmp_path, "exit 0"))
    assert voice.speaks("vi")
    assert not voice.speaks("tyz")
    with pytest.raises(NoVoiceError, match="tyz"):
        voice.file_of(SENTENCE, "tyz")


@pytest.mark.parametrize("script", ["exit 1", "exit 0", "echo nonsense", "printf 'RIFF....WAVEdata....'", "sleep 60"])
def test_a_program_that_makes_no_speech_is_said(tmp_path: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "MAKING_SECONDS", 0.5)
    with pytest.raises(NoVoiceError, match=PROGRAM):
        Speech(tmp_path / "made", program(tmp_path, script)).file_of(SENTENCE, "vi")
    assert not list((tmp_path / "made").glob("*.wav"))


@needs_program
def test_a_folder_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, no folder")
    with pytest.raises(NoVoiceError, match="kept"):
        Speech(tmp_path / "taken").file_of(SENTENCE, "vi")
