"""Displays that listen to the hall as real ones do; a process of its own for several of them.

`python -m tests.bench.walls KEYS …` is one display for each key file: it folds what it hears into its board, finds
what stands on the wall, and tells the hall so. It says `listening` when all know the hall, then, for each call on each
wall, the ticket's id and the instant (monotonic seconds).
"""

import queue
import sys
import threading
import time
from pathlib import Path

from display.board import Board
from display.wall import Shape, compose
from protocol.client import HallClient
from protocol.commands import AcknowledgeCall, GetHall
from protocol.events import Event, TicketCalled
from protocol.keys import read_keys
from protocol.replies import HallReply, Pulse, Snapshot

SHAPE = Shape(rows=80, columns=2, services=8)
"""Room for all calls of the measurement, which come faster than a wall lets one take the place of another."""
_said: "queue.SimpleQueue[str]" = queue.SimpleQueue()


class Wall:
    """One display without its picture."""

    def __init__(self, keys: Path) -> None:
        self.board = Board()
        self.ready = threading.Event()
        self.client = HallClient(read_keys(keys), self)

    def on_snapshot(self, snapshot: Snapshot) -> None:
        """Begin anew."""
        self.board.take_snapshot(snapshot, time.monotonic())
        self.ready.set()

    def on_event(self, event: Event) -> None:
        """Fold, and if it was a call, put it on the wall."""
        self.board.take_event(event, time.monotonic())
        if isinstance(event.body, TicketCalled):
            wall = compose(self.board, time.monotonic(), SHAPE)
            if any(row.number == event.body.number for row in wall.rows):
                _said.put(f"{event.body.ticket_id} {time.monotonic()!r}")
                self.client.ask(AcknowledgeCall(event.body.ticket_id, event.at))

    def on_pulse(self, pulse: Pulse) -> None:
        """The hall lives."""
        self.board.take_pulse(pulse, time.monotonic())

    def on_silence(self, seconds: float) -> None:
        """Nobody looks at this wall's age."""


def main(keys: list[str]) -> None:
    """Listen until ended."""
    walls = [Wall(Path(path)) for path in keys]
    for wall in walls:
        wall.ready.wait()
        hall = wall.client.call(GetHall())
        assert isinstance(hall, HallReply)
        wall.board.describe(hall)
    _said.put("listening")
    while True:
        sys.stdout.write(f"{_said.get()}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
