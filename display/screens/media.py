"""Pictures and films beside the calls, as large as their place without distortion; without any, what the hall says."""

from pathlib import Path
from typing import Any

from kivy.app import App
from kivy.clock import Clock
from kivy.graphics.texture import Texture
from kivy.lang import Builder
from kivy.properties import ListProperty, ObjectProperty

from display.board import Board
from display.media.notice import hall_notice
from display.media.pixels import Pixels
from display.media.player import Player
from display.screens.parts import Panel

Builder.load_file(str(Path(__file__).with_suffix(".kv")), rulesonly=True)

_FRAME_SECONDS = 1 / 30


class MediaPanel(Panel):
    """Plays the display's playlist while it is in the window; elsewhere it stands still."""

    texture = ObjectProperty(None, allownone=True)
    picture = ListProperty([0, 0, 0, 0])
    """Where the picture is: left, bottom, width, height in pixels."""
    said = ListProperty(["", ""])
    more = ListProperty(["", ""])

    def __init__(self, folder: Path, **values: Any) -> None:
        super().__init__(**values)
        self._player = Player(folder)
        self._board: Board | None = None
        self._now = 0.0
        self._clock_at = 0.0
        self._seen: Pixels | None = None
        self._turning = Clock.schedule_interval(self._turn, _FRAME_SECONDS)
        self.bind(pos=self._place, size=self._place)
        if (app := App.get_running_app()) is not None:
            app.fbind("on_stop", self.close)

    @property
    def troubles(self) -> list[str]:
        """What is wrong with the files, as codes for the supervisor; may be asked from any thread."""
        return self._player.troubles

    def show(self, board: Board, now: float) -> None:
        """Show the playlist of the board's display at `now` (monotonic seconds)."""
        self._board, self._now, self._clock_at = board, now, Clock.get_time()
        self._player.describe(board.playlist())
        notice = hall_notice(board, now)
        self.said, self.more = list(notice.said), list(notice.more)

    def close(self, *_: object) -> None:
        """End film and threads; a second time does nothing."""
        self._turning.cancel()
        self._player.close()

    def _turn(self, _elapsed: float) -> None:
        """Between two calls of `show` the time goes on, so that films run."""
        seen = self.get_root_window() is not None
        self._player.pause(paused=not seen)
        if self._board is None or not seen or min(self.size) < 2:
            return
        now = self._now + (Clock.get_time() - self._clock_at)
        clock = self._board.clock(now)
        if clock is not None:
            self._player.turn(clock.time(), now, (int(self.width), int(self.height)))
            self._draw(self._player.pixels)

    def _draw(self, pixels: Pixels | None) -> None:
        if pixels is self._seen:
            return
        self._seen = pixels
        if pixels is None:
            self.texture = None
            return
        if self.texture is None or tuple(self.texture.size) != pixels.size:
            self.texture = Texture.create(size=pixels.size, colorfmt="rgb")
            self.texture.flip_vertical()
        self.texture.blit_buffer(pixels.data, colorfmt="rgb", bufferfmt="ubyte")
        self._place()
        self.canvas.ask_update()

    def _place(self, *_: object) -> None:
        if self._seen is None:
            return
        width, height = self._seen.size
        scale = min(self.width / width, self.height / height)
        size = width * scale, height * scale
        self.picture = [self.center_x - size[0] / 2, self.center_y - size[1] / 2, *size]
