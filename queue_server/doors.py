"""Who may connect: every socket of the hall speaks CURVE (curvezmq.org), and only known keys come in."""

import errno
import logging
import resource
import time
from collections.abc import Iterable, Mapping

import zmq

from protocol import codec
from queue_server.door_proof import DoorsFault, Probe, prove
from queue_server.gate import ENROLMENT, Gate

__all__ = ["ENROLMENT", "HALL", "Doors", "DoorsFault"]
log = logging.getLogger(__name__)

HALL = "hall"
"""The domain (RFC 27/ZAP) of the sockets for devices that have joined."""
OLDEST_LIBZMQ = (4, 3, 5)
"""Older ones have known holes (CVE-2019-13132, CVE-2020-15166 and others), or none that were looked for here."""
FILES_NEEDED = 256
"""File descriptors without which no hall works: each connection is one."""
FILES_WANTED = 4096
WAITING_REQUESTS = 512
"""So many requests of one connection wait unread; TCP holds back the rest, which costs the sender, not the server."""
WAITING_ANSWERS = 1000
"""So many answers or events wait for one connection; who reads more slowly goes without, and asks again."""
_REOPEN_SECONDS = 5.0
_KNOCKING: dict[int, int] = {zmq.ROUTER: zmq.DEALER, zmq.XPUB: zmq.SUB}
"""What connects to what."""


class Doors:
    """The sockets' context and who is let in; `server_keys` are public and secret key (Z85).

    Raises DoorsFault when this machine's ZeroMQ is too old or its file limit too low.
    """

    def __init__(self, server_keys: tuple[str, str]) -> None:
        check_version(zmq.zmq_version_info())
        raise_file_limit()
        self._keys = server_keys
        self._context = zmq.Context()
        self._opened: dict[zmq.Socket[bytes], tuple[int, str, str]] = {}
        self._gate = Gate(self._context)
        self._gate.start()

    def admit(self, public_keys: Iterable[str], shut_out: Mapping[str, str]) -> None:
        """Let in the devices with these keys and no others; `shut_out` names those whose keys were revoked."""
        self._gate.admit(public_keys, dict(shut_out))

    def refused(self) -> dict[str, tuple[int, str]]:
        """Who was refused since this was asked last: how many of each kind (see `knocks`), and who was the last."""
        return self._gate.refused()

    def open(self, kind: int, domain: str, address: str) -> "zmq.Socket[bytes]":
        """A bound socket; raises zmq.ZMQError if the address is taken."""
        socket = self._context.socket(kind)
        socket.curve_server = True
        socket.curve_publickey = self._keys[0].encode()
        socket.curve_secretkey = self._keys[1].encode()
        socket.zap_domain = domain.encode()
        socket.setsockopt(zmq.ZAP_ENFORCE_DOMAIN, 1)
        _limit(socket)
        try:
            socket.bind(address)
        except zmq.ZMQError:
            socket.close()
            raise
        self._gate.watch(socket)
        self._opened[socket] = kind, domain, address
        return socket

    def reopen(self, socket: "zmq.Socket[bytes]") -> "zmq.Socket[bytes]":
        """Cut all connections of a socket: a key is asked for at a connection's begin only, so who lost it is still on.

        The others come back by themselves within a tenth of a second.
        """
        kind, domain, address = self._opened.pop(socket)
        socket.close(linger=0)
        until = time.monotonic() + _REOPEN_SECONDS
        while True:
            try:
                return self.open(kind, domain, address)
            except zmq.ZMQError as fault:  # ZeroMQ lets the address go on a thread of its own
                if fault.errno != errno.EADDRINUSE or time.monotonic() > until:
                    raise
                time.sleep(0.001)

    def prove(self, admitted: Iterable[str]) -> None:
        """Knock at the sockets for devices with a wrong key, with none, and with a right one; raises DoorsFault.

        `admitted` are the keys that may come in; the right key is fresh and may so during the proof only.
        """
        known, right = list(admitted), _key_pair()
        probes: list[Probe] = []
        for socket, (kind, domain, _) in self._opened.items():
            if domain == HALL:
                at = _KNOCKING[kind], str(socket.getsockopt_string(zmq.LAST_ENDPOINT))
                probes += [
                    Probe("a stranger's key", *at, _key_pair(), must_enter=False),
                    Probe("a connection without a key", *at, None, must_enter=False),
                    Probe("a known key", *at, right, must_enter=True),
                ]
        self._gate.admit([*known, right[0]], {})
        prove(probes, self._keys[0])
        self._gate.refused()

    def close(self) -> None:
        """Close the sockets and what holds them."""
        for socket in self._opened:
            socket.close()
        self._gate.stop()
        self._context.term()


def _limit(socket: "zmq.Socket[bytes]") -> None:
    """What one connection may cost."""
    socket.linger = 500
    socket.setsockopt(zmq.MAXMSGSIZE, codec.MAX_REQUEST_BYTES)
    socket.setsockopt(zmq.HANDSHAKE_IVL, 4000)
    socket.setsockopt(zmq.HEARTBEAT_IVL, 1000)
    socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 3000)
    socket.setsockopt(zmq.HEARTBEAT_TTL, 3000)
    socket.setsockopt(zmq.BACKLOG, 1024)
    socket.rcvhwm, socket.sndhwm = WAITING_REQUESTS, WAITING_ANSWERS


def _key_pair() -> tuple[str, str]:
    public, secret = zmq.curve_keypair()
    return public.decode(), secret.decode()


def check_version(found: tuple[int, int, int]) -> None:
    """Raises DoorsFault for a libzmq with holes."""
    if found < OLDEST_LIBZMQ:
        old, needed = (".".join(map(str, version)) for version in (found, OLDEST_LIBZMQ))
        raise DoorsFault(
            f"libzmq {old} is too old to be safe; {needed} or later is needed (run ./motcua again to set up)"
        )


def raise_file_limit() -> None:
    """Let this process have as many open files as it may; raises DoorsFault if no hall could work with so few."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if most == resource.RLIM_INFINITY:
        return
    if most < FILES_NEEDED:
        raise DoorsFault(
            f"the limit of open files is {most}; at least {FILES_NEEDED} are needed, {FILES_WANTED} are better "
            "(LimitNOFILE= of the unit, or ulimit -Hn)"
        )
    if most < FILES_WANTED:
        log.warning("the limit of open files is %d; for a full hall %d are better", most, FILES_WANTED)
