"""A hall with its web program for the bench, and tickets enough for all the phones."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from protocol.commands import CallNext, IssueTicket, MarkNoShow, OpenCounter
from protocol.replies import CallReply, TicketIssuedReply
from tests.bench.hall import write_hall
from tests.running import ROOT, RunningHall, eventually, free_ports

SERVICE = "s1"
COUNTERS = 40


class WebHall:
    """A running hall, its web program's process, and the tokens of the phones."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        ports = free_ports(4)
        self.port = ports[3]
        self.hall = RunningHall(write_hall(folder, ports, COUNTERS), folder / "data", 0)
        place = ["--data", str(self.hall.data), "--host", "127.0.0.1", "--port", str(self.port)]
        self.web = subprocess.Popen([sys.executable, "-m", "web", *place], cwd=ROOT)
        eventually(self._is_online, what="the web is online")
        self.admin = self.hall.client("admin")
        self._held: dict[str, int] = {}

    def _is_online(self) -> bool:
        assert self.web.poll() is None, "the web program has ended"
        with contextlib.suppress(httpx.TransportError):
            return self.health()["hall"] == "online"
        return False

    def health(self) -> dict[str, object]:
        """What the web program says of itself."""
        found = httpx.get(f"http://127.0.0.1:{self.port}/health", timeout=20, verify=False).json()
        assert isinstance(found, dict)
        return found

    def issue(self, count: int) -> list[str]:
        """The tokens of so many waiting tickets, in the order in which they will be called."""
        asked = [self.admin.ask(IssueTicket(SERVICE), within=60) for _ in range(count)]
        return [_token(future.result()) for future in asked]

    def open_counters(self) -> None:
        """Open the counters that will call."""
        for counter in range(1, COUNTERS + 1):
            self.admin.call(OpenCounter(str(counter), str(counter)))

    def call(self, turn: int) -> float:
        """Call the next waiting at the counter whose turn it is; the instant of the key press (monotonic seconds)."""
        counter = str(turn % COUNTERS + 1)
        if (ticket_id := self._held.pop(counter, None)) is not None:
            self.admin.call(MarkNoShow(counter, ticket_id))
        pressed = time.monotonic()
        reply = self.admin.call(CallNext(counter))
        assert isinstance(reply, CallReply)
        assert reply.ticket is not None, "the bench ran out of waiting tickets"
        self._held[counter] = reply.ticket.ticket_id
        return pressed

    def memory(self) -> float:
        """What the web program holds in memory, in bytes."""
        status = Path(f"/proc/{self.web.pid}/status").read_text(encoding="ascii")
        return next(float(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmRSS"))

    def cpu_seconds(self, pid: int | None = None) -> float:
        """The processor time that a process, the web program if none is named, has used."""
        fields = Path(f"/proc/{pid or self.web.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def close(self) -> None:
        """End everything."""
        self.web.terminate()
        self.web.wait()
        self.hall.close()


def at(times: list[float], share: float) -> float:
    """A quantile of sorted seconds, in milliseconds."""
    return times[min(int(len(times) * share), len(times) - 1)] * 1000


def _token(reply: object) -> str:
    assert isinstance(reply, TicketIssuedReply)
    return reply.token


@contextlib.contextmanager
def web_hall(folder: Path) -> Iterator[WebHall]:
    """A hall with its web program while the block runs."""
    hall = WebHall(folder)
    try:
        yield hall
    finally:
        hall.close()
