"""Plays WAV files through Kivy; a machine without a sound card plays nothing, and nobody waits for it."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kivy import kivy_options

_log = logging.getLogger(__name__)


class KivySound:
    """The sound card, as Kivy's SDL knows it; a `voice.speaker.Plays`. Only for the thread of the window.

    Kivy's loader would take ffpyplayer as soon as that is installed: it holds up the window while it opens a file.
    """

    def __init__(self, volume: float = 1.0) -> None:
        self.volume = volume
        """How loud the next file is, from 0 to 1."""
        self.dead = False
        """Whether nothing could be heard of the last file: no card, or a file that is no sound."""
        self._sound: Any = None
        self._load = _sdl()

    @property
    def playing(self) -> bool:
        """Whether the card has not come to the end of the last file yet."""
        return self._sound is not None and self._sound.state == "play"

    def play(self, path: Path) -> Callable[[], None]:
        """Begin to play; what is returned ends it."""
        sound: Any = self._load(source=str(path))
        self.dead = not sound.length
        if self.dead:
            _log.warning("%s: no sound", path.name)
        sound.volume = self.volume
        sound.play()
        self._sound = sound

        def end() -> None:
            sound.stop()
            sound.unload()

        return end


def _sdl() -> Any:
    """Kivy's sounds by SDL, without those that would be loaded besides."""
    kivy_options["audio"] = ("sdl2",)
    from kivy.core.audio.audio_sdl2 import SoundSDL2

    return SoundSDL2
