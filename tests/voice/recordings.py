"""Sets of clips as a hall would record them, in place of a person: a tone of its own for each clip."""

import math
from pathlib import Path

from voice.sound import RATE, from_samples
from voice.wanted import Needs, wanted
from voice.wording import Wording, shipped

SECONDS = 0.12


def said(language: str) -> Wording:
    """How a language that comes with the program says a call."""
    found = shipped(language)
    assert found is not None
    return found


def tone(hertz: float = 440.0, seconds: float = SECONDS) -> bytes:
    """A clip: a sine that neither begins nor ends in silence."""
    return from_samples(math.cos(2 * math.pi * hertz * at / RATE) for at in range(round(seconds * RATE)))


def record(folder: Path, language: str, needs: Needs) -> dict[str, Path]:
    """Lay down a whole set in `folder/language`; the files by their clips' names."""
    (folder / language).mkdir(parents=True, exist_ok=True)
    found = {}
    for at, name in enumerate(wanted(language, said(language), needs)):
        found[name] = folder / language / f"{name}.wav"
        found[name].write_bytes(tone(200.0 + 20 * at))
    return found
