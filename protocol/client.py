"""Ask the hall and listen to it: resend until answered (the Lazy Pirate pattern of the ZeroMQ guide, ch. 4).

One thread per client owns the sockets.
"""

import contextlib
import queue
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import zmq

from protocol import codec
from protocol.commands import Command, GetHall, GetSnapshot
from protocol.errors import MotcuaError, RequestIdReused, ServerUnreachable, refusal
from protocol.feed import SILENCE_SECONDS, Feed, Listener
from protocol.keys import DeviceKeys, KeyFileError
from protocol.replies import HallReply, Refused, Reply
from protocol.whereabouts import Whereabouts

FIRST_RESEND_SECONDS = 0.5
LAST_RESEND_SECONDS = 4.0
RENEW_SECONDS = 5.0
"""A socket that heard nothing for so long is made anew: libzmq never tries again after a handshake was refused once."""
AWAY_SECONDS = 1.5
"""Where the hall has two machines, the other is tried after SILENCE_SECONDS, and then each in turn for so long."""
_POLL_MILLISECONDS = 100


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

    def __init__(self, frame: bytes, future: "Future[Reply]", within: float, now: float) -> None:
        self.frame = frame
        self.futures = [future]
        self.asked_at = now
        self.deadline = now + within
        self.wait = FIRST_RESEND_SECONDS
        self.resend_at = now + self.wait

    def end(self, outcome: Reply | MotcuaError) -> None:
        """Tell everybody who asked."""
        for future in self.futures:
            if isinstance(outcome, MotcuaError):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)

    def back_off(self, now: float) -> None:
        self.wait = min(self.wait * 2, LAST_RESEND_SECONDS)
        self.resend_at = now + self.wait * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, no secret


class HallClient:
    """A device's connection to its hall; close it when done. Keys or addresses that are none raise KeyFileError."""

    def __init__(
        self,
        keys: DeviceKeys,
        listener: Listener | None = None,
        learned: Callable[[DeviceKeys], None] = lambda _keys: None,
    ) -> None:
        """`learned` is called, on the client's thread, with keys that the hall's own word has changed."""
        self._keys = keys
        self._where = Whereabouts(keys)
        self._learned = learned
        self._asking_who = ""
        self._switch_after = SILENCE_SECONDS
        self._listener = listener
        self._context = zmq.Context()
        self._context.linger = 0
        self._inbox: queue.SimpleQueue[tuple[str, bytes, float, Future[Reply]]] = queue.SimpleQueue()
        self._pending: dict[str, _Pending] = {}
        self._feed = Feed(listener, self._ask_snapshot) if listener else None
        try:
            self._dealer = self._connect(zmq.DEALER, keys.commands)
            self._ask_who()
            self._sub = self._connect(zmq.SUB, keys.events) if listener else None
        except (zmq.ZMQError, ValueError) as fault:
            self._context.destroy()
            raise KeyFileError(f"{keys.commands}, {keys.events}: not to be connected to: {fault}") from fault
        self._dealer_at = self._sub_at = self._answered_at = time.monotonic()
        self._poller = zmq.Poller()
        self._wake = self._context.socket(zmq.PAIR)
        self._lock = threading.Lock()
        self._woken = self._context.socket(zmq.PAIR)
        self._woken.bind("inproc://wake")
        self._wake.connect("inproc://wake")
        self._closing = False
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="hall-client", daemon=True)
        self._thread.start()

    # ---- from any thread ----

    @property
    def server_key(self) -> str:
        """The public key (Z85) by which this client knows its hall."""
        return self._keys.server_key

    def ask(self, command: Command, *, request_id: str | None = None, within: float = 10.0) -> "Future[Reply]":
        """Send a command, again and again with the same id, until answered or `within` seconds are over.

        The future holds the reply or raises the `Refusal` of the hall, or `ServerUnreachable`. It can't be cancelled:
        what was sent may be done.
        """
        request_id = request_id or new_request_id()
        future: Future[Reply] = Future()
        future.set_running_or_notify_cancel()
        frame = codec.encode_request(request_id, command)
        with self._lock:
            if not self._ended:
                self._inbox.put((request_id, frame, within, future))
                self._poke()
                return future
        future.set_exception(ServerUnreachable("closed"))
        return future

    def call(self, command: Command, *, request_id: str | None = None, within: float = 10.0) -> Reply:
        """As `ask`, but wait for the reply."""
        return self.ask(command, request_id=request_id, within=within).result()

    def close(self) -> None:
        """Stop the thread and close the sockets; unanswered requests end as unreachable."""
        if self._closing:
            return
        self._closing = True
        with self._lock:
            if not self._ended:
                self._poke()
        self._thread.join(timeout=5)
        self._wake.close()
        self._context.term()

    def _poke(self) -> None:
        with contextlib.suppress(zmq.Again):  # a full pipe wakes as well
            self._wake.send(b"", zmq.NOBLOCK)

    # ---- on the client's own thread ----

    def _run(self) -> None:
        for socket in filter(None, (self._dealer, self._sub, self._woken)):
            self._poller.register(socket, zmq.POLLIN)
        try:
            while not self._closing:
                self._turn(dict(self._poller.poll(_POLL_MILLISECONDS)))
        finally:  # also when a listener raised: nobody may wait for ever
            self._end()

    def _turn(self, ready: dict[Any, int]) -> None:
        self._drain_wake(ready)
        self._take_inbox(self._dealer)
        if self._dealer in ready:
            self._take_answers(self._dealer)
        if self._feed and self._sub is not None:
            self._feed.turn(_messages(self._sub) if self._sub in ready else ())
        self._resend(self._dealer)
        self._renew_silent()

    def _renew_silent(self) -> None:
        now = time.monotonic()
        limit = self._switch_after if self._where.two else RENEW_SECONDS
        waited, unheard = self._waited(now) > limit, self._unheard(now) > limit
        if self._where.two and (waited or unheard):
            self._switch()
            return
        if waited:
            self._renew_dealer()
        if unheard:
            self._renew_sub()

    def _waited(self, now: float) -> float:
        """For how many seconds an answer is due."""
        asked_at = min((pending.asked_at for pending in self._pending.values()), default=now)
        if self._asking_who:
            asked_at = min(asked_at, self._dealer_at)
        return now - max(asked_at, self._answered_at, self._dealer_at)

    def _unheard(self, now: float) -> float:
        """For how many seconds nothing was heard of the hall."""
        return now - max(self._feed.heard_at, self._sub_at) if self._feed and self._sub else 0.0

    def _switch(self) -> None:
        """Try the hall's other machine; after a while the first again, not all devices at the same moment."""
        self._where.switch()
        self._switch_after = AWAY_SECONDS * random.uniform(0.8, 1.2)  # noqa: S311 - jitter, no secret
        self._renew_dealer()
        self._renew_sub()

    def _renew_dealer(self) -> None:
        self._dealer = self._renew(self._dealer, zmq.DEALER, self._where.commands)
        self._dealer_at = time.monotonic()
        self._ask_who()
        self._send_pending()

    def _renew_sub(self) -> None:
        if self._sub is not None:
            self._sub = self._renew(self._sub, zmq.SUB, self._where.events)
            self._sub_at = time.monotonic()

    def _ask_who(self) -> None:
        """Where there are two machines, nothing is asked of either before it said which epoch it serves."""
        if self._where.two:
            self._asking_who = new_request_id()
            _send(self._dealer, codec.encode_request(self._asking_who, GetHall()))

    def _send_pending(self) -> None:
        if not self._asking_who:
            for pending in self._pending.values():
                _send(self._dealer, pending.frame)

    def _take_who(self, reply: Reply) -> None:
        """What a hall says of itself; one that can't say it is of an earlier version, and is believed."""
        before = self._where.keys
        if isinstance(reply, HallReply) and not self._where.believe(reply):
            self._switch()
            return
        self._switch_after = SILENCE_SECONDS
        if self._where.keys != before:
            self._learned(self._where.keys)
        if self._asking_who:
            self._asking_who = ""
            self._send_pending()

    def _renew(self, socket: "zmq.Socket[bytes]", kind: int, address: str) -> "zmq.Socket[bytes]":
        self._poller.unregister(socket)
        socket.close()
        fresh = self._connect(kind, address)
        self._poller.register(fresh, zmq.POLLIN)
        return fresh

    def _connect(self, kind: int, address: str) -> "zmq.Socket[bytes]":
        socket = self._context.socket(kind)
        socket.curve_publickey = self._keys.public_key.encode()
        socket.curve_secretkey = self._keys.secret_key.encode()
        socket.curve_serverkey = self._keys.server_key.encode()
        socket.setsockopt(zmq.HEARTBEAT_IVL, 1000)
        socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 3000)
        socket.setsockopt(zmq.RECONNECT_IVL, 100)
        socket.setsockopt(zmq.RECONNECT_IVL_MAX, 250)  # a server that starts again is back within a second
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
            pending = self._pending.get(request_id)
            if pending is not None and pending.frame == frame:
                pending.futures.append(future)
                continue
            if pending is not None:
                future.set_exception(RequestIdReused(request_id=request_id))
                continue
            self._pending[request_id] = _Pending(frame, future, within, time.monotonic())
            if not self._asking_who:
                _send(dealer, frame)

    def _take_answers(self, dealer: "zmq.Socket[bytes]") -> None:
        while dealer.poll(0):
            frames = dealer.recv_multipart()
            try:
                answer = codec.decode_answer(frames[-1])
            except codec.UNREADABLE:
                continue
            self._answered_at = time.monotonic()
            if answer.request_id == self._asking_who or isinstance(answer.reply, HallReply):
                self._take_who(answer.reply)
            if dealer is not self._dealer:
                return
            pending = self._pending.pop(answer.request_id, None)
            if pending is None:
                continue
            reply = answer.reply
            pending.end(refusal(reply.code, reply.facts) if isinstance(reply, Refused) else reply)

    def _resend(self, dealer: "zmq.Socket[bytes]") -> None:
        now = time.monotonic()
        for request_id, pending in list(self._pending.items()):
            if now >= pending.deadline:
                del self._pending[request_id]
                pending.end(ServerUnreachable(self._where.commands))
            elif now >= pending.resend_at and not self._asking_who:
                pending.back_off(now)
                _send(dealer, pending.frame)

    def _ask_snapshot(self, on_done: Callable[["Future[Reply]"], None]) -> None:
        self.ask(GetSnapshot(), within=5.0).add_done_callback(on_done)

    def _end(self) -> None:
        with self._lock:
            self._ended = True
        self._take_inbox(self._dealer)
        while self._pending:
            self._pending.popitem()[1].end(ServerUnreachable("closed"))
        for socket in filter(None, (self._dealer, self._sub, self._woken)):
            socket.close()


def _messages(sub: "zmq.Socket[bytes]") -> Iterator[list[bytes]]:
    while sub.poll(0):
        yield sub.recv_multipart()


def _send(dealer: "zmq.Socket[bytes]", frame: bytes) -> None:
    with contextlib.suppress(zmq.Again):  # no peer and the pipe is full: the resend will find one
        dealer.send(frame, zmq.NOBLOCK)
