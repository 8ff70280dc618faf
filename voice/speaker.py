"""Says one thing at a time: guidance replaces what is being said, calls wait for their turn; never blocks its owner."""

import logging
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from voice.sound import SoundError, seconds
from voice.speech import NoVoiceError

AFTER_SECONDS = 0.3
"""A moment of silence after each sentence."""
LONGEST_SECONDS = 90.0
NO_VOICE = "no_voice"
_log = logging.getLogger(__name__)

Job = Callable[[], None]


class Plays(Protocol):
    """A sound card, perhaps a dead one: nobody waits for it to say that it has ended."""

    def play(self, path: Path) -> Job:
        """Begin to play a file; what is returned ends it."""


@dataclass(frozen=True, eq=False)
class _Announcement:
    text: str
    language: str


class Speaker:
    """A voice. Everything runs on its owner's thread, but speech is made on a thread of its own; `post` brings it back.

    `make`: the WAV file of a text and language, or NoVoiceError. Call `tick` a few times each second.
    """

    def __init__(
        self,
        make: Callable[[str, str], Path],
        player: Plays,
        post: Callable[[Job], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._make = make
        self._player = player
        self._post = post
        self._clock = clock
        self._maker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="voice")
        self._waiting: deque[_Announcement] = deque()
        self._now: _Announcement | None = None
        self._end: Job | None = None
        self._ends_at = 0.0
        self.trouble = ""
        """`no_voice` after something could not be said, until something could."""

    @property
    def speaking(self) -> bool:
        """Whether something is being said, or about to be."""
        return self._now is not None

    def say(self, text: str, language: str) -> None:
        """Say this instead of all that is being said or waits."""
        self.quiet()
        self.announce(text, language)

    def announce(self, text: str, language: str) -> None:
        """Say this after all that waits."""
        self._waiting.append(_Announcement(text, language))
        self._go_on()

    def quiet(self) -> None:
        """Say nothing more."""
        self._waiting.clear()
        self._finish()

    def tick(self) -> None:
        """Time passed: what has lasted its length has ended, whether the sound card noticed or not."""
        if self._end is not None and self._clock() >= self._ends_at:
            self._finish()
            self._go_on()

    def close(self) -> None:
        """Be quiet for good."""
        self.quiet()
        self._maker.shutdown(wait=False, cancel_futures=True)

    def _finish(self) -> None:
        end, self._end, self._now = self._end, None, None
        if end is not None:
            end()

    def _go_on(self) -> None:
        if self._now is not None or not self._waiting:
            return
        announcement = self._now = self._waiting.popleft()
        future = self._maker.submit(self._make, announcement.text, announcement.language)
        future.add_done_callback(lambda done: self._post(lambda: self._made(announcement, done)))

    def _made(self, announcement: _Announcement, future: "Future[Path]") -> None:
        if announcement is not self._now or future.cancelled():
            return
        try:
            path = future.result()
            length = min(seconds(path.read_bytes()), LONGEST_SECONDS)
            self._end = self._player.play(path)
        except (NoVoiceError, SoundError, OSError) as fault:
            self._miss(fault)
        else:
            self.trouble, self._ends_at = "", self._clock() + length + AFTER_SECONDS

    def _miss(self, fault: Exception) -> None:
        if not self.trouble:
            _log.warning("nothing is said: %s", fault)
        self.trouble, self._now = NO_VOICE, None
        self._go_on()
