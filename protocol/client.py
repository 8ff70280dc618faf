"""Ask the hall and listen to it: resend until answered, snapshot after any gap.

One thread per client owns the sockets. Patterns: Lazy Pirate and Clone of the ZeroMQ guide, chapters 4 and 5.
"""

import contextlib
import queue
import random
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol

import msgspec
import zmq

from protocol import codec
from protocol.commands import Command, GetSnapshot
from protocol.errors import MotcuaError, ServerUnreachable, refusal
from protocol.events import Event
from protocol.keys import DeviceKeys
from protocol.replies import Pulse, Refused, Reply, Snapshot

FIRST_RESEND_SECONDS = 0.5
LAST_RESEND_SECONDS = 4.0
SILENCE_SECONDS = 3.0
_POLL_MILLISECONDS = 100


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


def new_key_pair() -> tuple[str, str]:
    """A fresh CURVE key pair (public, secret) in Z85."""
    public, secret = zmq.curve_keypair()
    return public.decode(), secret.decode()


def new_request_id() -> str:
    """A fresh request_id: make it when the finger touches, keep it until answered.

    It begins with the time, so that the server's remembered answers lie side by side on its disk.
    """
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(8)}"


class _Pending:
    """A request that was sent and not yet answered."""

    def __init__(self, frame: bytes, within: float, now: float) -> None:
        self.frame = frame
        self.future: Future[Reply] = Future()
        self.deadline = now + within
        self.wait = FIRST_RESEND_SECONDS
        self.resend_at = now + self.wait

    def back_off(self, now: float) -> None:
        self.wait = min(self.wait * 2, LAST_RESEND_SECONDS)
        self.resend_at = now + self.wait * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, no secret


class HallClient:
    """A device's connection to its hall; close it when done."""

    def __init__(self, keys: DeviceKeys, listener: Listener | None = None) -> None:
        self._keys = keys
        self._listener = listener
        self._context = zmq.Context()
        self._context.linger = 0
        self._inbox: queue.SimpleQueue[tuple[str, bytes, float, Future[Reply]]] = queue.SimpleQueue()
        self._pending: dict[str, _Pending] = {}
        self._wake = self._context.socket(zmq.PAIR)
        self._wake_lock = threading.Lock()
        self._woken = self._context.socket(zmq.PAIR)
        self._woken.bind("inproc://wake")
        self._wake.connect("inproc://wake")
        self._closing = False
        self._feed = _Feed(listener, self._ask_snapshot) if listener else None
        self._thread = threading.Thread(target=self._run, name="hall-client", daemon=True)
        self._thread.start()

    # ---- from any thread ----

    def ask(self, command: Command, *, request_id: str | None = None, within: float = 10.0) -> "Future[Reply]":
        """Send a command, again and again with the same id, until answered or `within` seconds are over.

        The future holds the reply or raises the `Refusal` of the hall, or `ServerUnreachable`.
        """
        request_id = request_id or new_request_id()
        future: Future[Reply] = Future()
        self._inbox.put((request_id, codec.encode_request(request_id, command), within, future))
        self._poke()
        return future

    def call(self, command: Command, *, request_id: str | None = None, within: float = 10.0) -> Reply:
        """As `ask`, but wait for the reply."""
        return self.ask(command, request_id=request_id, within=within).result()

    def close(self) -> None:
        """Stop the thread and close the sockets; unanswered requests end as unreachable."""
        if self._closing:
            return
        self._closing = True
        self._poke()
        self._thread.join(timeout=5)
        self._wake.close()
        self._context.term()

    def _poke(self) -> None:
        with self._wake_lock:
            if not self._wake.closed:
                self._wake.send(b"", zmq.NOBLOCK)

    # ---- on the client's own thread ----

    def _run(self) -> None:
        dealer = self._connect(zmq.DEALER, self._keys.commands)
        sub = self._connect(zmq.SUB, self._keys.events) if self._feed else None
        poller = zmq.Poller()
        for socket in filter(None, (dealer, sub, self._woken)):
            poller.register(socket, zmq.POLLIN)
        while not self._closing:
            ready = dict(poller.poll(_POLL_MILLISECONDS))
            self._drain_wake(ready)
            self._take_inbox(dealer)
            if dealer in ready:
                self._take_answers(dealer)
            if self._feed and sub is not None:
                self._feed.turn(sub if sub in ready else None)
            self._resend(dealer)
        self._end(dealer, sub)

    def _connect(self, kind: int, address: str) -> "zmq.Socket[bytes]":
        socket = self._context.socket(kind)
        socket.curve_publickey = self._keys.public_key.encode()
        socket.curve_secretkey = self._keys.secret_key.encode()
        socket.curve_serverkey = self._keys.server_key.encode()
        socket.setsockopt(zmq.HEARTBEAT_IVL, 1000)
        socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 3000)
        socket.setsockopt(zmq.RECONNECT_IVL, 100)
        socket.setsockopt(zmq.RECONNECT_IVL_MAX, 2000)
        if kind == zmq.SUB:
            socket.subscribe(codec.EVENT_TOPIC)
            socket.subscribe(codec.PULSE_TOPIC)
        socket.connect(address)
        return socket

    def _drain_wake(self, ready: dict[Any, int]) -> None:
        if self._woken in ready:
            while self._woken.poll(0):
                self._woken.recv()

    def _take_inbox(self, dealer: "zmq.Socket[bytes]") -> None:
        while not self._inbox.empty():
            request_id, frame, within, future = self._inbox.get()
            pending = _Pending(frame, within, time.monotonic())
            pending.future = future
            self._pending[request_id] = pending
            _send(dealer, frame)

    def _take_answers(self, dealer: "zmq.Socket[bytes]") -> None:
        while dealer.poll(0):
            frames = dealer.recv_multipart()
            try:
                answer = codec.decode_answer(frames[-1])
            except msgspec.DecodeError:
                continue
            pending = self._pending.pop(answer.request_id, None)
            if pending is None:
                continue
            if isinstance(answer.reply, Refused):
                pending.future.set_exception(refusal(answer.reply.code, answer.reply.facts))
            else:
                pending.future.set_result(answer.reply)

    def _resend(self, dealer: "zmq.Socket[bytes]") -> None:
        now = time.monotonic()
        for request_id, pending in list(self._pending.items()):
            if now >= pending.deadline:
                del self._pending[request_id]
                pending.future.set_exception(ServerUnreachable(self._keys.commands))
            elif now >= pending.resend_at:
                pending.back_off(now)
                _send(dealer, pending.frame)

    def _ask_snapshot(self, on_done: Callable[["Future[Reply]"], None]) -> None:
        self.ask(GetSnapshot(), within=5.0).add_done_callback(on_done)

    def _end(self, dealer: "zmq.Socket[bytes]", sub: "zmq.Socket[bytes] | None") -> None:
        for pending in self._pending.values():
            pending.future.set_exception(ServerUnreachable("closed"))
        for socket in (dealer, sub, self._woken):
            if socket is not None:
                socket.close()


def _send(dealer: "zmq.Socket[bytes]", frame: bytes) -> None:
    with contextlib.suppress(zmq.Again):  # no peer and the pipe is full: the resend will find one
        dealer.send(frame, zmq.NOBLOCK)


class _Feed:
    """The Clone pattern: hold events back until a snapshot came, then only the next seq is good enough."""

    def __init__(self, listener: Listener, ask_snapshot: Callable[[Callable[["Future[Reply]"], None]], None]) -> None:
        self._listener = listener
        self._ask_snapshot = ask_snapshot
        self._epoch = ""
        self._seq = -1
        self._held: list[Event] = []
        self._asking = False
        self._ask_again_at = 0.0
        self._heard_at = time.monotonic()
        self._told_at = 0.0

    def turn(self, sub: "zmq.Socket[bytes] | None") -> None:
        while sub is not None and sub.poll(0):
            self._take(sub.recv_multipart())
        if self._seq < 0 and not self._asking and time.monotonic() >= self._ask_again_at:
            self._ask()
        self._tell_silence()

    def _take(self, frames: list[bytes]) -> None:
        try:
            if frames[0] == codec.EVENT_TOPIC:
                self._take_event(codec.decode_event(frames[-1]))
            else:
                self._take_pulse(codec.decode_pulse(frames[-1]))
        except msgspec.DecodeError:
            self._seq = -1  # an event that this program can't read is a gap
            return
        self._heard_at = time.monotonic()

    def _take_event(self, event: Event) -> None:
        if self._seq < 0 or self._asking:
            self._held.append(event)
        elif event.epoch != self._epoch or event.seq > self._seq + 1:
            self._held = [event]
            self._seq = -1
        elif event.seq == self._seq + 1:
            self._seq = event.seq
            self._listener.on_event(event)

    def _take_pulse(self, pulse: Pulse) -> None:
        if self._seq >= 0 and not self._asking:
            if pulse.epoch == self._epoch and pulse.seq == self._seq:
                self._listener.on_pulse(pulse)
            elif pulse.epoch != self._epoch or pulse.seq > self._seq:
                self._seq = -1

    def _ask(self) -> None:
        self._asking = True
        self._ask_snapshot(self._took_snapshot)

    def _took_snapshot(self, future: "Future[Reply]") -> None:
        """Runs on the client's thread, or on the closing one."""
        self._asking = False
        self._ask_again_at = time.monotonic() + 0.5
        if isinstance(future.exception(), MotcuaError):
            return
        snapshot = future.result()
        assert isinstance(snapshot, Snapshot)
        self._epoch, self._seq = snapshot.epoch, snapshot.seq
        self._heard_at = time.monotonic()
        self._listener.on_snapshot(snapshot)
        held, self._held = self._held, []
        for event in held:
            if event.seq > self._seq or event.epoch != self._epoch:
                self._take_event(event)

    def _tell_silence(self) -> None:
        now = time.monotonic()
        silent = now - self._heard_at
        if silent > SILENCE_SECONDS and now - self._told_at >= 1.0:
            self._told_at = now
            self._listener.on_silence(silent)
