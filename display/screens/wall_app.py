"""The Kivy application of the wall: redraws when something is heard and as time passes, and keeps pictures."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.clock import Clock, mainthread
from kivy.core.window import Window
from PIL import Image as Picture

from config import theme
from display.board import Board
from display.screens.frame import Frame
from protocol.events import Event
from protocol.replies import HallReply, Pulse, Snapshot

_TICK_SECONDS = 0.1
STUCK_SECONDS = 10.0
"""A window that did not draw for so long shows an old picture."""
_LAID_OUT_SECONDS = 0.25
"""After a change Kivy needs a few frames until everything has its place."""


class WallApp(App):  # type: ignore[misc]
    """The wall; the hall's client may call `on_snapshot`, `on_event`, `on_pulse` and `describe` from its own thread."""

    def __init__(
        self, display_id: str = "", media: Path = Path(), clock: Callable[[], float] = time.monotonic, **values: Any
    ) -> None:
        super().__init__(**values)
        self.board = Board(display_id)
        self.media = media
        """The folder whose files the playlists name."""
        self.ending = False
        self._clock = clock
        self._drawn_at: float | None = None
        self._pictures: Pictures | None = None

    def keep_pictures(self, folder: Path, seconds: float) -> None:
        """Write `wall.png` into a folder every so many seconds, at the first call, and at the end."""
        self._pictures = Pictures(folder, seconds)

    def build(self) -> Frame:
        """The one screen."""
        self.title = "Motcua"
        Window.clearcolor = theme.DEEPER
        self.screen = Frame()
        Clock.schedule_interval(self._tick, _TICK_SECONDS)
        return self.screen

    def troubles(self) -> list[str]:
        """What is wrong with the window, as codes for the supervisor; may be asked from any thread."""
        drawn_at = self._drawn_at
        stuck = drawn_at is not None and self._clock() - drawn_at > STUCK_SECONDS
        return ["window_stuck"] if stuck else []

    def redraw(self) -> None:
        """Show the board as it is now."""
        self._drawn_at = self._clock()
        self.screen.show(self.board, self._clock())

    def _tick(self, _elapsed: float) -> None:
        if self.ending:
            self.stop()
            return
        self.redraw()
        if self._pictures:
            self._pictures.turn(self.screen, bool(self.board.calls(self._clock())), self._clock())

    def on_stop(self) -> None:
        """Leave a last picture; Kivy may tell of one stop twice."""
        Clock.unschedule(self._tick)
        pictures, self._pictures = self._pictures, None
        if pictures:
            self.redraw()
            pictures.end(self.screen)

    # ---- what the hall says ----

    @mainthread  # type: ignore[untyped-decorator]
    def describe(self, hall: HallReply) -> None:
        """Take the hall's names."""
        self.board.describe(hall)
        self.redraw()

    @mainthread  # type: ignore[untyped-decorator]
    def on_snapshot(self, snapshot: Snapshot) -> None:
        """Start again from the whole state."""
        self.board.take_snapshot(snapshot, self._clock())
        self.redraw()

    @mainthread  # type: ignore[untyped-decorator]
    def on_event(self, event: Event) -> None:
        """Show what happened at once."""
        self.board.take_event(event, self._clock())
        self.redraw()

    @mainthread  # type: ignore[untyped-decorator]
    def on_pulse(self, pulse: Pulse) -> None:
        """The hall lives."""
        self.board.take_pulse(pulse, self._clock())


class Pictures:
    """Keeps a picture of the wall in a folder, whole at any time; a thread packs it, so that no call has to wait."""

    def __init__(self, folder: Path, seconds: float) -> None:
        self._folder, self._seconds = folder, seconds
        self._next_at = 0.0
        self._seen_call = False
        self._packer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")
        self._packed: Future[None] | None = None
        self._due: Any = None

    def turn(self, screen: Frame, has_call: bool, now: float) -> None:
        """Write a picture when its time has come or the first call appeared."""
        if now >= self._next_at or (has_call and not self._seen_call):
            self._next_at = now + self._seconds
            self._seen_call = self._seen_call or has_call
            self._due = Clock.schedule_once(lambda _elapsed: self._take(screen), _LAID_OUT_SECONDS)

    def end(self, screen: Frame) -> None:
        """Write a last picture and wait for it."""
        if self._due:
            self._due.cancel()
        if self._packed:
            self._packed.result()
        self._take(screen)
        self._packer.shutdown()

    def _take(self, screen: Frame) -> None:
        if self._packed and not self._packed.done():
            return
        texture = screen.export_as_image().texture
        self._packed = self._packer.submit(self._pack, tuple(texture.size), texture.pixels)

    def _pack(self, size: tuple[int, int], pixels: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._folder / "wall.unfinished.png"
        Picture.frombytes("RGBA", size, pixels).convert("RGB").save(unfinished)
        unfinished.replace(self._folder / "wall.png")
