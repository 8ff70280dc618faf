"""A file that only takes space: given up when the disk is full, so that the day can be finished."""

import contextlib
import logging
import os
from pathlib import Path

log = logging.getLogger(__name__)

MEGABYTE = 1_000_000
SHARE = 10
"""At most one part in so many of what is free is kept in reserve."""
_LEAST_BYTES = 16_384


class Reserve:
    """The file DIR/reserve of `megabytes`, or less on a small disk; with 0 there is none."""

    def __init__(self, path: Path, megabytes: int) -> None:
        self._path = path
        self._wanted = megabytes * MEGABYTE
        self.held = path.stat().st_size if path.exists() else 0
        """Bytes that the file takes now."""
        self.given_up = 0
        """Bytes that were given up and are not back yet."""

    def free(self) -> int:
        """Bytes that are free on the disk, for whoever the server runs as."""
        disk = os.statvfs(self._path.parent)
        return disk.f_bavail * disk.f_frsize

    def make(self) -> None:
        """Take the space where there is enough of it; do nothing while it lacks, or if the reserve is there."""
        free = self.free()
        size = min(self._wanted, (free + self.held) // SHARE)
        if size < max(_LEAST_BYTES, 2 * self.held) or free < 2 * self.given_up:
            return
        try:
            self._allocate(size)
        except OSError as fault:
            log.warning("no reserve of %d bytes could be kept: %s", size, fault)
            self._drop()
        else:
            self.held, self.given_up = size, 0

    def _allocate(self, size: int) -> None:
        """Have blocks of the disk behind every byte: a file that is merely long takes none."""
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            os.posix_fallocate(file, 0, size)
            os.fsync(file)
        finally:
            os.close(file)

    def give_up(self) -> bool:
        """Free the space; False: there was none to free."""
        if not self.held:
            return False
        log.error("the disk is full: the reserve of %d bytes is given up", self.held)
        self.given_up = self.held
        self._drop()
        return True

    def _drop(self) -> None:
        self.held = 0
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)  # some file systems give freed blocks out only after that
            finally:
                os.close(folder)


class NoReserve(Reserve):
    """Nothing in reserve: for a database that is only read, and for tests."""

    def __init__(self) -> None:
        super().__init__(Path("reserve"), 0)
        self.held = 0
