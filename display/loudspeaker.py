"""The loudspeaker of a wall: says what `announcing` decides, out of clips; a dead sound card holds up nothing.

Everything runs on its owner's thread, but clips are made and joined on threads of their own; `post` brings them back.
"""

import datetime as dt
import logging
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol

from display.announcing import USUAL, Announcement, Announcing, Dropped, Turn
from display.aside import aside
from protocol.replies import HallReply
from voice.library import CallSound, Library
from voice.sound import SoundError
from voice.speaker import NO_VOICE, Job, Plays
from voice.speech import NoVoiceError, Speech
from voice.wanted import Needs

NO_SOUND, NO_CLIPS, CLIP_MISSING = "no_sound", "no_clips", "clip_missing"
AFTER_SECONDS = 1.0
"""The silence after an announcement."""
AFTER_HURRIED_SECONDS = 0.5
GRACE_SECONDS = 2.0
"""So much longer a card may take to come to the end of a sound; else nothing was heard of it."""
KEPT_ACKNOWLEDGED = 100
_FAULTS = (NoVoiceError, SoundError, OSError)
_log = logging.getLogger(__name__)


class Sounds(Plays, Protocol):
    """A sound card, as `voice.kivy_sound.KivySound` is."""

    volume: float
    dead: bool

    @property
    def playing(self) -> bool:
        """Whether it has not come to the end of the last file yet."""


class Loudspeaker:
    """A wall's voice. `folder`: where its clips lie (`DIR/voice`). Call `tick` a few times each second.

    `on_said` hears which call (ticket, instant of its announcement) was said to its end, `on_dropped` what was not.
    """

    def __init__(
        self, folder: Path, sound: Sounds, post: Callable[[Job], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.on_said: Callable[[int, dt.datetime], None] = lambda _ticket_id, _announced_at: None
        self.on_dropped: Callable[[Dropped], None] = lambda _dropped: None
        self._folder, self._sound, self._post, self._clock = folder, sound, post, clock
        self._line = Announcing()
        self._library = Library(folder, USUAL.languages, Needs())
        self._described: object = None
        self._speech = Speech(folder / "texts")
        self._rendering: Future[list[str]] | None = None
        self._looked_at: Library | None = None
        self._preparing = False
        """Whether there is a language in which nothing can be said yet, but may be soon."""
        self._acknowledged: deque[tuple[int, dt.datetime]] = deque(maxlen=KEPT_ACKNOWLEDGED)
        self._turn: Turn | None = None
        self._heard: CallSound | None = None
        self._end: Job | None = None
        self._ends_at = 0.0
        self._troubles: dict[str, bool] = {}

    @property
    def troubles(self) -> list[str]:
        """What is wrong, as codes: `no_sound`, `no_clips`, `clip_missing`, `no_voice`; may be asked from any thread."""
        return [code for code, wrong in sorted(self._troubles.items()) if wrong]

    # ---- what is to be said ----

    def describe(self, hall: HallReply) -> None:
        """Take the hall's habits and counters; clips that are missing are made meanwhile."""
        habits = hall.voice or USUAL
        counters = tuple(counter.name for counter in hall.counters)
        letters = "".join(sorted({letter for queue in hall.queues for letter in queue.prefix}))
        needs = Needs(counters, letters if hall.queues else None, habits.letters)
        if self._described != (habits, needs):
            self._described, self._line.habits = (habits, needs), habits
            self._library = Library(self._folder, habits.languages, needs)
            for fault in self._library.faults:
                _log.warning("phrases can't be used: %s", fault)
        self._render()

    def call(self, ticket_id: int, number: str, counter_name: str, announced_at: dt.datetime) -> None:
        """A ticket was called."""
        self._line.call(ticket_id, number, counter_name, announced_at, self._clock())

    def recall(self, ticket_id: int, number: str, counter_name: str, announced_at: dt.datetime) -> None:
        """A ticket was called again."""
        self._line.recall(ticket_id, number, counter_name, announced_at, self._clock())

    def answered(self, ticket_id: int) -> None:
        """A call needs no voice any more: its citizen came, or it was ended or taken back."""
        self._line.answered(ticket_id)

    def speak(self, announcement_id: int, texts: dict[str, str]) -> None:
        """Say what the supervisor wrote, by language, before all calls."""
        self._line.speak(announcement_id, texts, self._clock())

    def emergency(self, announcement_id: int, texts: dict[str, str]) -> None:
        """Say this at once, and again until it is ended."""
        self._line.emergency(announcement_id, texts)

    def end(self, announcement_id: int) -> None:
        """The supervisor took back an announcement or an emergency."""
        self._line.end(announcement_id)

    # ---- as time passes ----

    def tick(self, local: dt.time | None = None) -> None:
        """Go on; `local`: the hall's time of day, if it is known."""
        if self._line.urgent:
            self._fall_silent()
            self._line.interrupted()
        if self._end is not None and self._over(self._clock()):
            self._finish()
        if self._turn is None and (self._line.alarmed or not self._preparing):
            self._begin(self._line.next(self._clock(), local))
        for dropped in self._line.dropped():
            self.on_dropped(dropped)

    def close(self) -> None:
        """Be quiet for good."""
        self._fall_silent()

    def _begin(self, turn: Turn | None) -> None:
        self._turn = turn
        if turn is not None:
            library = self._library
            future = aside(lambda: self._make(library, turn), "loudspeaker")
            future.add_done_callback(lambda made: self._post(lambda: self._play(turn, made)))

    def _play(self, turn: Turn, made: "Future[CallSound]") -> None:
        if turn is not self._turn:
            return
        try:
            self._heard = made.result()
            self._sound.volume = turn.percent / 100
            self._end = self._sound.play(self._heard.path)
        except _FAULTS as fault:
            self._miss(fault)
        else:
            pause = AFTER_HURRIED_SECONDS if turn.hurried else AFTER_SECONDS
            self._ends_at = self._clock() + self._heard.seconds + pause

    def _miss(self, fault: Exception) -> None:
        _log.warning("nothing is said: %s", fault)
        self._troubles[NO_CLIPS] = True
        self._fall_silent()
        self._line.ended(self._clock())

    def _over(self, now: float) -> bool:
        """Whether what is being said lasted its length, whether the sound card noticed or not."""
        return now >= self._ends_at + (GRACE_SECONDS if self._sound.playing else 0.0)

    def _finish(self) -> None:
        heard, dumb = self._heard, self._sound.dead or self._sound.playing
        self._troubles[NO_SOUND] = dumb
        self._fall_silent()
        announcement = self._line.ended(self._clock())
        assert heard is not None
        assert announcement is not None
        self._judge(announcement, heard)
        if heard.said and not dumb and announcement.announced_at:
            self._acknowledge(announcement.ticket_id, announcement.announced_at)

    def _acknowledge(self, ticket_id: int, announced_at: dt.datetime) -> None:
        if (ticket_id, announced_at) not in self._acknowledged:
            self._acknowledged.append((ticket_id, announced_at))
            self.on_said(ticket_id, announced_at)

    def _judge(self, announcement: Announcement, heard: CallSound) -> None:
        if announcement.kind != "call":
            self._troubles[NO_VOICE] = not heard.said
        elif heard.missing:
            _log.warning("%s: clips are missing: %s", announcement.number, ", ".join(heard.missing))
            self._troubles[CLIP_MISSING] = True

    def _fall_silent(self) -> None:
        end, self._end, self._turn, self._heard = self._end, None, None, None
        if end is not None:
            end()

    # ---- on threads of their own ----

    def _make(self, library: Library, turn: Turn) -> CallSound:
        announcement = turn.announcement
        with_gong = self._line.habits.gong and not turn.hurried
        if announcement.kind == "call":
            again = announcement.repetition > 0
            return library.call(announcement.number, announcement.counter_name, again=again, with_gong=with_gong)
        spoken = [path for language, words in announcement.texts.items() if (path := self._spoken(words, language))]
        return library.words(spoken, with_gong=with_gong or announcement.kind == "emergency")

    def _spoken(self, words: str, language: str) -> Path | None:
        try:
            return self._speech.file_of(words, language) if words else None
        except NoVoiceError as fault:
            _log.warning("%s: %s", language, fault)
            return None

    def _render(self) -> None:
        """Look at the clips of a hall that is new, and again as long as some are missing; calls wait the first time."""
        busy = self._rendering is not None and not self._rendering.done()
        lacking = self._troubles.get(NO_CLIPS) or self._troubles.get(CLIP_MISSING)
        if busy or (self._looked_at is self._library and not lacking):
            return
        first, library = self._looked_at is not self._library, self._library
        self._looked_at = library
        self._preparing = first and any(library.silent(language) for language in library.languages)
        self._rendering = aside(library.render, "clips")
        self._rendering.add_done_callback(lambda made: self._post(lambda: self._rendered(library, made)))

    def _rendered(self, library: Library, made: "Future[list[str]]") -> None:
        self._preparing = False
        fault = made.exception()
        if fault is not None and not self._troubles.get(NO_CLIPS):
            _log.warning("clips can't be made: %s", fault)
        self._troubles[NO_CLIPS] = any(library.silent(language) for language in library.languages)
        self._troubles[CLIP_MISSING] = not self._troubles[NO_CLIPS] and library.incomplete()
