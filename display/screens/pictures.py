"""Pictures of the wall in a folder, for who is not in the room: whole at any time."""

import gc
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from kivy.clock import Clock
from kivy.uix.widget import Widget
from PIL import Image as Picture

_log = logging.getLogger(__name__)
_LAID_OUT_SECONDS = 0.25
"""After a change Kivy needs a few frames until everything has its place."""


class Pictures:
    """Keeps a picture of the wall in a folder; a thread packs it, so that no call has to wait."""

    def __init__(self, folder: Path, seconds: float) -> None:
        self._folder, self._seconds = folder, seconds
        self._next_at = 0.0
        self._seen_call = False
        self._packer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="pictures")
        self._packed: Future[None] | None = None
        self._due: Any = None

    def turn(self, screen: Widget, has_call: bool, now: float) -> None:
        """Write a picture when its time has come or the first call appeared."""
        if now >= self._next_at or (has_call and not self._seen_call):
            self._next_at = now + self._seconds
            self._seen_call = self._seen_call or has_call
            self._due = Clock.schedule_once(lambda _elapsed: self._take(screen), _LAID_OUT_SECONDS)

    def end(self, screen: Widget) -> None:
        """Write a last picture and wait for it."""
        if self._due:
            self._due.cancel()
        if self._packed:
            self._packed.result()
        self._take(screen)
        self._packer.shutdown()

    def _take(self, screen: Widget) -> None:
        if self._packed and not self._packed.done():
            return
        texture = screen.export_as_image().texture
        self._packed = self._packer.submit(self._pack, tuple(texture.size), texture.pixels)
        gc.collect(1)  # Kivy draws it in a buffer that refers to itself: else each stays, at 8 MB, for minutes

    def _pack(self, size: tuple[int, int], pixels: bytes) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished = self._folder / "wall.unfinished.png"
            Picture.frombytes("RGBA", size, pixels).convert("RGB").save(unfinished)
            unfinished.replace(self._folder / "wall.png")
        except OSError as fault:
            _log.warning("no picture of the wall: %s", fault)
