"""Many phones with their page open: from the key press to the called phone, and memory for each."""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.web import WebHall, at, web_hall
from tests.running import ROOT, eventually

FEW = 20
CALLS = 120
CALLS_PER_SECOND = 10.0
"""Far busier than a hall: forty counters call some eight numbers a minute."""


class Phones:
    """A process of open phones, and when each of them was called."""

    def __init__(self, port: int, tokens: list[str]) -> None:
        command = [sys.executable, "-m", "tests.bench.open_phones", str(port)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.called_at: dict[int, float] = {}
        assert self._process.stdin is not None
        self._process.stdin.write("\n".join(tokens))
        self._process.stdin.close()
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "open\n", "not every phone could be opened"
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            number, at = line.split()
            self.called_at.setdefault(int(number), float(at))

    def close(self) -> None:
        """Let go of all."""
        self._process.kill()
        self._process.wait()
        self._reader.join()


@contextlib.contextmanager
def open_phones(port: int, tokens: list[str]) -> Iterator[Phones]:
    """Phones that are open while the block runs."""
    phones = Phones(port, tokens)
    try:
        yield phones
    finally:
        phones.close()


def phone_figures(folder: Path, count: int) -> list[str]:
    """Lines to print: milliseconds from a call to its own phone, kB for each phone, beside their limits."""
    with web_hall(folder) as hall:
        tokens = hall.issue(count + FEW)
        hall.open_counters()
        # the few come first, so that what the first pages cost is not laid to the many
        with open_phones(hall.port, tokens[:FEW]):
            begin = hall.memory()
            with open_phones(hall.port, tokens[FEW:]) as many:
                kilobytes = (hall.memory() - begin) / count / 1000
                few_called = [hall.call(turn) for turn in range(FEW)]
                web, server = hall.cpu_seconds(), hall.cpu_seconds(hall.hall.process.pid)
                pressed, seconds = _call(hall, len(few_called))
                web = (hall.cpu_seconds() - web) / seconds
                server = (hall.cpu_seconds(hall.hall.process.pid) - server) / seconds
                eventually(lambda: len(many.called_at) >= CALLS, within=20, what="every called phone heard of it")
                times = sorted(many.called_at[number] - at for number, at in enumerate(pressed))
                grown = (hall.memory() - begin) / count / 1000
    return [
        f"  call to its own phone among {count:,} (limit p99 1,000 ms): p50 {at(times, 0.5):.0f} ms, "
        f"p99 {at(times, 0.99):.0f} ms, at most {times[-1] * 1000:.0f} ms",
        f"  memory for an open phone (limit 30 kB): {kilobytes:.1f} kB when open, {grown:.1f} kB after {CALLS} calls",
        f"  at {CALLS_PER_SECOND:.0f} calls a second the web takes {web:.0%} of a processor, the server {server:.0%}",
    ]


def _call(hall: WebHall, first: int) -> tuple[list[float], float]:
    """The instants of the key presses, and how long it all took."""
    begin = time.monotonic()
    pressed = []
    for turn in range(CALLS):
        time.sleep(max(begin + turn / CALLS_PER_SECOND - time.monotonic(), 0))
        pressed.append(hall.call(first + turn))
    return pressed, time.monotonic() - begin
