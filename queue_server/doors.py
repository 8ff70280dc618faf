"""Who may connect: every socket of the hall speaks CURVE (curvezmq.org), and only known keys come in."""

from collections.abc import Iterable

import zmq
from zmq.auth.thread import ThreadAuthenticator

from protocol import codec

HALL = "hall"
"""The domain (RFC 27/ZAP) of the sockets for devices that have joined."""
ENROLMENT = "enrolment"
"""The domain of the socket at which they join: any key may knock."""
MAX_SOCKETS = 4096


class _Admission:
    """Tells ZeroMQ's authenticator (RFC 27/ZAP) which keys may connect where; called on its thread."""

    def __init__(self) -> None:
        self.known: frozenset[bytes] = frozenset()

    def callback(self, domain: str, key: bytes) -> bool:
        return domain == ENROLMENT or key in self.known


class Doors:
    """The sockets' context and who is let in; `server_keys` are public and secret key (Z85)."""

    def __init__(self, server_keys: tuple[str, str]) -> None:
        self._keys = server_keys
        self._admission = _Admission()
        self._context = zmq.Context()
        self._context.setsockopt(zmq.MAX_SOCKETS, MAX_SOCKETS)
        self._authenticator = ThreadAuthenticator(self._context)
        self._authenticator.start()
        for domain in (HALL, ENROLMENT):
            self._authenticator.configure_curve_callback(domain, self._admission)

    def admit(self, public_keys: Iterable[str]) -> None:
        """Let in the devices with these keys and no others."""
        self._admission.known = frozenset(key.encode() for key in public_keys)

    def open(self, kind: int, domain: str, address: str) -> "zmq.Socket[bytes]":
        """A bound socket; raises zmq.ZMQError if the address is taken."""
        socket = self._context.socket(kind)
        socket.curve_server = True
        socket.curve_publickey = self._keys[0].encode()
        socket.curve_secretkey = self._keys[1].encode()
        socket.zap_domain = domain.encode()
        socket.setsockopt(zmq.ZAP_ENFORCE_DOMAIN, 1)
        socket.linger = 500
        socket.setsockopt(zmq.MAXMSGSIZE, codec.MAX_REQUEST_BYTES)
        socket.setsockopt(zmq.HANDSHAKE_IVL, 4000)
        socket.setsockopt(zmq.HEARTBEAT_IVL, 1000)
        socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 3000)
        socket.setsockopt(zmq.HEARTBEAT_TTL, 3000)
        socket.setsockopt(zmq.BACKLOG, 1024)
        socket.bind(address)
        return socket

    def close(self) -> None:
        """Close what is left after the sockets were closed."""
        self._authenticator.stop()
        self._context.term()
