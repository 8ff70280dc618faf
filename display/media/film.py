"""Films: FFmpeg decodes in threads of its own and without sound; the window asks for the frame that is due."""

import logging
from pathlib import Path
from typing import Any

from ffpyplayer.player import MediaPlayer
from ffpyplayer.tools import get_log_callback, set_log_callback

from display.media.pixels import BrokenMedia, Pixels

STALL_SECONDS = 6.0
"""A film that gives no frame for so long is broken."""
_log = logging.getLogger(__name__)


def _hear(message: str, _level: str) -> None:
    _log.debug("%s", message.strip())


class Film:
    """A film that plays from its beginning to its end; `now` is always monotonic seconds."""

    def __init__(self, path: Path, box: tuple[int, int]) -> None:
        if not get_log_callback():
            set_log_callback(_hear)
        self.over = False
        """Whether its end was reached; its last frame may stay."""
        self._failed = ""
        self._paused = False
        self._frames = 0
        self._coming: tuple[Any, float] | None = None
        self._ask_at = 0.0
        self._moved_at: float | None = None
        self._player = MediaPlayer(
            str(path),
            callback=self._hear_player,
            thread_lib="SDL",
            loglevel="error",
            ff_opts={"an": True, "sn": True, "out_fmt": "rgb24", "vf": [_fitting(box)]},
        )

    def _hear_player(self, selector: str, value: str) -> None:
        if selector.endswith(":error") or selector.startswith("exceptions"):
            self._failed = f"{selector} {value}".strip()

    def frame(self, now: float) -> Pixels | None:
        """The frame that is due now, if it is another one; raises BrokenMedia if nothing can be seen of the film."""
        if self.over or self._paused:
            return None
        self._moved_at = now if self._moved_at is None else self._moved_at
        if self._coming is None and now >= self._ask_at:
            self._ask(now)
        if self._coming is None or now < self._coming[1]:
            self._check(now)
            return None
        (image, _), self._coming = self._coming, None
        self._frames += 1
        self._moved_at = now
        return Pixels(tuple(image.get_size()), image.to_bytearray()[0])

    def _ask(self, now: float) -> None:
        found, wait = self._player.get_frame()
        if wait == "eof":
            self.over = True
            if not self._frames:
                raise BrokenMedia(self._failed or "no picture in it")
        elif found is not None:
            self._coming = (found[0], now + max(0.0, wait))
        elif isinstance(wait, float):
            self._ask_at = now + min(wait, 0.1)

    def _check(self, now: float) -> None:
        assert self._moved_at is not None
        if self._failed and not self._frames:
            raise BrokenMedia(self._failed)
        if now - self._moved_at > STALL_SECONDS and self._coming is None:
            raise BrokenMedia(self._failed or f"no frame for {STALL_SECONDS:.0f} s")

    def pause(self, *, paused: bool) -> None:
        """Let it stand still, or go on."""
        if paused != self._paused:
            self._paused, self._moved_at = paused, None
            self._player.set_pause(paused)

    def close(self) -> None:
        """End its threads; may take a moment, so not in the window's thread."""
        self._player.close_player()


def _fitting(box: tuple[int, int]) -> str:
    """FFmpeg's filter that scales a film down to fit a box, never up, with square pixels, in its own thread."""
    width, height = (max(2, side - side % 2) for side in box)
    square = r"scale=w=trunc(iw*if(sar\,sar\,1)/2)*2:h=trunc(ih/2)*2"
    fit = rf"scale=w=min(iw\,{width}):h=min(ih\,{height})"
    return f"{square},setsar=1,{fit}:force_original_aspect_ratio=decrease:force_divisible_by=2,format=rgb24"
