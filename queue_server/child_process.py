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
LAST_SECONDS = 1


class ChildProcess:
    """Python with these arguments; set `ending` before the whole program ends."""

    def __init__(self, name: str, arguments: list[str]) -> None:
        self._name = name
        self._command = [sys.executable, *arguments]
        self.ending = False
        self._stopped = threading.Event()
        self._process = self._start()
        self._watcher = threading.Thread(target=self._watch, name=f"{name}-watch", daemon=True)
        self._watcher.start()

    @property
    def watching(self) -> bool:
        """Whether it would be started again."""
        return self._watcher.is_alive()

    def _start(self) -> "subprocess.Popen[bytes]":
        root = Path(__file__).parent.parent
        return subprocess.Popen(self._command, cwd=root, env=os.environ | {"PYTHONPATH": str(root)})

    def _watch(self) -> None:
        while not self.ending:
            code = self._process.wait()
            if self.ending:
                return
            log.error("the %s process ended with %s; it is started again", self._name, code)
            if self._stopped.wait(AGAIN_AFTER_SECONDS) or self.ending:
                return
            self._start_again()

    def _start_again(self) -> None:
        try:
            self._process = self._start()
        except OSError as fault:  # no memory or process is left for it: once more after a while
            log.error("the %s process can't be started: %s", self._name, fault)

    def stop(self) -> None:
        """End the process, also one that is just being started again."""
        self.ending = True
        self._stopped.set()
        self._process.terminate()
        self._watcher.join(END_SECONDS)
        self._process.terminate()
        try:
            self._process.wait(timeout=LAST_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
