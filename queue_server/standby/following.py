"""The second machine at work: keeps a clone of the first machine's database, batch by batch, until told otherwise."""

import datetime as dt
import logging
import time
from collections.abc import Callable
from enum import Enum
from pathlib import Path

import msgspec

from protocol.keys import DeviceKeys
from queue_server.domain.chain import START, link
from queue_server.domain.rows import Day
from queue_server.service import ANSWERS_KEPT
from queue_server.standby import key_files, wire
from queue_server.standby.copying import IncomingCopy
from queue_server.standby.dialling import Line
from queue_server.standby.states import lift_fence, promotion_asked
from queue_server.standby.wire import Chunk, Copying, Hello
from queue_server.storage.base import Batch, StorageFault
from queue_server.storage.sqlite import SqliteStorage

log = logging.getLogger("queue_server")

WANTED_AHEAD = 16
"""So many chunks of a copy are on their way at a time."""
TURN_SECONDS = 0.1
TIDY_SECONDS = 30.0
FAULT_SECONDS = 1.0
"""After a fault of its disk the second machine is away for so long."""


class Ending(Enum):
    """Why a second machine stops following."""

    STOPPED = "stopped"
    PROMOTED = "promoted"


class Follower:
    """Follows from when it is made until `stop` is called or its promotion is asked for; holds the folder's lock."""

    def __init__(self, data: Path, keys: DeviceKeys, alive: Callable[[], None] = lambda: None) -> None:
        """`alive` is called with every turn of the loop."""
        self._alive = alive
        self._data = data
        self._database = data / "hall.db"
        self._storage: SqliteStorage | None = None
        self._line = Line(keys)
        self._copy: IncomingCopy | None = None
        self._forked = False
        self._following = False
        self._number, self._seq, self._hash, self._epoch = 0, 0, START, ""
        self._said_at = self._tidy_at = self._away_until = 0.0
        self._told_silent = False
        self._stopping = False
        self._open()

    def stop(self) -> None:
        """End `run` soon."""
        self._stopping = True

    def run(self) -> Ending:
        """Follow; the database is closed when this returns."""
        try:
            while not self._stopping:
                if promotion_asked(self._data):
                    return Ending.PROMOTED
                self._turn()
                self._alive()
            return Ending.STOPPED
        finally:
            self._drop_copy()
            self._close_storage()
            self._line.close()

    # ---- one turn ----

    def _turn(self) -> None:
        found = self._line.listen(TURN_SECONDS)
        now = time.monotonic()
        if found is not None and now >= self._away_until:
            self._take_guarded(*found)
        refused = self._line.refused
        if self._line.renew():
            self._tell_silence(refused=refused)
            self._following = False
        if now >= max(self._said_at + wire.BEAT_SECONDS, self._away_until):
            self._be_heard()
        if found is None and now >= self._tidy_at and self._storage is not None:
            self._tidy_at = now + TIDY_SECONDS
            self._storage.tidy()

    def _be_heard(self) -> None:
        self._said_at = time.monotonic()
        if self._following:
            self._line.say(wire.ACK, b"%d" % self._number)
        elif self._copy is None or self._line.silent:
            self._drop_copy()
            self._line.say(wire.HELLO, msgspec.json.encode(self._hello()))

    def _hello(self) -> Hello:
        return Hello(self._epoch, self._seq, self._hash.hex() if self._seq else "", self._number)

    def _tell_silence(self, *, refused: bool) -> None:
        if self._told_silent:
            return
        self._told_silent = True
        if refused:
            log.error("the first machine has shut this one out: invite it anew there (./motcua enrol --role standby)")
        else:
            log.warning("the first machine is silent; if it is gone: ./motcua promote --data %s", self._data)

    def _take_guarded(self, kind: bytes, body: bytes) -> None:
        """A disk that does not take it makes this machine be away for a while, never wrong."""
        try:
            self._take(kind, body)
        except wire.UNREADABLE as fault:
            log.error("the first machine says what can't be read: %s", fault)
            self._away_until = time.monotonic() + FAULT_SECONDS
            self._following = False
        except (StorageFault, OSError) as fault:
            log.error("the disk did not take it: %s", fault)
            self._away_until = time.monotonic() + FAULT_SECONDS
            self._following = False
            self._drop_copy()
            self._open()

    # ---- what the first machine says ----

    def _take(self, kind: bytes, body: bytes) -> None:
        if kind == wire.BATCH and self._following:
            self._take_batch(body)
        elif kind == wire.FOLLOW:
            self._follow(int(body))
        elif kind == wire.COPY and self._copy is None:
            self._begin_copy(msgspec.json.decode(body, type=Copying))
        elif kind == wire.CHUNK and self._copy is not None:
            self._take_chunk(self._copy, msgspec.msgpack.decode(body, type=Chunk))
        elif kind == wire.KEYS:
            key_files.take(self._data / "keys", body)
        elif kind == wire.NO:
            log.error("the first machine does not want this one: %s", body.decode(errors="replace"))

    def _follow(self, number: int) -> None:
        if number == self._number:
            if not self._following:
                log.info("following from batch %d, event %d on", number, self._seq)
            self._following, self._told_silent = True, False
            lift_fence(self._data)
            self._be_heard()

    def _take_batch(self, body: bytes) -> None:
        """Store the next batch durably, then say so; one that came twice is only said again."""
        batch = wire.unpack(body)
        number = batch.number or 0
        if number == self._number + 1 and self._storage is not None:
            self._commit(self._storage, batch, number)
        elif number > self._number:
            self._following = False
            return
        self._said_at = time.monotonic()
        self._line.say(wire.ACK, b"%d" % self._number)

    def _commit(self, storage: SqliteStorage, batch: Batch, number: int) -> None:
        seq, head = self._seq, self._hash
        for event in batch.events:
            seq, head = seq + 1, link(head, event.body)
            if (event.seq, event.hash) != (seq, head):
                raise StorageFault(f"event {event.seq} of the first machine does not follow event {seq - 1} here")
        storage.commit(batch)
        self._number, self._seq, self._hash, self._epoch = number, seq, head, storage.epoch
        day = batch.rows.get("day")
        if isinstance(day, Day):
            storage.forget_answers(day.service_day - ANSWERS_KEPT)

    # ---- a whole copy ----

    def _begin_copy(self, copying: Copying) -> None:
        log.warning("a copy of the whole database comes, %d bytes: %s", copying.bytes, copying.why)
        self._forked = copying.forked
        self._following = False
        self._copy = IncomingCopy(self._database, copying.bytes)
        self._want(self._copy)

    def _want(self, copy: IncomingCopy) -> None:
        while copy.asked < min(copy.size, copy.offset + WANTED_AHEAD * wire.CHUNK_BYTES):
            self._line.say(wire.WANT, b"%d" % copy.asked)
            copy.asked += wire.CHUNK_BYTES

    def _take_chunk(self, copy: IncomingCopy, chunk: Chunk) -> None:
        if not copy.take(chunk):
            self._drop_copy()
        elif copy.done:
            self._install(copy)
        else:
            self._want(copy)

    def _install(self, copy: IncomingCopy) -> None:
        """Let the copy take the place of what was here; what is another log than the hall's is kept."""
        self._close_storage()
        aside = self._database.with_name(f"hall.db.aside-{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S%f}")
        copy.install(aside)
        self._copy = None
        if self._forked:
            log.warning("what this machine had is another log than the hall's: it is kept as %s", aside)
        else:
            for part in ("", "-wal", "-shm"):
                aside.with_name(aside.name + part).unlink(missing_ok=True)
        self._open()
        self._be_heard()

    def _drop_copy(self) -> None:
        if self._copy is not None:
            self._copy.close()
            self._copy = None

    # ---- the clone ----

    def _open(self) -> None:
        """Open what is here, and see how far it is."""
        self._close_storage()
        self._number, self._seq, self._hash, self._epoch = 0, 0, START, ""
        if not self._database.exists():
            return
        self._storage = storage = SqliteStorage(self._database)
        self._number, self._epoch = storage.last_number(), storage.epoch
        self._seq, self._hash = storage.head()

    def _close_storage(self) -> None:
        if self._storage is not None:
            self._storage.close()
            self._storage = None
