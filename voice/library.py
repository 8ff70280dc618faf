"""The clips of a loudspeaker, and calls joined of them: recorded ones first, then rendered ones."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from voice.calls import GONG, Sentence, sentence
from voice.files import forget_oldest, is_file, sounds_in, write_whole
from voice.gong import gong
from voice.rendering import render
from voice.sound import SoundError, check_clip, joined, seconds
from voice.speech import NoVoiceError
from voice.wanted import Needs, wanted
from voice.wording import Wording, WordingError, wording

KEPT_CALLS = 100
AFTER_GONG_SECONDS = 0.15
BETWEEN_LANGUAGES_SECONDS = 0.5
RENDERED, JOINED = "rendered", "joined"
_log = logging.getLogger(__name__)


class CallSound(Struct, frozen=True):
    """A call as a file. `said`: whether the number is heard in it; `missing`: the clips that are not."""

    path: Path
    seconds: float
    said: bool
    missing: list[str]


class BrokenClipError(Exception):
    """A file that is no clip: it counts as missing."""

    def __init__(self, path: Path, fault: object) -> None:
        super().__init__(f"{path}: {fault}")
        self.path = path


class Library:
    """The clips in a folder: `vi/*.wav` as a hall recorded them, `rendered/vi/*.wav` as a program spoke them.

    `gong.wav` in it is heard instead of the program's own. `needs`: of which hall.
    """

    def __init__(self, folder: Path, languages: Sequence[str], needs: Needs) -> None:
        self._folder = folder
        self._needs = needs
        self.faults: list[str] = []
        """The files of phrases that can't be used."""
        self._wordings = {language: said for language in languages if (said := self._wording(language))}
        self.languages = list(languages)
        self._broken: dict[Path, int] = {}
        """Files that are no clips, and of when (nanoseconds): they may be replaced."""

    def _wording(self, language: str) -> Wording | None:
        try:
            return wording(language, self._folder / language)
        except WordingError as fault:
            self.faults.append(str(fault))
            return None

    # ---- what is there ----

    def incomplete(self) -> bool:
        """Whether a clip is missing that the hall needs: in the set that it recorded, where it recorded one."""
        return any(self._lacking(language, recorded_only=self._recorded(language)) for language in self.languages)

    def silent(self, language: str) -> bool:
        """Whether nothing can be said in a language."""
        return language not in self._wordings or not self._there(language)

    def render(self) -> list[str]:
        """Have the program speak what nobody recorded; the clips made. Raises NoVoiceError, OSError. Takes a moment.

        A language that can't be spoken keeps no other from it.
        """
        made: list[str] = []
        faults: list[NoVoiceError] = []
        for language, said in self._wordings.items():
            try:
                made += self._render(language, said) if said.voice else []
            except NoVoiceError as fault:
                faults.append(fault)
        if faults:
            raise faults[0]
        return made

    def _render(self, language: str, said: Wording) -> list[str]:
        clips = wanted(language, said, self._needs)
        due = {name: clips[name] for name in self._lacking(language, recorded_only=True)}
        return render(self._folder / RENDERED / language, said, due)

    def _recorded(self, language: str) -> bool:
        return bool(self._names(self._folder / language))

    def _lacking(self, language: str, *, recorded_only: bool) -> list[str]:
        said = self._wordings.get(language)
        there = self._names(self._folder / language) if recorded_only else self._there(language)
        return [name for name in wanted(language, said, self._needs) if name not in there] if said else [language]

    # ---- what is said ----

    def call(self, number: str, counter: str, *, again: bool, with_gong: bool) -> CallSound:
        """A call in every language, one after the other; raises OSError. Takes a moment.

        Where no language can say the number it is the gong alone, also where the hall wants none.
        """
        return self._unbroken(lambda: self._call(number, counter, again, with_gong))

    def words(self, spoken: Sequence[Path], *, with_gong: bool) -> CallSound:
        """Sentences after each other, or where there are none the gong alone; raises OSError."""
        return self._unbroken(lambda: self._words(spoken, with_gong))

    def _unbroken(self, make: Callable[[], CallSound]) -> CallSound:
        """Make it without the files that turn out to be no clips."""
        while True:
            try:
                return make()
            except BrokenClipError as fault:
                _log.warning("no clip: %s", fault)
                self._broken[fault.path] = fault.path.stat().st_mtime_ns

    def _call(self, number: str, counter: str, again: bool, with_gong: bool) -> CallSound:
        clips: list[tuple[Path, float]] = []
        missing: list[str] = []
        for language in self.languages:
            found = self._sentence(language, number, counter, again)
            missing += [f"{language}/{name}" for name in found.missing]
            parts = [(self._path(language, clip.name), clip.pause) for clip in found.clips]
            clips += [*parts[:-1], (parts[-1][0], BETWEEN_LANGUAGES_SECONDS)] if parts else []
        return self._joined(clips, missing, with_gong=with_gong)

    def _words(self, spoken: Sequence[Path], with_gong: bool) -> CallSound:
        clips = [(path, BETWEEN_LANGUAGES_SECONDS) for path in spoken if self._good(path)]
        return self._joined(clips, [], with_gong=with_gong)

    def _sentence(self, language: str, number: str, counter: str, again: bool) -> Sentence:
        said = self._wordings.get(language)
        if said is None:
            return Sentence([], ["phrases"])
        return sentence(said, number, counter, again=again, there=self._there(language))

    def _there(self, language: str) -> set[str]:
        return self._names(self._folder / language) | self._names(self._folder / RENDERED / language)

    def _path(self, language: str, name: str) -> Path:
        recorded = self._folder / language / f"{name}.wav"
        return recorded if self._good(recorded) else self._folder / RENDERED / language / f"{name}.wav"

    def _gong(self) -> Path:
        recorded, made = self._folder / f"{GONG}.wav", self._folder / RENDERED / f"{GONG}.wav"
        if self._good(recorded):
            return recorded
        if not self._good(made):
            write_whole(made, gong())
        return made

    def _names(self, folder: Path) -> set[str]:
        return {path.stem for path in sounds_in(folder) if self._good(path)}

    def _good(self, path: Path) -> bool:
        return is_file(path) and (path not in self._broken or self._broken[path] != path.stat().st_mtime_ns)

    def _joined(self, spoken: list[tuple[Path, float]], missing: list[str], *, with_gong: bool) -> CallSound:
        before = [(self._gong(), AFTER_GONG_SECONDS)] if with_gong or not spoken else []
        *first, (last, _) = before + spoken
        clips = [*first, (last, 0.0)]
        path = self._folder / JOINED / f"{_key(clips)}.wav"
        return CallSound(path, _length(path) or _join(clips, path), bool(spoken), missing)


def _length(path: Path) -> float:
    """How long a file plays that was joined before; 0: there is none, or it was cut off."""
    try:
        length = seconds(path.read_bytes())
        path.touch()
    except (OSError, SoundError):
        return 0
    return length


def _join(clips: list[tuple[Path, float]], path: Path) -> float:
    wav = joined([(_clip(clip), pause) for clip, pause in clips])
    write_whole(path, wav)
    forget_oldest(path.parent, KEPT_CALLS)
    return seconds(wav)


def _key(clips: list[tuple[Path, float]]) -> str:
    told = [(str(path), path.stat().st_mtime_ns, path.stat().st_size, pause) for path, pause in clips]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def _clip(path: Path) -> bytes:
    wav = path.read_bytes()
    try:
        check_clip(wav)
    except SoundError as fault:
        raise BrokenClipError(path, fault) from fault
    return wav
