"""The second machine's end of the link: one connection, made anew when nothing is heard."""

import contextlib
import time

import zmq

from protocol.keys import DeviceKeys
from queue_server.standby import wire


class Line:
    """A DEALER to the first machine, with this machine's key; use it from one thread."""

    def __init__(self, keys: DeviceKeys) -> None:
        self._keys = keys
        self._context = zmq.Context()
        self._context.linger = 0
        self._refused = False
        self._socket = self._connect()
        self.heard_at = self._made_at = time.monotonic()
        self.heard = False
        """Whether anything was ever heard."""

    def _connect(self) -> "zmq.Socket[bytes]":
        socket = self._context.socket(zmq.DEALER)
        socket.curve_publickey = self._keys.public_key.encode()
        socket.curve_secretkey = self._keys.secret_key.encode()
        socket.curve_serverkey = self._keys.server_key.encode()
        socket.setsockopt(zmq.HEARTBEAT_IVL, 1000)
        socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 3000)
        socket.setsockopt(zmq.RECONNECT_IVL, 100)
        socket.setsockopt(zmq.RECONNECT_IVL_MAX, 1000)
        socket.setsockopt(zmq.RCVHWM, 0)  # what was acknowledged is few: nothing is dropped
        self._monitor = socket.get_monitor_socket(int(zmq.Event.HANDSHAKE_FAILED_AUTH))
        socket.connect(self._keys.commands)
        return socket

    @property
    def refused(self) -> bool:
        """Whether the first machine is there, but does not know this one's key: it was shut out."""
        while self._monitor.poll(0):
            self._monitor.recv_multipart()
            self._refused = True
        return self._refused

    @property
    def silent(self) -> bool:
        """Whether the first machine is not heard."""
        return not self.heard or time.monotonic() - self.heard_at > wire.SILENCE_SECONDS

    def say(self, kind: bytes, body: bytes = b"") -> None:
        """Send, if the connection takes it; what is lost is said again."""
        with contextlib.suppress(zmq.Again):
            self._socket.send_multipart([kind, body], zmq.NOBLOCK)

    def listen(self, seconds: float) -> tuple[bytes, bytes] | None:
        """What comes next within so long: its kind and body."""
        if not self._socket.poll(int(seconds * 1000)):
            return None
        frames = self._socket.recv_multipart()
        self.heard, self.heard_at = True, time.monotonic()
        return (frames[0], frames[1]) if len(frames) == 2 else None

    def renew(self) -> bool:
        """Make the connection anew if it is silent for long: libzmq never tries again after a refused handshake."""
        now = time.monotonic()
        if now - max(self.heard_at, self._made_at) <= wire.SILENCE_SECONDS:
            return False
        self._hang_up()
        self._socket, self._refused = self._connect(), False
        self._made_at = now
        return True

    def close(self) -> None:
        """Close the connection."""
        self._hang_up()
        self._context.term()

    def _hang_up(self) -> None:
        self._socket.disable_monitor()
        self._monitor.close()
        self._socket.close()
