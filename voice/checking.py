"""Looks at a recorded set of clips: everything that is wrong with it, at once."""

import statistics
from collections.abc import Iterator
from difflib import get_close_matches
from math import log10
from pathlib import Path

from msgspec import Struct

from voice.calls import GONG
from voice.sound import SoundError, check_clip, loudness_of, peak_of, seconds, silence_at_ends
from voice.wanted import Needs, may_be, wanted
from voice.wording import Wording, WordingError, wording

SHORTEST_SECONDS, LONGEST_SECONDS = 0.1, 2.0
LONGEST_PHRASE_SECONDS = 5.0
PEAK_DECIBELS, PEAK_TOLERANCE = -3.0, 0.5
SILENCE_SECONDS = 0.05
LOUDNESS_TOLERANCE = 8.0
"""So many decibels a clip may be from the middle of its set, as a whole: peaks alone don't tell who stood far away."""
_SIGNS = ("digit-", "letter-", "number-")
Facts = dict[str, object]


class ClipFault(Struct, frozen=True):
    """What is wrong with a file: `code` of a text, and that text's facts."""

    path: Path
    code: str
    facts: Facts = {}


class Checked(Struct, frozen=True):
    """A set of one language: how many clips, how long together, and what is wrong."""

    clips: int
    seconds: float
    faults: list[ClipFault]


def check_set(folder: Path, language: str, needs: Needs) -> Checked:
    """Look at the clips of a language in `folder`; never raises for what is wrong with them."""
    try:
        said = wording(language, folder)
    except WordingError as fault:
        return Checked(0, 0, [ClipFault(folder, "phrases", {"reason": fault})])
    if said is None:
        return Checked(0, 0, [ClipFault(folder, "no_phrases")])
    found = {path.stem: path for path in sorted(folder.glob("*.wav"))}
    clips = {path: wav for path in found.values() if (wav := _wav(path)) is not None}
    faults = [*_names(folder, found, language, said, needs), *_unreadable(found, clips)]
    faults += [fault for path, wav in clips.items() for fault in sound_faults(path, wav)]
    return Checked(len(found), sum(map(_length, clips.values())), [*faults, *_loudness(clips)])


def check_gong(folder: Path) -> list[ClipFault]:
    """Look at a hall's own gong, if it has one."""
    path = folder / f"{GONG}.wav"
    if not path.exists():
        return []
    wav = _wav(path)
    return [ClipFault(path, "unreadable")] if wav is None else list(sound_faults(path, wav))


def sound_faults(path: Path, wav: bytes) -> Iterator[ClipFault]:
    """What is wrong with a clip by itself."""
    try:
        check_clip(wav)
    except SoundError as fault:
        yield ClipFault(path, "format", {"reason": fault})
        return
    yield from _length_faults(path, seconds(wav))
    yield from _peak_faults(path, peak_of(wav))
    for code, silent in zip(("silence_before", "silence_after"), silence_at_ends(wav), strict=True):
        if silent > SILENCE_SECONDS:
            yield ClipFault(path, code, {"milliseconds": round(silent * 1000), "most": round(SILENCE_SECONDS * 1000)})


def _length_faults(path: Path, length: float) -> Iterator[ClipFault]:
    most = LONGEST_SECONDS if path.stem.startswith(_SIGNS) else LONGEST_PHRASE_SECONDS
    if not SHORTEST_SECONDS <= length <= most:
        yield ClipFault(path, "length", {"seconds": round(length, 2), "least": SHORTEST_SECONDS, "most": most})


def _peak_faults(path: Path, peak: float) -> Iterator[ClipFault]:
    decibels = 20 * log10(peak) if peak else -100.0
    if abs(decibels - PEAK_DECIBELS) > PEAK_TOLERANCE:
        yield ClipFault(path, "peak", {"decibels": round(decibels, 1)})


def _loudness(clips: dict[Path, bytes]) -> Iterator[ClipFault]:
    """Clips that are much louder or softer than the others of their set."""
    loud = {path: loudness_of(wav) for path, wav in clips.items() if _length(wav)}
    middle = statistics.median(loud.values()) if loud else 0
    for path, decibels in loud.items():
        if abs(decibels - middle) > LOUDNESS_TOLERANCE:
            yield ClipFault(path, "loudness", {"decibels": round(decibels, 1), "middle": round(middle, 1)})


def _names(folder: Path, found: dict[str, Path], language: str, said: Wording, needs: Needs) -> Iterator[ClipFault]:
    needed = wanted(language, said, needs)
    for name, words in needed.items():
        if name not in found:
            yield ClipFault(folder / f"{name}.wav", "missing", {"words": words})
    for name, path in found.items():
        if name not in needed and not may_be(name, said):
            near = get_close_matches(name, needed, n=1)
            yield ClipFault(path, "surplus_near" if near else "surplus", {"near": f"{near[0]}.wav"} if near else {})


def _unreadable(found: dict[str, Path], clips: dict[Path, bytes]) -> list[ClipFault]:
    return [ClipFault(path, "unreadable") for path in found.values() if path not in clips]


def _wav(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _length(wav: bytes) -> float:
    """Seconds; 0 for what is no sound."""
    try:
        return seconds(wav)
    except SoundError:
        return 0
