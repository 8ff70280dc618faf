"""A whole copy of the database: made beside the running hall, handed over in chunks, put in its place whole."""

import logging
import threading
from pathlib import Path

from protocol.errors import MotcuaError
from queue_server.standby.wire import CHUNK_BYTES, Chunk
from queue_server.storage.in_place import fresh_of, swap
from queue_server.storage.sqlite import SqliteStorage

log = logging.getLogger("queue_server")


class OutgoingCopy:
    """A copy of `database` in the file `target`, made on a thread of its own; look at `ready`, and close it."""

    def __init__(self, database: Path, target: Path) -> None:
        self._database, self._target = database, target
        self.ready = False
        self.failed = False
        self.offered = False
        self.size = 0
        self._closed = False
        self._thread = threading.Thread(target=self._make, name="standby-copy", daemon=True)
        self._thread.start()

    def _make(self) -> None:
        try:
            self._target.unlink(missing_ok=True)
            self._target.touch(mode=0o600)
            storage = SqliteStorage(self._database, writing=False)
            try:
                storage.copy_to(self._target)
            finally:
                storage.close()
            self.size = self._target.stat().st_size
            self.ready = True
        except (MotcuaError, OSError) as fault:
            log.error("no copy for the second machine could be made: %s", fault)
            self.failed = True
        if self._closed:
            self._target.unlink(missing_ok=True)

    def chunk(self, offset: int) -> Chunk:
        """A piece of the copy; raises OSError."""
        with self._target.open("rb") as file:
            file.seek(offset)
            return Chunk(offset, file.read(CHUNK_BYTES))

    def close(self) -> None:
        """Let the file go."""
        self._closed = True
        if not self._thread.is_alive():
            self._target.unlink(missing_ok=True)


class IncomingCopy:
    """The copy as it comes in, in a file beside the `database` that it will be."""

    def __init__(self, database: Path, size: int) -> None:
        self.size = size
        self.offset = 0
        self.asked = 0
        self._database = database
        self._target = fresh_of(database)
        self._target.unlink(missing_ok=True)
        self._target.touch(mode=0o600)
        self._file = self._target.open("r+b")

    @property
    def done(self) -> bool:
        """Whether all of it came."""
        return self.offset >= self.size

    def take(self, chunk: Chunk) -> bool:
        """Write the next chunk; False for one that is not the next. Raises OSError."""
        if chunk.offset != self.offset or not chunk.data:
            return False
        self._file.write(chunk.data)
        self.offset += len(chunk.data)
        return True

    def install(self, aside: Path) -> None:
        """Put the whole copy in the place of the database, which nobody has open; what was there is kept `aside`."""
        self._file.close()
        swap(self._database, aside.name)

    def close(self) -> None:
        """Give up what came so far."""
        self._file.close()
        self._target.unlink(missing_ok=True)
