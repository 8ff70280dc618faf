"""What citizens notice while thousands hold connections open and ask nothing."""

import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.bench.web import WebHall, at, web_hall
from tests.running import ROOT

REQUESTS = 200
CITIZENS = 100
REQUESTS_PER_SECOND = 20.0


def slow_figures(folder: Path, count: int) -> list[str]:
    """Lines to print: milliseconds for a citizen's page with and without slow connections."""
    with web_hall(folder) as hall:
        tokens = hall.issue(CITIZENS)
        calm = _visits(hall, tokens, REQUESTS // 4)
        command = [sys.executable, "-m", "tests.bench.slow_visitors", str(hall.port), str(count)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as slow:
            try:
                arriving = _visits(hall, tokens, REQUESTS // 2)
                assert slow.stdout is not None
                assert slow.stdout.readline() == "open\n", "the slow connections could not be opened"
                staying = _visits(hall, tokens, REQUESTS)
                megabytes = hall.memory() / 1e6
            finally:
                slow.kill()
    return [
        f"  a citizen's page while {count:,} come from the same address, 1,000 a second (limit p99 1,000 ms): "
        f"p50 {at(arriving, 0.5):.0f} ms, p99 {at(arriving, 0.99):.0f} ms",
        f"  while they stay, and come again each time they are sent away (limit p99 1,000 ms): "
        f"p50 {at(staying, 0.5):.0f} ms, p99 {at(staying, 0.99):.0f} ms, at most {staying[-1] * 1000:.0f} ms",
        f"  without them p50 {at(calm, 0.5):.0f} ms, p99 {at(calm, 0.99):.0f} ms; the web held {megabytes:.0f} MB",
    ]


def _visits(hall: WebHall, tokens: list[str], count: int) -> list[float]:
    """Sorted seconds of so many citizens' page loads, each over a connection of its own; all must be answered."""
    times, begin = [], time.monotonic()
    for number in range(count):
        time.sleep(max(begin + number / REQUESTS_PER_SECOND - time.monotonic(), 0))
        asked = time.monotonic()
        answer = httpx.get(f"http://127.0.0.1:{hall.port}/t/{tokens[number % CITIZENS]}", timeout=20, verify=False)
        times.append(time.monotonic() - asked)
        assert answer.status_code == 200, f"a citizen was told {answer.status_code}"
    return sorted(times)
