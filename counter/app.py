"""Wiring of the counter program: arguments, the line, a client for each counter, the main loop."""

import queue
import signal
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from config import logs
from config.watchdog import Watchdog
from counter.arguments import Setup, WrongInput, read_arguments
from counter.bus import Bus
from counter.line import Line
from counter.seat import Seat
from counter.session import Job, Session
from protocol.client import HallClient
from protocol.keys import KeyFileError, keeping

DONE, WRONG_INPUT = 0, 2
_TICK_SECONDS = 0.2


def main(arguments: Sequence[str]) -> int:
    """Serve the boxes of a line until SIGTERM or SIGINT; exit 0, or 2 for wrong input."""
    try:
        setup = read_arguments(arguments)
        logs.begin("counter", setup.data)
        with ExitStack() as stack:
            _run(setup, stack)
    except (WrongInput, KeyFileError) as fault:
        sys.stderr.write(f"counter: {fault}\n")
        return WRONG_INPUT
    return DONE


class Inbox:
    """Jobs from the threads of line and clients, done on the thread that calls `work`."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()

    def post(self, job: Job) -> None:
        """Have a job done soon; from any thread."""
        self._jobs.put(job)

    def work(self, seconds: float) -> None:
        """Do the jobs that have come, waiting up to `seconds` for the first."""
        try:
            self._jobs.get(timeout=seconds)()
        except queue.Empty:
            return
        for _ in range(self._jobs.qsize()):
            self._jobs.get()()


def _run(setup: Setup, stack: ExitStack) -> None:
    inbox, bus = Inbox(), Bus(setup.boxes)
    seats: dict[str, Seat] = {}
    session = Session(seats, bus, inbox.post)
    for counter_id, keys in setup.keys.items():
        key_file = setup.data / "keys" / f"{keys.device_id}.json"
        client = HallClient(keys, None if seats else session, keeping(key_file))  # one of them listens for all
        stack.callback(client.close)
        seats[counter_id] = Seat(counter_id, client, setup.presets[counter_id])
    line = Line(
        setup.port,
        setup.baud,
        bus,
        lambda pressed: inbox.post(lambda: session.pressed(pressed)),
        lambda up: inbox.post(lambda: session.line_changed(up)),
    )
    session.connect(line)
    ending: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, _: ending.append(number))
    line.start()
    stack.callback(line.close)
    watchdog = Watchdog()
    stack.callback(watchdog.ending)
    while not ending:
        watchdog.alive()
        inbox.work(_TICK_SECONDS)
        session.tick()
