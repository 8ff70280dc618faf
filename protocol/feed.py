"""What a listener hears: a snapshot, then every event without a gap (the Clone pattern of the ZeroMQ guide, ch. 5)."""

import math
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Protocol

import msgspec

from protocol import codec
from protocol.errors import MotcuaError
from protocol.events import Event
from protocol.replies import Pulse, Reply, Snapshot

SILENCE_SECONDS = 3.0
NEWER_SECONDS = 5.0
"""Between two snapshots that are asked for because of events which only a newer program knows."""


class _Newer(msgspec.Struct):
    """An event whose body is newer than this program: only its place is known."""

    epoch: str
    seq: int


_newer = msgspec.json.Decoder(_Newer)


class Listener(Protocol):
    """What a screen gives to the client; all is called on the client's thread.

    After `on_snapshot` come only events with later `seq`, without a gap; any gap leads to a new snapshot.
    """

    def on_snapshot(self, snapshot: Snapshot) -> None:
        """The whole state: forget what was known before."""

    def on_event(self, event: Event) -> None:
        """The next event of the log."""

    def on_pulse(self, pulse: Pulse) -> None:
        """The server lives; what is computed rather than logged."""

    def on_silence(self, seconds: float) -> None:
        """Nothing was heard for so long (more than `SILENCE_SECONDS`); repeated until something is."""


class Feed:
    """The Clone pattern: hold events back until a snapshot came, then only the next seq is good enough.

    An event that only a newer program knows is passed over: what it changed comes with a snapshot a little later.
    """

    def __init__(self, listener: Listener, ask_snapshot: Callable[[Callable[["Future[Reply]"], None]], None]) -> None:
        self._listener = listener
        self._ask_snapshot = ask_snapshot
        self._epoch = ""
        self._seq = -1
        self._held: list[Event | _Newer] = []
        self._outdated = False
        """Whether an event was passed over since the last snapshot."""
        self._asking = False
        self._behind = False
        self._ask_again_at = self._newer_at = 0.0
        self.heard_at = time.monotonic()
        self._told_at = 0.0

    def turn(self, messages: Iterable[list[bytes]]) -> None:
        """Take what came, and see to snapshot and silence; called several times each second."""
        for frames in messages:
            self._take(frames)
        if not self._asking and time.monotonic() >= self._due():
            self._ask()
        self._tell_silence()

    def _due(self) -> float:
        """When a snapshot is to be asked for, in monotonic seconds."""
        if self._seq < 0:
            return self._ask_again_at
        return self._newer_at if self._outdated else math.inf

    def _take(self, frames: list[bytes]) -> None:
        try:
            if frames[0] == codec.EVENT_TOPIC:
                self._take_event(_event(frames[-1]))
            else:
                self._take_pulse(codec.decode_pulse(frames[-1]))
        except codec.UNREADABLE:
            self._seq = -1  # what can't be read at all is a gap
            return
        self.heard_at = time.monotonic()

    def _take_event(self, event: Event | _Newer) -> None:
        if self._seq < 0 or self._asking:
            self._held.append(event)
        elif event.epoch != self._epoch or event.seq > self._seq + 1:
            self._held = [event]
            self._seq = -1
        elif event.seq == self._seq + 1:
            self._seq = event.seq
            if isinstance(event, Event):
                self._listener.on_event(event)
            else:
                self._outdated = True

    def _take_pulse(self, pulse: Pulse) -> None:
        if self._seq >= 0 and not self._asking:
            if pulse.epoch == self._epoch and pulse.seq == self._seq:
                self._behind = False
                self._listener.on_pulse(pulse)
            elif pulse.epoch != self._epoch or pulse.seq > self._seq or self._behind:
                self._seq = -1
            else:  # a snapshot may overtake one pulse; two behind it mean that the hall went back to an older state
                self._behind = True

    def _ask(self) -> None:
        self._asking, self._behind = True, False
        self._held.clear()  # the snapshot will be younger than all that was heard before it was asked for
        self._ask_snapshot(self._took_snapshot)

    def _took_snapshot(self, future: "Future[Reply]") -> None:
        """Runs on the client's thread, or on the closing one."""
        self._asking = False
        self._ask_again_at = time.monotonic() + 0.5
        self._newer_at = time.monotonic() + NEWER_SECONDS if self._outdated else self._ask_again_at
        if isinstance(future.exception(), MotcuaError):
            return
        snapshot = future.result()
        assert isinstance(snapshot, Snapshot)
        self._epoch, self._seq, self._outdated = snapshot.epoch, snapshot.seq, False
        self.heard_at = time.monotonic()
        self._listener.on_snapshot(snapshot)
        held, self._held = self._held, []
        for event in held:
            if event.seq > self._seq or event.epoch != self._epoch:
                self._take_event(event)

    def _tell_silence(self) -> None:
        now = time.monotonic()
        silent = now - self.heard_at
        if silent > SILENCE_SECONDS and now - self._told_at >= 1.0:
            self._told_at = now
            self._listener.on_silence(silent)


def _event(frame: bytes) -> Event | _Newer:
    """An event, or the place of one that is newer than this program; raises UNREADABLE."""
    try:
        return codec.decode_event(frame)
    except codec.UNREADABLE:
        return _newer.decode(frame)
