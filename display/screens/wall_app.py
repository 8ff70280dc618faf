"""The Kivy application of the wall: redraws when something is heard and as time passes; says what it showed."""

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from kivy.app import App
from kivy.clock import Clock, mainthread
from kivy.core.window import Window

from config import theme
from config.watchdog import Watchdog
from display.acknowledging import Acknowledging
from display.board import Board
from display.calls import Call
from display.screens.frame import Frame
from display.screens.pictures import Pictures
from display.screens.voice import Voice
from protocol.commands import AcknowledgeCall
from protocol.events import Event
from protocol.replies import HallReply, Pulse, SatisfactionReply, Snapshot

_TICK_SECONDS = 0.1
_MOVE_SECONDS = 1 / 25
"""How often what runs along is moved on: smooth to the eye, and half the work of every frame."""
STUCK_SECONDS = 10.0
"""A window that did not draw for so long shows an old picture."""


class Folders(NamedTuple):
    """Where the files of the playlists and the clips of the voice lie."""

    media: Path = Path("media")
    voice: Path = Path("voice")


class WallApp(App):  # type: ignore[misc]
    """The wall of a display; the hall's client may call `describe` and all that begins with `on_` from its thread."""

    def __init__(
        self,
        display_id: str = "",
        folders: Folders | None = None,
        clock: Callable[[], float] = time.monotonic,
        **values: Any,
    ) -> None:
        super().__init__(**values)
        self.board = Board(display_id)
        self.folders = folders or Folders()
        self.acknowledge: Callable[[AcknowledgeCall], None] = lambda _command: None
        """Tells the hall what became of a call."""
        self.ending = False
        self._clock = clock
        self._watchdog = Watchdog()
        self._drawn_at: float | None = None
        self._drawing: list[Call] = []
        self._acknowledging = Acknowledging()
        self._voice = Voice(self.board, self.folders.voice, self._said, clock)
        self._pictures: Pictures | None = None

    def keep_pictures(self, folder: Path, seconds: float) -> None:
        """Write `wall.png` into a folder every so many seconds, at the first call, and at the end."""
        self._pictures = Pictures(folder, seconds)

    def build(self) -> Frame:
        """The one screen."""
        self.title = "Motcua"
        Window.clearcolor = theme.DEEPER
        Window.bind(on_flip=self._drawn)
        self.screen = Frame(self.folders.media)
        Clock.schedule_interval(self._tick, _TICK_SECONDS)
        Clock.schedule_interval(self._move, _MOVE_SECONDS)
        return self.screen

    def troubles(self) -> list[str]:
        """What is wrong with window, loudspeaker and media, as codes for the supervisor; from any thread."""
        drawn_at = self._drawn_at
        stuck = drawn_at is not None and self._clock() - drawn_at > STUCK_SECONDS
        return [*(["window_stuck"] if stuck else []), *self._voice.troubles, *(self.root.troubles if self.root else [])]

    def wants_satisfaction(self) -> bool:
        """Whether it shows the day's ratings in detail; from any thread."""
        return self.board.info.kind == "satisfaction"

    # ---- what is shown ----

    def redraw(self) -> None:
        """Show the board as it is now."""
        now = self._drawn_at = self._clock()
        self.screen.show(self.board, now)
        self._drawing = self.screen.called

    def _drawn(self, *_: object) -> None:
        """The picture is on the screen: the hall is told of the calls in it."""
        drawn, self._drawing = self._drawing, []
        for command in self._acknowledging.shown(drawn):
            self.acknowledge(command)

    def _said(self, ticket_id: int, announced_at: dt.datetime) -> None:
        for command in self._acknowledging.said(ticket_id, announced_at):
            self.acknowledge(command)

    def _tick(self, _elapsed: float) -> None:
        if self.ending:
            self.stop()
            return
        self.redraw()
        self._voice.tick(self._clock())
        if self._pictures:
            self._pictures.turn(self.screen, bool(self.screen.called), self._clock())
        self._watchdog.alive()

    def _move(self, _elapsed: float) -> None:
        if self.screen.moves:
            self.screen.move(self._clock())

    def on_stop(self) -> None:
        """Leave a last picture; Kivy may tell of one stop twice."""
        self._watchdog.ending()
        Clock.unschedule(self._tick)
        Clock.unschedule(self._move)
        Window.unbind(on_flip=self._drawn)
        self._voice.close()
        pictures, self._pictures = self._pictures, None
        if pictures:
            self.redraw()
            pictures.end(self.screen)

    # ---- what the hall says ----

    @mainthread  # type: ignore[untyped-decorator]
    def describe(self, hall: HallReply) -> None:
        """Take the hall's names."""
        self.board.describe(hall)
        self._voice.describe(hall)
        self.redraw()

    @mainthread  # type: ignore[untyped-decorator]
    def on_snapshot(self, snapshot: Snapshot) -> None:
        """Start again from the whole state."""
        self.board.take_snapshot(snapshot, self._clock())
        self._voice.take_snapshot(snapshot)
        self.redraw()

    @mainthread  # type: ignore[untyped-decorator]
    def on_event(self, event: Event) -> None:
        """Show what happened at once."""
        self.board.take_event(event, self._clock())
        self._voice.take_event(event)
        self.redraw()

    @mainthread  # type: ignore[untyped-decorator]
    def on_pulse(self, pulse: Pulse) -> None:
        """The hall lives."""
        self.board.take_pulse(pulse, self._clock())

    @mainthread  # type: ignore[untyped-decorator]
    def on_satisfaction(self, satisfied: SatisfactionReply) -> None:
        """Take the day's ratings in detail."""
        self.board.take_satisfaction(satisfied)
