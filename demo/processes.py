"""The programs of the demo as child processes: started in order, their words kept in files, ended together."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from protocol.errors import MotcuaError

ROOT = Path(__file__).parent.parent
_END_SECONDS = 8.0


class ProgramEndedError(MotcuaError):
    """A program of the demo ended by itself; the message holds its last words."""


class Programs:
    """The running child processes."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, name: str, *arguments: str) -> None:
        """Start a Python program of this tree; what it says goes to `logs/NAME.log`."""
        environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        with (self._logs / f"{name}.log").open("wb") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the demo, which ends its programs in order
            )

    def check(self) -> None:
        """Raise ProgramEndedError if a program is no longer there."""
        for name, process in self._running.items():
            if process.poll() is not None:
                raise ProgramEndedError(f"{name} ended with {process.returncode}:\n{self.last_words(name)}")

    def last_words(self, name: str, lines: int = 15) -> str:
        """The end of a program's log."""
        text = (self._logs / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def end(self) -> None:
        """Ask all programs to end, the first started last, and make them if they don't."""
        for name in reversed(list(self._running)):
            process = self._running.pop(name)
            process.terminate()
            try:
                process.wait(timeout=_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def listens(port: int) -> bool:
    """Whether somebody listens at a port of this machine."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=0.5):
        return True
    return False


def wait_until(done: Callable[[], bool], programs: Programs, what: str, seconds: float = 20.0) -> None:
    """Wait for something; raises ProgramEndedError if a program ends before, or it does not come."""
    deadline = time.monotonic() + seconds
    while not done():
        programs.check()
        if time.monotonic() > deadline:
            raise ProgramEndedError(f"{what} did not come within {seconds:.0f} s")
        time.sleep(0.02)
