"""From the key at a desk's page to every wall of a hall, while phones are open."""

import contextlib
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from protocol.commands import CreateEnrolment
from queue_server.enrolling import enrol_here
from tests.bench.desks import Desks
from tests.bench.phones import open_phones
from tests.bench.web import WebHall, at, web_hall
from tests.running import ROOT, eventually

DISPLAYS, PHONES = 30, 200
PROCESSES = 3
CALLS, WARM_UP = 120, 20
CALLS_PER_SECOND = 10.0
DESKS = 20


class Displays:
    """Processes of displays, and when a call stood on each of their walls."""

    def __init__(self, hall: WebHall) -> None:
        self._heard: dict[int, list[float]] = defaultdict(list)
        self._processes = []
        keys = [_keys(hall, number) for number in range(DISPLAYS)]
        for first in range(PROCESSES):
            command = [sys.executable, "-m", "tests.bench.walls", *keys[first::PROCESSES]]
            self._processes.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
        for process in self._processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "listening\n", "the displays do not hear the hall"
            threading.Thread(target=self._read, args=(process.stdout,), daemon=True).start()

    def _read(self, lines: Iterator[str]) -> None:
        for line in lines:
            ticket_id, instant = line.split()
            self._heard[int(ticket_id)].append(float(instant))

    def instants(self, ticket_id: int) -> list[float]:
        """When a call stood on each wall, once it stands on all."""
        heard = self._heard[ticket_id]
        eventually(lambda: len(heard) == DISPLAYS, what="the call is on every wall")
        return heard

    def close(self) -> None:
        """Switch them off."""
        for process in self._processes:
            process.kill()
            process.wait()


def _keys(hall: WebHall, number: int) -> str:
    name = f"display-{number}"
    enrol_here(hall.admin, hall.hall.data, CreateEnrolment("display", name))
    return str(hall.hall.data / "keys" / f"{name}.json")


def display_figures(folder: Path) -> list[str]:
    """Lines to print: milliseconds from the key press to the walls."""
    with web_hall(folder) as hall, contextlib.ExitStack() as opened:
        tokens = hall.issue(PHONES + CALLS + WARM_UP)
        displays = Displays(hall)
        opened.callback(displays.close)
        opened.enter_context(open_phones(hall.port, tokens[:PHONES]))
        desks = Desks(hall, DESKS)
        opened.callback(desks.close)
        calls = list(_calls(desks))[WARM_UP:]
        each = [[instant - pressed for instant in displays.instants(ticket_id)] for ticket_id, pressed in calls]
    walls, last = sorted(time for times in each for time in times), sorted(map(max, each))
    return [
        f"  key at a desk's page to the call folded and placed on each wall (limit p99 100 ms): "
        f"p50 {at(walls, 0.5):.0f} ms, p99 {at(walls, 0.99):.0f} ms",
        f"  to the last of the {DISPLAYS} walls: p50 {at(last, 0.5):.0f} ms, p99 {at(last, 0.99):.0f} ms",
    ]


def _calls(desks: Desks) -> Iterator[tuple[int, float]]:
    begin = time.monotonic()
    for turn in range(WARM_UP + CALLS):
        time.sleep(max(begin + turn / CALLS_PER_SECOND - time.monotonic(), 0))
        yield desks.call(turn)
