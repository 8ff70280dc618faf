"""`voice render` and `voice check` say what they did, and a mistake in one line each."""

import shutil
from pathlib import Path

import pytest

from tests.running import ROOT
from tests.voice.recordings import record, tone
from voice import rendering
from voice.commands import main
from voice.speech import PROGRAM
from voice.wanted import Needs

HALL = ROOT / "config" / "halls" / "xa.toml"
needs_program = pytest.mark.skipif(shutil.which(PROGRAM) is None, reason=f"{PROGRAM} is not installed")


@needs_program
def test_a_set_for_a_hall_is_made_kept_and_without_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rendering = ["render", "--to", str(tmp_path), "--hall", str(HALL), "--counter", "Quầy hướng dẫn"]
    assert main(rendering) == 0
    assert (tmp_path / "vi" / "name-quay-huong-dan.wav").is_file()
    assert (tmp_path / "gong.wav").is_file()
    told = capsys.readouterr()
    assert "… 20/" in told.err
    made = len(list((tmp_path / "vi").glob("*.wav")))
    assert f"đã tạo {made} tiếng" in told.out
    assert main(rendering) == 0
    assert f"đã tạo 0 tiếng, giữ nguyên {made}" in capsys.readouterr().out
    assert main(["check", str(tmp_path), "--hall", str(HALL)]) == 0
    assert "Không có lỗi" in capsys.readouterr().out


def test_a_recorded_set_is_checked_and_every_fault_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clips = record(tmp_path, "vi", Needs())
    assert main(["check", str(tmp_path)]) == 0
    assert f"{len(clips)} tiếng" in capsys.readouterr().out
    clips["number-15"].unlink()
    clips["digit-0"].write_bytes(b"mp3")
    clips["digit-1"].write_bytes(tone(seconds=3))
    (tmp_path / "gong.wav").write_bytes(b"")
    assert main(["check", str(tmp_path)]) == 2
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 5
    assert "number-15.wav: còn thiếu; cần đọc: “mười lăm”" in told[1]
    assert told[-1] == "Tổng cộng 4 lỗi."


def test_it_is_told_in_the_language_that_alone_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record(tmp_path, "en", Needs())
    assert main(["check", str(tmp_path), "--language", "en"]) == 0
    assert "No faults" in capsys.readouterr().out


@pytest.mark.parametrize("at", ["", "nothing/there"])
def test_a_folder_without_sets_is_said(tmp_path: Path, at: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path / at)]) == 2
    assert "không có bộ tiếng nào" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["render --to", "check"])
def test_a_hall_file_that_can_not_be_used_is_said(
    tmp_path: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "hall.toml").write_text("[hall\n")
    assert main([*command.split(), str(tmp_path / "voice"), "--hall", str(tmp_path / "hall.toml")]) == 2
    assert "hall.toml" in capsys.readouterr().err
    assert not (tmp_path / "voice").exists()


def test_a_language_that_nobody_told_is_said_and_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", "--to", str(tmp_path), "--language", "vi", "--language", "tyz"]) == 2
    assert "“tyz”" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_counters_that_would_be_called_alike_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "--to", str(tmp_path), "--counter", "Quầy bán", "--counter", "Quầy bạn"]) == 2
    assert "“Quầy bán”" in capsys.readouterr().err


def test_without_the_program_it_fails_and_says_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["render", "--to", str(tmp_path / "voice")]) == 1
    assert PROGRAM in capsys.readouterr().err


def test_a_file_in_place_of_the_folder_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "voice").write_text("a file")
    assert main(["render", "--to", str(tmp_path / "voice"), "--language", "en"]) == 1
    assert str(tmp_path / "voice") in capsys.readouterr().err


@needs_program
def test_who_stops_it_keeps_what_was_made_and_goes_on_later(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = rendering.clip

    def stop_at_four(speaker: str, words: str, voice: str) -> bytes:
        if words == "bốn":
            raise KeyboardInterrupt
        return made(speaker, words, voice)

    monkeypatch.setattr(rendering, "clip", stop_at_four)
    render = ["render", "--to", str(tmp_path), "--language", "vi", "--hall", str(HALL)]
    assert main(render) == 1
    assert "Đã dừng" in capsys.readouterr().err
    monkeypatch.undo()
    assert main(render) == 0
    assert "giữ nguyên 8 tiếng" in capsys.readouterr().out
    assert main(["check", str(tmp_path), "--language", "vi", "--hall", str(HALL)]) == 0
