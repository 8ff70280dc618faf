"""A code scanner that is none: a pty behind a link that stays the same."""

import os
import tty
from pathlib import Path


class EmulatedScanner:
    """Open `port` as one would open /dev/ttyACM0; `send` is what the scanner says."""

    def __init__(self, port: Path) -> None:
        self.port = port
        self._ours = self._theirs = -1

    def plug(self) -> "EmulatedScanner":
        """Put the scanner in."""
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        self.port.symlink_to(os.ttyname(self._theirs))
        return self

    def unplug(self) -> None:
        """Pull the scanner out; does nothing when it is out."""
        self.port.unlink(missing_ok=True)
        for descriptor in {self._ours, self._theirs} - {-1}:
            os.close(descriptor)
        self._ours = self._theirs = -1

    def send(self, data: bytes) -> None:
        """Put bytes on the line."""
        while data:
            data = data[os.write(self._ours, data) :]
