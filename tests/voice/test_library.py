"""The clips of a loudspeaker: recorded ones first, joined once, and whole again after a power cut."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.voice.recordings import record, tone
from voice import library
from voice.files import write_whole
from voice.gong import gong
from voice.library import CallSound, Library
from voice.sound import PEAK, peak_of, samples_of, seconds
from voice.speech import PROGRAM, NoVoiceError
from voice.wanted import Needs

FOLDER = Path(library.__file__).parent / "phrases"

HALL = Needs(("Quầy 1",), "A")


@pytest.fixture
def shelf(tmp_path: Path) -> Library:
    record(tmp_path, "vi", HALL)
    return Library(tmp_path, ["vi"], HALL)


def call(shelf: Library, number: str = "A015", *, again: bool = False, with_gong: bool = False) -> CallSound:
    return shelf.call(number, "Quầy 1", again=again, with_gong=with_gong)


def test_a_call_is_a_file_of_the_usual_loudness(shelf: Library) -> None:
    made = call(shelf, with_gong=True)
    wav = made.path.read_bytes()
    assert (made.said, made.missing, made.seconds) == (True, [], seconds(wav))
    assert peak_of(wav) == pytest.approx(PEAK, abs=0.001)


def test_the_same_call_is_joined_once_until_a_clip_is_replaced(shelf: Library, tmp_path: Path) -> None:
    first = call(shelf)
    inode = first.path.stat().st_ino
    assert call(shelf).path.stat().st_ino == inode
    (tmp_path / "vi" / "digit-0.wav").write_bytes(tone(seconds=0.5))
    assert call(shelf).seconds > first.seconds


def test_a_joined_call_that_was_cut_off_with_the_power_is_joined_again(shelf: Library) -> None:
    first = call(shelf)
    whole = first.path.read_bytes()
    first.path.write_bytes(b"")
    assert call(shelf) == first
    assert first.path.read_bytes() == whole


def test_only_the_latest_calls_are_kept(shelf: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "KEPT_CALLS", 3)
    made = [call(shelf, f"A00{digit}").path for digit in range(5)]
    assert [path.exists() for path in made] == [False, False, True, True, True]


def test_a_recording_is_heard_instead_of_what_a_program_spoke(shelf: Library, tmp_path: Path) -> None:
    spoken = tmp_path / "rendered" / "vi" / "digit-0.wav"
    spoken.parent.mkdir(parents=True)
    before = call(shelf).seconds
    spoken.write_bytes(tone(seconds=1.0))
    assert call(shelf).seconds == before
    (tmp_path / "vi" / "digit-0.wav").unlink()
    assert call(shelf).seconds > before + 0.5
    assert shelf.incomplete()


def test_a_halls_own_gong_is_heard_unless_it_is_broken(shelf: Library, tmp_path: Path) -> None:
    (tmp_path / "gong.wav").write_bytes(tone(seconds=2.0))
    assert shelf.words([], with_gong=True).seconds > 1.9
    (tmp_path / "gong.wav").write_bytes(b"nothing to be heard")
    assert shelf.words([], with_gong=True).seconds == pytest.approx(seconds(gong()), abs=0.2)


def test_words_that_are_no_sound_leave_the_gong(shelf: Library, tmp_path: Path) -> None:
    (tmp_path / "words.wav").write_bytes(b"")
    made = shelf.words([tmp_path / "words.wav"], with_gong=False)
    assert not made.said
    assert max(samples_of(made.path.read_bytes())) > 10_000


def test_a_language_whose_phrases_can_not_be_used_is_silent_and_the_others_are_said(tmp_path: Path) -> None:
    record(tmp_path, "vi", HALL)
    record(tmp_path, "en", HALL)
    (tmp_path / "en" / "phrases.toml").write_text("[")
    shelf = Library(tmp_path, ["en", "vi"], HALL)
    made = call(shelf)
    assert (made.said, made.missing) == (True, ["en/phrases"])
    assert [shelf.silent(language) for language in ("en", "vi")] == [True, False]
    assert "phrases.toml" in shelf.faults[0]


def test_two_displays_of_one_folder_do_not_spoil_each_others_files(tmp_path: Path) -> None:
    wavs = [tone(200.0 + 50 * at, seconds=0.5) for at in range(4)]
    path = tmp_path / "joined" / "call.wav"

    def write(wav: bytes) -> None:
        for _ in range(50):
            write_whole(path, wav)
            assert path.read_bytes() in wavs

    with ThreadPoolExecutor() as pool:
        list(pool.map(write, wavs))
    assert [file.name for file in path.parent.iterdir()] == ["call.wav"]


def test_a_full_disk_leaves_no_rest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> int:
        with path.open("wb") as file:
            file.write(content[:100])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(tmp_path / "call.wav", tone())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(shutil.which(PROGRAM) is None, reason=f"{PROGRAM} is not installed")
def test_a_language_whose_voice_is_none_keeps_no_other_from_being_made(tmp_path: Path) -> None:
    (tmp_path / "lo").mkdir()
    lao = (FOLDER / "vi.toml").read_text(encoding="utf-8").replace('voice = "vi"', 'voice = "xx"')
    (tmp_path / "lo" / "phrases.toml").write_text(lao, encoding="utf-8")
    shelf = Library(tmp_path, ["lo", "vi"], HALL)
    with pytest.raises(NoVoiceError):
        shelf.render()
    assert not shelf.silent("vi")
