"""The wall's voice: a loudspeaker as soon as the hall file lets this display speak, none before."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kivy.clock import Clock

from display.board import Board
from display.speaking import Speaking
from protocol.events import Event
from protocol.replies import HallReply, Snapshot

if TYPE_CHECKING:
    from display.loudspeaker import Loudspeaker


class Voice:
    """Says the calls of a display that speaks. `on_said` hears which call (ticket, instant) was said to its end."""

    def __init__(
        self,
        board: Board,
        folder: Path,
        on_said: Callable[[int, dt.datetime], None],
        clock: Callable[[], float],
    ) -> None:
        self._board, self._folder, self._on_said, self._clock = board, folder, on_said, clock
        self._loudspeaker: Loudspeaker | None = None
        self._speaking: Speaking | None = None
        self._snapshot: Snapshot | None = None
        """The state that was heard before anything was known of this display."""

    @property
    def troubles(self) -> list[str]:
        """What is wrong with the loudspeaker, as codes; from any thread."""
        loudspeaker = self._loudspeaker
        return loudspeaker.troubles if loudspeaker else []

    def describe(self, hall: HallReply) -> None:
        """Take the hall's habits, after the board has; begin to speak, or stop."""
        if self._board.info.speaks and self._speaking is None:
            self._begin()
        elif not self._board.info.speaks:
            self.close()
        if self._speaking:
            self._speaking.describe(hall)

    def take_snapshot(self, snapshot: Snapshot) -> None:
        """The whole state, after the board has taken it."""
        self._snapshot = snapshot
        if self._speaking:
            self._speaking.take_snapshot(snapshot)

    def take_event(self, event: Event) -> None:
        """The next event, after the board has taken it."""
        if self._speaking:
            self._speaking.take_event(event)

    def tick(self, now: float) -> None:
        """Time passed."""
        if self._speaking:
            self._speaking.tick(now)

    def close(self) -> None:
        """Be quiet for good, or until the hall file lets this display speak again."""
        loudspeaker, self._loudspeaker, self._speaking = self._loudspeaker, None, None
        if loudspeaker:
            loudspeaker.close()

    def _begin(self) -> None:
        from display.loudspeaker import Loudspeaker
        from voice.kivy_sound import KivySound

        self._loudspeaker = Loudspeaker(self._folder, KivySound(), _post, self._clock)
        self._loudspeaker.on_said = self._on_said
        self._speaking = Speaking(self._board, self._loudspeaker)
        if self._snapshot:
            self._speaking.take_snapshot(self._snapshot)


def _post(job: Callable[[], None]) -> None:
    Clock.schedule_once(lambda _elapsed: job())
