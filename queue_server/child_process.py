"""A process beside the server, started again whenever it ends."""

import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

log = logging.getLogger("queue_server")

AGAIN_AFTER_SECONDS = 1.0
END_SECONDS = 5


class ChildProcess:
    """Python with these arguments; set `ending` before the whole program ends."""

    def __init__(self, name: str, arguments: list[str]) -> None:
        self._name = name
        self._command = [sys.executable, *arguments]
        self.ending = False
        self._process = self._start()
        threading.Thread(target=self._watch, name=f"{name}-watch", daemon=True).start()

    def _start(self) -> "subprocess.Popen[bytes]":
        root = Path(__file__).parent.parent
        return subprocess.Popen(self._command, cwd=root, env=os.environ | {"PYTHONPATH": str(root)})

    def _watch(self) -> None:
        delay = threading.Event()
        while not self.ending:
            code = self._process.wait()
            if self.ending:
                return
            log.error("the %s process ended with %s; it is started again", self._name, code)
            delay.wait(AGAIN_AFTER_SECONDS)
            self._process = self._start()

    def stop(self) -> None:
        """End the process."""
        self.ending = True
        self._process.terminate()
        try:
            self._process.wait(timeout=END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
