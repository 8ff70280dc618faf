"""Plays a playlist: loads what comes next in a thread, shows each its time, passes what is broken and says so."""

import datetime as dt
import logging
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

from msgspec import Struct

from display.aside import aside
from display.media.film import Film
from display.media.pixels import BrokenMedia, Pixels, media_path
from display.media.playlist import Playlist
from display.media.still import is_still, read_still
from protocol.replies import MediaInfo

TROUBLE = "media"
"""The code of a file that could not be shown, for the supervisor."""
_LOOK_SECONDS = 1.0
"""How often it is looked whether something may be shown again."""
LOAD_SECONDS = 20.0
"""A file whose disk does not answer for so long can't be shown."""
LEAST_SECONDS = 2.0
"""A film that is shorter leaves its last frame for so long: to begin one is work, and a flash is nothing to look at."""
_log = logging.getLogger(__name__)


class Stamp(Struct, frozen=True):
    """Tells whether a picture has to be read again."""

    path: Path
    changed_ns: int
    box: tuple[int, int]


class Player:
    """What one display shows beside the calls; only for one thread, except `troubles`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._playlist = Playlist()
        self._loading: tuple[MediaInfo, Future[Pixels | Film], float] | None = None
        self._item: MediaInfo | None = None
        self._film: Film | None = None
        self._until = 0.0
        self._box = (0, 0)
        self._look_at = 0.0
        self._still: tuple[Stamp, Pixels] | None = None
        self._paused = False
        self.pixels: Pixels | None = None
        """What is to be seen now; none: nothing can be shown, or nothing is to be."""

    @property
    def troubles(self) -> list[str]:
        """What is wrong, as codes; may be asked from any thread."""
        return [TROUBLE] if self._playlist.faulty else []

    def describe(self, items: Sequence[MediaInfo]) -> None:
        """Take the items that the hall wants now; another list begins at once."""
        if list(items) != self._playlist.items:
            self._playlist.describe(items)
            self._stop()
            self._look_at = 0.0

    def turn(self, clock: dt.time, now: float, box: tuple[int, int]) -> None:
        """Let `pixels` be what is to be seen at `now` (monotonic seconds) within a box (pixels)."""
        if self._paused:
            return
        self._take_loaded(now)
        self._take_frame(now)
        if self._loading is not None:
            return
        if self._over(now):
            self._begin_next(clock, now, box)
        elif self._item is not None and box != self._box:
            self._begin(self._item, now, box)

    def pause(self, *, paused: bool) -> None:
        """Let everything stand still while nobody sees it, or go on."""
        self._paused = paused
        if self._film:
            self._film.pause(paused=paused)

    def close(self) -> None:
        """End what plays."""
        self._stop()

    # ---- one item after the other ----

    def _over(self, now: float) -> bool:
        if self._item is None:
            return True
        return now >= self._until and (self._film is None or self._film.over)

    def _begin_next(self, clock: dt.time, now: float, box: tuple[int, int]) -> None:
        if self._item is None and now < self._look_at:
            return
        item = self._playlist.turn(clock, now)
        if item is None:
            self._stop()
            self._look_at = now + _LOOK_SECONDS
        else:
            self._begin(item, now, box)

    def _begin(self, item: MediaInfo, now: float, box: tuple[int, int]) -> None:
        self._box = box
        self._loading = item, aside(lambda: self._load(item.file, box), "media"), now

    def _load(self, file: str, box: tuple[int, int]) -> Pixels | Film:
        """In the thread: a picture, or a film that has begun."""
        path = media_path(self._folder, file)
        stamp = Stamp(path, path.stat().st_mtime_ns, box)
        if self._still and self._still[0] == stamp:
            return self._still[1]
        if not is_still(path):
            return Film(path, box)
        pixels = read_still(path, box)
        self._still = stamp, pixels
        return pixels

    def _take_loaded(self, now: float) -> None:
        if self._loading is None:
            return
        item, loaded, begun = self._loading
        if loaded.done():
            self._loading = None
            self._take(item, loaded, now)
        elif now - begun > LOAD_SECONDS:
            self._give_up_loading()
            self._fail(item, "its disk does not answer", now)

    def _take(self, item: MediaInfo, loaded: "Future[Pixels | Film]", now: float) -> None:
        try:
            found = loaded.result()
        except Exception as fault:  # noqa: BLE001 - whatever a decoder stumbles over, the wall goes on
            self._fail(item, str(fault), now)
            return
        again = item is self._item and self._film is None and now < self._until
        self._end_film()
        self._item = item
        if isinstance(found, Film):
            self._film, self._until = found, now + LEAST_SECONDS
        else:
            self.pixels, self._until = found, self._until if again else now + item.seconds
            self._playlist.well(item.file)

    def _take_frame(self, now: float) -> None:
        if self._film is None or self._item is None:
            return
        try:
            frame = self._film.frame(now)
        except BrokenMedia as fault:
            self._fail(self._item, str(fault), now)
            self._end_film()
            self._item = None
            return
        if frame is not None:
            self.pixels = frame
            self._playlist.well(self._item.file)

    def _fail(self, item: MediaInfo, why: str, now: float) -> None:
        _log.warning("%s can't be shown: %s", item.file, why)
        self._playlist.fail(item.file, now)

    def _stop(self) -> None:
        self._end_film()
        self._item, self.pixels = None, None
        self._give_up_loading()

    def _give_up_loading(self) -> None:
        if self._loading:
            self._loading[1].add_done_callback(_discard)
            self._loading = None

    def _end_film(self) -> None:
        film, self._film = self._film, None
        if film:
            aside(film.close, "media")


def _discard(loaded: "Future[Pixels | Film]") -> None:
    """End a film that nobody waits for any more."""
    if loaded.exception() is None and isinstance(found := loaded.result(), Film):
        aside(found.close, "media")
