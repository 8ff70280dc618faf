"""Makes speech of a text: espeak-ng, a program of its own, writes a WAV file once; then it lies in a folder."""

import hashlib
import shutil
import subprocess
from pathlib import Path

from voice.files import forget_oldest, write_whole
from voice.reading import said
from voice.sound import SoundError, levelled

PROGRAM = "espeak-ng"
WORDS_PER_MINUTE = 140
MAKING_SECONDS = 15.0
KEPT_FILES = 400
"""So many of the latest are kept: a sentence has some 100 kB."""
_VOICES = {"vi": "vi", "en": "en-gb"}


class NoVoiceError(Exception):
    """Nothing can be said: no program, no voice for the language, no room for the file."""


class Speech:
    """Speech of texts as files in a folder; `find` looks for the program."""

    def __init__(self, folder: Path, program: str | None = None) -> None:
        self._folder = folder
        self._program = program or shutil.which(PROGRAM)

    def speaks(self, language: str) -> bool:
        """Whether there is a voice for a language."""
        return self._program is not None and language in _VOICES

    def file_of(self, text: str, language: str) -> Path:
        """The WAV file of a text of a screen, made if it is not there yet; raises NoVoiceError. Takes a moment."""
        if self._program is None:
            raise NoVoiceError(f"{PROGRAM} is not installed")
        if language not in _VOICES:
            raise NoVoiceError(f"there is no voice for {language!r}")
        spoken = said(text, language)
        path = self._folder / f"{_name(spoken, language)}.wav"
        try:
            if path.is_file():
                path.touch()
            else:
                write_whole(path, self._made(spoken, language))
                forget_oldest(self._folder, KEPT_FILES)
        except OSError as fault:
            raise NoVoiceError(f"the speech can't be kept: {fault}") from fault
        return path

    def _made(self, spoken: str, language: str) -> bytes:
        assert self._program is not None
        return spoken_by(self._program, spoken, _VOICES[language])


def spoken_by(program: str, words: str, voice: str) -> bytes:
    """A WAV of words as they stand, its peak at -3 dB; raises NoVoiceError. Takes a moment."""
    command = [program, "-v", voice, "-s", str(WORDS_PER_MINUTE), "--stdin", "--stdout"]
    try:
        done = subprocess.run(command, input=words.encode(), capture_output=True, timeout=MAKING_SECONDS, check=True)
        return levelled(_whole(done.stdout))
    except (OSError, subprocess.SubprocessError, SoundError) as fault:
        raise NoVoiceError(f"{PROGRAM} made no speech: {fault}") from fault


def _name(spoken: str, language: str) -> str:
    return hashlib.sha256(f"{_VOICES[language]} {WORDS_PER_MINUTE} {spoken}".encode()).hexdigest()[:32]


def _whole(stream: bytes) -> bytes:
    """A WAV written to a pipe says nothing true about its length: set it right."""
    at = stream.find(b"data")
    if stream[:4] != b"RIFF" or at < 0:
        raise SoundError("no WAV came")
    body = stream[at + 8 :]
    body = body[: len(body) // 2 * 2]
    head = stream[8:at]
    size = len(head) + 8 + len(body)
    return b"RIFF" + size.to_bytes(4, "little") + head + b"data" + len(body).to_bytes(4, "little") + body
