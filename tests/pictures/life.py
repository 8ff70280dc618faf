"""A hall of the demo in the middle of its morning."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from protocol.client import HallClient
from protocol.commands import GetOverview, IssueTicket
from protocol.keys import read_keys
from protocol.replies import OverviewReply, TicketIssuedReply
from tests.running import ROOT, eventually

_SPEED = "20"
_FINISHED = 25
"""So many citizens were served before pictures are taken: every page has something to show."""


class PlayedHall:
    """The demo as a process, and what it says of itself."""

    def __init__(self, data: Path) -> None:
        self.data = data
        environment = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}
        command = [sys.executable, "-m", "demo", "--data", str(data), "--speed", _SPEED]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment | {"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
        )
        self._client: HallClient | None = None
        self.said = self._first_words()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._client is not None:
            self._client.close()
        self._process.terminate()
        self._process.communicate(timeout=60)

    def _first_words(self) -> str:
        assert self._process.stdout is not None
        lines = []
        for line in self._process.stdout:
            lines.append(line)
            if line.startswith("Ctrl-C"):
                return "".join(lines)
        raise RuntimeError(f"the demo ended early: {''.join(lines)}")

    def address(self, page: str) -> str:
        """Where a page (`desk`, `supervisor`) is."""
        found = re.search(rf"http\S+/{page}\b", self.said)
        assert found is not None, self.said
        return found[0]

    def person(self, page: str) -> tuple[str, str, str]:
        """As whom a visitor may sign in at a page: number, PIN, and the free counter's id."""
        line = next(line for line in self.said.splitlines() if f"/{page}" in line)
        number, pin = re.findall(r"operator (\S+), PIN (\d+)", line)[0]
        counter = re.search(r"counter (\S+) is free", line)
        return number, pin, counter[1] if counter else ""

    @property
    def client(self) -> HallClient:
        """A client with the administrator's key."""
        if self._client is None:
            self._client = HallClient(read_keys(self.data / "keys" / "admin.json"))
        return self._client

    def wait_for_life(self) -> None:
        """Wait until the morning is under way."""
        eventually(self._is_alive, within=180, what="a played morning")

    def _is_alive(self) -> bool:
        reply = self.client.call(GetOverview(), within=20)
        assert isinstance(reply, OverviewReply)
        return reply.today.finished >= _FINISHED and (self.data / "pictures" / "wall.png").exists()

    def take_number(self) -> str:
        """Take a number; the page behind its paper."""
        reply = self.client.call(IssueTicket("chung-thuc"), within=20)
        assert isinstance(reply, TicketIssuedReply)
        return reply.url

    def copy_pictures(self, out: Path) -> None:
        """Keep what the wall drew of itself."""
        shutil.copyfile(self.data / "pictures" / "wall.png", out / "wall.png")
