"""Answers ZeroMQ's question who may connect (RFC 27/ZAP), on a thread of its own, and hears whose handshake failed."""

import contextlib
import functools
import threading
from collections.abc import Iterable

import zmq
from zmq.utils import z85
from zmq.utils.monitor import parse_monitor_message

ENROLMENT = "enrolment"
"""The domain of the socket at which devices join: any key may knock."""
_ZAP = "inproc://zeromq.zap.01"
_CONTROL = "inproc://gate"
_VERSION = b"1.0"
FAILED = {
    int(zmq.Event.HANDSHAKE_FAILED_PROTOCOL): "refused_handshake",
    int(zmq.Event.HANDSHAKE_FAILED_NO_DETAIL): "broken_handshake",
    int(zmq.Event.ACCEPT_FAILED): "accept_failed",
}
"""What is heard of a connection that came to grief before its key was asked for."""


class Gate(threading.Thread):
    """Knows the keys of the hall: who has none of them is refused, and noted. Fails closed: no gate, no entry."""

    def __init__(self, context: "zmq.Context[zmq.Socket[bytes]]") -> None:
        super().__init__(name="gate", daemon=True)
        self._context = context
        self._known: dict[bytes, bytes] = {}
        self._shut_out: dict[bytes, str] = {}
        self._lock = threading.Lock()
        self._refused: dict[str, tuple[int, str]] = {}
        self._zap = context.socket(zmq.REP)
        self._zap.bind(_ZAP)
        self._told = context.socket(zmq.PAIR)
        self._told.bind(_CONTROL)
        self._control = context.socket(zmq.PAIR)
        self._control.connect(_CONTROL)
        self._monitors: list[zmq.Socket[bytes]] = []

    # ---- from the server's thread ----

    def admit(self, public_keys: Iterable[str], shut_out: dict[str, str]) -> None:
        """Let in these keys (Z85) and no others; `shut_out` names the devices of keys that were revoked."""
        self._shut_out = {_raw(key): device_id for key, device_id in shut_out.items()}
        self._known = {_raw(key): key.encode() for key in public_keys}

    def watch(self, socket: "zmq.Socket[bytes]") -> None:
        """Hear of the failed handshakes of a socket until it is closed."""
        address = f"inproc://gate-{id(socket)}-{socket.underlying}"
        socket.monitor(address, sum(FAILED))
        self._control.send(address.encode())

    def refused(self) -> dict[str, tuple[int, str]]:
        """Who was refused since this was asked last: how many of each kind, and who was the last."""
        with self._lock:
            found, self._refused = self._refused, {}
        return found

    def stop(self) -> None:
        """End the thread; from now on nobody gets in."""
        if self.is_alive():
            self._control.send(b"")
            self.join()
        for socket in (self._zap, self._told, self._control, *self._monitors):
            socket.close(linger=0)

    # ---- on the gate's own thread ----

    def run(self) -> None:
        """Answer until told to stop."""
        poller = zmq.Poller()
        poller.register(self._zap, zmq.POLLIN)
        poller.register(self._told, zmq.POLLIN)
        while True:
            for socket, _ in poller.poll():
                if socket is self._zap:
                    self._answer()
                elif socket is not self._told:
                    self._hear(socket, poller)
                elif not self._obey(poller):
                    return

    def _obey(self, poller: zmq.Poller) -> bool:
        address = self._told.recv()
        if address:
            monitor = self._context.socket(zmq.PAIR)
            monitor.connect(address.decode())
            self._monitors.append(monitor)
            poller.register(monitor, zmq.POLLIN)
        return bool(address)

    def _answer(self) -> None:
        _, request_id, domain, address, _, mechanism, *credentials = self._zap.recv_multipart()
        user = self._user(domain.decode(), mechanism, credentials, address.decode("ascii", "replace"))
        status, text = (b"200", b"OK") if user else (b"400", b"NO ACCESS")
        self._zap.send_multipart([_VERSION, request_id, status, text, user, b""])

    def _user(self, domain: str, mechanism: bytes, credentials: list[bytes], address: str) -> bytes:
        """The key (Z85) of who may come in, by which the server knows the device; empty: nobody."""
        if mechanism != b"CURVE" or len(credentials) != 1:
            self._note("refused_handshake", address)
            return b""
        key = credentials[0]
        if domain == ENROLMENT:
            return z85.encode(key)
        user = self._known.get(key, b"")
        if not user:
            device_id = self._shut_out.get(key)
            self._note(*(("refused_revoked", device_id) if device_id else ("refused_unknown_key", address)))
        return user

    def _hear(self, monitor: "zmq.Socket[bytes]", poller: zmq.Poller) -> None:
        event = int(parse_monitor_message(monitor.recv_multipart())["event"])
        if event == zmq.Event.MONITOR_STOPPED:
            poller.unregister(monitor)
            self._monitors.remove(monitor)
            monitor.close(linger=0)
        elif event in FAILED:
            self._note(FAILED[event], "")

    def _note(self, kind: str, who: str) -> None:
        with self._lock:
            times, _ = self._refused.get(kind, (0, ""))
            self._refused[kind] = times + 1, who


@functools.cache
def _raw(key: str) -> bytes:
    """A key's 32 bytes; none for what is no key."""
    with contextlib.suppress(ValueError, KeyError, IndexError):
        return bytes(z85.decode(key.encode()))
    return b""
