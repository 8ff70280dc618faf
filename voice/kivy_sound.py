"""Plays WAV files through Kivy; a machine without a sound card plays nothing, and nobody waits for it."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kivy.core.audio import SoundLoader

_log = logging.getLogger(__name__)


class KivySound:
    """The sound card, as Kivy knows it; a `voice.speaker.Plays`. Only for the thread of the window."""

    def __init__(self, volume: float = 1.0) -> None:
        self._volume = volume

    def play(self, path: Path) -> Callable[[], None]:
        """Begin to play; what is returned ends it."""
        sound: Any = SoundLoader.load(str(path))
        if sound is None:
            _log.warning("%s: no sound", path.name)
            return _nothing
        sound.volume = self._volume
        sound.play()

        def end() -> None:
            sound.stop()
            sound.unload()

        return end


def _nothing() -> None:
    """There is nothing to end."""
