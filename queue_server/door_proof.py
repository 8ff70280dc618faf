"""Proof before a server serves that its doors are shut: strangers knock at its own sockets and must stay outside."""

from dataclasses import dataclass

import zmq
from zmq.utils.monitor import parse_monitor_message

from protocol.errors import MotcuaError
from protocol.invitation import reachable

PATIENCE_SECONDS = 10.0
"""It takes some milliseconds; a machine that just started may have much else to do."""
_IN = int(zmq.Event.HANDSHAKE_SUCCEEDED)
_REFUSED = int(zmq.Event.HANDSHAKE_FAILED_AUTH)
_NO_COMMON_TONGUE = int(zmq.Event.HANDSHAKE_FAILED_PROTOCOL | zmq.Event.HANDSHAKE_FAILED_NO_DETAIL)


class DoorsFault(MotcuaError):
    """The doors can't be trusted, or this machine can't have them: the server must not serve."""


@dataclass(frozen=True)
class Probe:
    """One who knocks with a socket of this kind: with a key pair (Z85) or without, and whether it must get in."""

    name: str
    kind: int
    address: str
    keys: tuple[str, str] | None
    must_enter: bool


def prove(probes: list[Probe], server_key: str) -> None:
    """Let them all knock at the same time; raises DoorsFault if one fares otherwise than it must."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    context.linger = 0
    sockets = [_knock(context, probe, server_key) for probe in probes]
    try:
        for probe, (_, monitor) in zip(probes, sockets, strict=True):
            _judge(probe, monitor)
    finally:
        for socket, monitor in sockets:
            socket.disable_monitor()
            monitor.close()
            socket.close()
        context.term()


def _knock(
    context: "zmq.Context[zmq.Socket[bytes]]", probe: Probe, server_key: str
) -> "tuple[zmq.Socket[bytes], zmq.Socket[bytes]]":
    socket = context.socket(probe.kind)
    if probe.keys:
        socket.curve_publickey, socket.curve_secretkey = (key.encode() for key in probe.keys)
        socket.curve_serverkey = server_key.encode()
    monitor = socket.get_monitor_socket(_IN | (_REFUSED if probe.keys else _NO_COMMON_TONGUE))
    socket.connect(reachable(probe.address, "127.0.0.1"))
    return socket, monitor


def _judge(probe: Probe, monitor: "zmq.Socket[bytes]") -> None:
    if not monitor.poll(int(PATIENCE_SECONDS * 1000)):
        raise DoorsFault(f"{probe.address} does not answer {probe.name}: the server does not start")
    entered = int(parse_monitor_message(monitor.recv_multipart())["event"]) == _IN
    if entered != probe.must_enter:
        does, who = ("lets in", "anybody") if entered else ("refuses", "nobody")
        raise DoorsFault(f"{probe.address} {does} {probe.name}: the server does not start, since {who} could come in")
