"""Has espeak-ng say clips: trimmed, levelled, one file each. What lies there already is kept."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from voice.files import is_file, write_whole
from voice.sound import SoundError, check_clip, trimmed
from voice.speech import PROGRAM, NoVoiceError, spoken_by
from voice.wanted import voice_of
from voice.wording import Wording

WORDS_FILE = "words.json"
"""Beside clips that were rendered: what is spoken in each."""

Progress = Callable[[int, int], None]
"""Told how many clips of how many are done."""


def program() -> str:
    """Where espeak-ng is; raises NoVoiceError."""
    found = shutil.which(PROGRAM)
    if found is None:
        raise NoVoiceError(f"{PROGRAM} is not installed")
    return found


def clip(speaker: str, words: str, voice: str) -> bytes:
    """A clip of words as a WAV; raises NoVoiceError. `speaker`: the program."""
    if not voice:
        raise NoVoiceError("no voice speaks this language")
    try:
        made = trimmed(spoken_by(speaker, words, voice))
        check_clip(made)
    except SoundError as fault:
        raise NoVoiceError(f"{PROGRAM} made no speech: {fault}") from fault
    return made


def render(
    folder: Path, said: Wording, clips: Mapping[str, str], progress: Progress = lambda _done, _of: None
) -> list[str]:
    """Make the clips of a folder that are not there or said otherwise by now; the names of those made.

    A file that was not made here is never replaced. Raises NoVoiceError, OSError. Takes a moment for each.
    """
    known = words_in(folder)
    due = [name for name, words in clips.items() if not _is_there(folder / f"{name}.wav", words, known.get(name))]
    speaker = program() if due else ""
    if due:
        _announce(folder, known | {name: clips[name] for name in due}, due)
    for done, name in enumerate(due, 1):
        write_whole(folder / f"{name}.wav", clip(speaker, clips[name], voice_of(name, said)))
        progress(done, len(due))
    return due


def _announce(folder: Path, words: dict[str, str], due: list[str]) -> None:
    """Write down what is spoken in each before it is: who is cut off goes on where a file is missing."""
    for name in due:
        (folder / f"{name}.wav").unlink(missing_ok=True)
    write_whole(folder / WORDS_FILE, json.dumps(words, ensure_ascii=False, indent=1).encode())


def words_in(folder: Path) -> dict[str, str]:
    """What is spoken in the rendered clips of a folder; empty if none was rendered."""
    try:
        found = json.loads((folder / WORDS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): str(words) for name, words in found.items()} if isinstance(found, dict) else {}


def _is_there(path: Path, words: str, known: str | None) -> bool:
    """Whether a clip need not be made: somebody recorded it, or it was made of these words and is whole."""
    if known is None or not is_file(path):
        return is_file(path)
    try:
        check_clip(path.read_bytes())
    except SoundError:
        return False
    return known == words
