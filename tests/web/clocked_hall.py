"""A hall that lives at another time, for what is only shown when a day is over."""

import datetime as dt
import subprocess
import sys
from pathlib import Path

from tests.web.running import ROOT, RunningHall, end


class ClockedHall(RunningHall):
    """A small hall whose clock began at an instant, and can be put on by starting its server again."""

    def __init__(self, folder: Path, begins: dt.datetime) -> None:
        self._begins = begins
        super().__init__(folder)

    def start_server(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "run_server.py", "--no-web", "--hall", str(self.file), "--data", str(self.data)]
        command += ["--clock-start", self._begins.isoformat()]
        return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)

    def go_on(self, at: dt.datetime) -> None:
        """Let it be another time."""
        end(self.server)
        self._begins = at
        self.server = self.start_server()
        self.wait_until_online()
        self.snapshot()
