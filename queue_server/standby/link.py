"""The first machine's end of the link: ships each batch and waits until the second machine has it on its disk.

It lives on the server's own loop: nothing is shared between threads. If the second machine does not follow, the hall
goes on alone, tells so, and brings it up to date when it is back.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
import zmq

from queue_server.domain.rows import Device
from queue_server.doors import HALL, Doors
from queue_server.health import Health
from queue_server.standby import wire
from queue_server.standby.backlog import Backlog
from queue_server.standby.copying import OutgoingCopy
from queue_server.standby.key_files import KeyFiles
from queue_server.standby.states import keep_fence
from queue_server.standby.wire import Copying, Fence, Hello
from queue_server.storage.base import Batch, Fenced
from queue_server.storage.sqlite import SqliteStorage

log = logging.getLogger("queue_server")

WAIT_SECONDS = 1.0
"""So long an answer waits for the second machine at most; after that the hall goes on alone."""
GIVE_WAY_SECONDS = 0.05
"""So long each answer makes way for a second machine that is catching up: else a busy hall would outrun it for ever."""
AGAIN_SECONDS = 5.0
STANDBY = "standby"
"""The role of the second machine."""
_json = msgspec.json.encode


class _Follower:
    """The second machine as known here; `acked` is the last batch on its disk, -1 until it said that it follows."""

    def __init__(self, identity: bytes, device_id: str) -> None:
        self.identity = identity
        self.device_id = device_id
        self.acked = -1
        self.gave_way_at = -1
        self.told_to_follow = False
        self.sent, self.sent_at = -1, 0.0
        self.heard_at = time.monotonic()

    @property
    def silent(self) -> bool:
        return time.monotonic() - self.heard_at > wire.SILENCE_SECONDS


class Link:
    """Bound when made; `turn` is called by the server's loop, `ship` by its storage."""

    def __init__(
        self, storage: SqliteStorage, data: Path, address: str, server_keys: tuple[str, str], own_key: str = ""
    ) -> None:
        """`own_key` is the one by which this machine followed, if it took over: nobody follows with it any more."""
        self._own_key = own_key
        self._storage = storage
        self._data = data
        self._doors = Doors(server_keys)
        self._devices: dict[str, str] = {}
        self.socket = self._doors.open(zmq.ROUTER, HALL, address)
        self.socket.setsockopt(zmq.ROUTER_MANDATORY, 1)
        self._number = storage.last_number()
        self._shipped_key: bytes | None = None
        self._backlog = Backlog()
        self._copy: OutgoingCopy | None = None
        self._forked = False
        self._keys = KeyFiles(data / "keys")
        self._follower: _Follower | None = None
        self._beat_at = 0.0
        self._apart_since: float | None = time.monotonic()
        self.fence: Fence | None = None
        """By what this machine may not write any more."""
        self.ahead = False
        """Whether the second machine has what this one lost."""
        storage.link = self

    def admit(self, devices: Iterable[Device]) -> None:
        """Let in the second machine, and nobody else."""
        seconds = (d for d in devices if d.role == STANDBY and not d.revoked and d.public_key != self._own_key)
        self._devices = {device.public_key: device.device_id for device in seconds}
        self._doors.admit(self._devices, {})
        if self._follower is not None and self._follower.device_id not in self._devices.values():
            self._follower = None  # shut out: it is on the line still, and hears nothing any more
            self._drop_copy()
        if not self._devices:
            self._backlog.forget()

    @property
    def wanted(self) -> bool:
        """Whether the hall has a second machine at all."""
        return bool(self._devices)

    @property
    def in_step(self) -> bool:
        """Whether the second machine has all that this one has."""
        return self._follower is not None and self._follower.acked == self._number

    # ---- what the storage asks ----

    def number(self, batch: Batch) -> None:
        """Give a batch its number, and the key of the day's guards if the second machine may not know it."""
        batch.number = self._number + 1
        guard_key = self._storage.kept_guard_key()
        batch.guard_key = guard_key if guard_key != self._shipped_key else None

    def ship(self, batch: Batch) -> None:
        """Send a batch to a second machine that is in step, and wait until it has it, up to a limit; raises Fenced."""
        self._number = number = self._number + 1
        self._shipped_key = batch.guard_key or self._shipped_key
        if not self.wanted:
            return
        body = wire.pack(batch)
        self._backlog.add(number, body)
        if self._follower is not None and self._follower.acked == number - 1:
            self._send_next(self._follower)
            self._await(number)
        elif self._follower is not None:
            self._give_way(self._follower)
        if self.fence is not None:
            raise Fenced("the second machine took the hall over")

    def go_on_after(self, number: int) -> None:
        """A batch that the disk kept although it failed was not sent: who misses it gets a copy of all."""
        if number != self._number:
            log.warning("batch %d is on this disk only: the second machine gets a copy of the whole database", number)
            self._number = number
            self._backlog.forget()

    def _await(self, number: int) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while self.fence is None and self._follower is not None and self._follower.acked < number:
            left = deadline - time.monotonic()
            if left <= 0 or not self.socket.poll(int(left * 1000) + 1):
                log.warning("the second machine does not keep up: the hall goes on alone")
                self._apart_since = self._apart_since or time.monotonic()
                return
            self._take_all()

    def _give_way(self, follower: _Follower) -> None:
        """Let a second machine that misses some batches take as many as it can in a moment, if it takes any at all."""
        if follower.acked == follower.gave_way_at:
            return
        follower.gave_way_at = follower.acked
        deadline = time.monotonic() + GIVE_WAY_SECONDS
        while self._follower is follower and follower.acked < self._number:
            left = deadline - time.monotonic()
            if left <= 0 or not self.socket.poll(int(left * 1000) + 1):
                return
            self._take_all()

    # ---- what the loop asks ----

    def turn(self) -> None:
        """Take what came, and be heard."""
        self._take_all()
        self._offer_copy()
        now = time.monotonic()
        if now >= self._beat_at:
            self._beat_at = now + wire.BEAT_SECONDS
            self._beat()
        self._apart_since = None if self.in_step else self._apart_since or now

    def wait_for_second(self, seconds: float) -> None:
        """Before anything is written: let the second machine say that it follows, or that it took the hall over."""
        deadline = time.monotonic() + seconds
        while self.wanted and self._follower is None and not (self.fence or self.ahead):
            left = deadline - time.monotonic()
            if left <= 0:
                return
            self.socket.poll(int(left * 1000) + 1)
            self.turn()

    def tell(self, health: Health, clock: Callable[[], dt.datetime]) -> None:
        """Tell whether there are two copies of the data."""
        acked = self._follower.acked if self._follower else -1
        health.gauges["standby_in_step"] = float(self.in_step)
        if self._apart_since is None or not (self.wanted or self._own_key):
            health.well("standby_away")
        elif time.monotonic() - self._apart_since > wire.SILENCE_SECONDS:
            health.trouble("standby_away", clock(), batches=self._number - acked if acked >= 0 else None)

    def close(self) -> None:
        """Close the socket."""
        self._storage.link = None
        self._drop_copy()
        self.socket.close()
        self._doors.close()

    # ---- what the second machine says ----

    def _take_all(self) -> None:
        while self.socket.poll(0):
            identity, *frames = self.socket.recv_multipart(copy=False)
            if len(frames) == 2:
                try:
                    device_id = self._devices.get(str(frames[1].get("User-Id")))
                    if device_id is not None:
                        self._take(identity.bytes, device_id, frames[0].bytes, frames[1].bytes)
                except wire.UNREADABLE as fault:
                    log.warning("the second machine says what can't be read: %s", fault)

    def _take(self, identity: bytes, device_id: str, kind: bytes, body: bytes) -> None:
        if kind == wire.HELLO:
            self._greet(identity, device_id, msgspec.json.decode(body, type=Hello))
        elif kind == wire.FENCE:
            self._obey(identity, msgspec.json.decode(body, type=Fence))
        elif kind == wire.PING:
            self._answer(identity, wire.PULSE, b"%d" % self._number)
        elif self._follower is not None and self._follower.identity == identity:
            self._follower.heard_at = time.monotonic()
            self._hear(self._follower, kind, int(body))

    def _hear(self, follower: _Follower, kind: bytes, number: int) -> None:
        if kind == wire.ACK and follower.told_to_follow:
            follower.acked = max(follower.acked, min(number, self._number))
            self._send_next(follower)
        elif kind == wire.WANT and self._copy is not None and self._copy.ready:
            self._send_chunk(self._copy, number)

    def _send_chunk(self, copy: OutgoingCopy, offset: int) -> None:
        """A copy that can't be read is made anew when the second machine says hello again."""
        try:
            self._send(wire.CHUNK, msgspec.msgpack.encode(copy.chunk(offset)))
        except (OSError, OverflowError) as fault:
            log.error("the copy for the second machine can't be read: %s", fault)
            self._drop_copy()

    def _send_next(self, follower: _Follower) -> None:
        """Send the batch after those that it has: once, and again if nothing came of it."""
        number, now = follower.acked + 1, time.monotonic()
        body = self._backlog.get(number)
        if body is None and number <= self._number:
            self._follower = None  # it misses what is not known any more: it hears nothing now, and says hello again
        if body is None or (follower.sent == number and now - follower.sent_at < AGAIN_SECONDS):
            return
        follower.sent, follower.sent_at = number, now
        self._send(wire.BATCH, body)

    def _obey(self, identity: bytes, fence: Fence) -> None:
        if fence.previous == self._storage.epoch:
            self.fence = fence
            keep_fence(self._data, fence)
            self._answer(identity, wire.FENCED)

    def _greet(self, identity: bytes, device_id: str, hello: Hello) -> None:
        known = self._follower
        if known is not None and known.device_id != device_id and not known.silent:
            self._answer(identity, wire.NO, b"another machine follows already")
            return
        follower = self._follower = _Follower(identity, device_id)
        self._keys.again()
        known_hash = self._storage.hash_of(hello.seq)
        same = (known_hash.hex() if known_hash else "") == hello.hash
        self.ahead = hello.epoch == self._storage.epoch and hello.seq > self._storage.head()[0]
        if same and hello.epoch == self._storage.epoch and self._reaches(hello):
            self._follow(follower, hello)
        elif self._copy is None:
            self._forked = not same and hello.seq > 0
            log.warning("the second machine %s gets a copy of the whole database", device_id)
            self._copy = OutgoingCopy(self._data / "hall.db", self._data / "standby-copy.db")
        elif self._copy.ready:
            self._offer(self._copy)

    def _reaches(self, hello: Hello) -> bool:
        if hello.number == self._number:
            return hello.seq == self._storage.head()[0]
        return hello.number < self._number and self._backlog.get(hello.number + 1) is not None

    def _follow(self, follower: _Follower, hello: Hello) -> None:
        self._drop_copy()
        if not self._ship_keys():  # first: who is in step can take over
            return
        log.info("the second machine %s follows from batch %s on", follower.device_id, hello.number)
        follower.told_to_follow = True
        self._send(wire.FOLLOW, b"%d" % hello.number)

    # ---- what is said to it ----

    def _beat(self) -> None:
        if self._follower is None:
            return
        if self._follower.silent:
            log.warning("the second machine %s is silent", self._follower.device_id)
            self._follower = None
            self._drop_copy()
            return
        self._send(wire.PULSE, b"%d" % self._number)
        self._ship_keys()

    def _ship_keys(self) -> bool:
        """Send the key files if they changed; whether they could be read."""
        try:
            keys = self._keys.changed()
        except OSError as fault:  # the disk fails, or one is just put in place: with the next beat
            log.error("the key files for the second machine can't be read: %s", fault)
            self._keys.again()
            return False
        if keys is not None:
            self._send(wire.KEYS, keys)
        return True

    def _offer_copy(self) -> None:
        if self._copy is None or self._follower is None:
            return
        if self._copy.failed:
            self._drop_copy()
        elif self._copy.ready and not self._copy.offered:
            self._offer(self._copy)

    def _offer(self, copy: OutgoingCopy) -> None:
        copy.offered = True
        why = "its log is another one" if self._forked else "it has none, or misses too much"
        self._send(wire.COPY, _json(Copying(copy.size, why, self._forked)))

    def _drop_copy(self) -> None:
        if self._copy is not None:
            self._copy.close()
            self._copy = None

    def _send(self, kind: bytes, body: bytes) -> None:
        if self._follower is not None and not self._answer(self._follower.identity, kind, body):
            self._follower = None

    def _answer(self, identity: bytes, kind: bytes, body: bytes = b"") -> bool:
        """Whether it could be sent: a machine that is gone or takes nothing says hello again."""
        try:
            self.socket.send_multipart([identity, kind, body], zmq.NOBLOCK)
        except zmq.ZMQError as fault:
            if fault.errno not in (zmq.EAGAIN, zmq.EHOSTUNREACH):
                raise
            return False
        return True
