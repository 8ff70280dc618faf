"""A load of many clients in one loop: each sends its next frame as soon as the last was answered."""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass

import zmq

from protocol.keys import DeviceKeys

Script = Generator[bytes, bytes, None]
"""A client's life: gives the frame to send, is given the answer."""


@dataclass(frozen=True)
class Measured:
    """What a load saw: answered requests per second, and quantiles of the time to an answer in milliseconds."""

    clients: int
    per_second: float
    p50: float
    p99: float


def connect(context: "zmq.Context[zmq.Socket[bytes]]", keys: DeviceKeys, address: str) -> "zmq.Socket[bytes]":
    """A DEALER with a device's key."""
    socket = context.socket(zmq.DEALER)
    socket.curve_publickey = keys.public_key.encode()
    socket.curve_secretkey = keys.secret_key.encode()
    socket.curve_serverkey = keys.server_key.encode()
    socket.linger = 0
    socket.connect(address)
    return socket


def run_load(
    keys: DeviceKeys, address: str, clients: int, script: Callable[[int], Script], seconds: float, warm_up: float = 1.0
) -> Measured:
    """Let so many clients live their scripts for a while and measure after the warm-up."""
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    context.setsockopt(zmq.MAX_SOCKETS, 4096)
    poller = zmq.Poller()
    lives: dict[zmq.Socket[bytes], Script] = {}
    sent_at: dict[zmq.Socket[bytes], float] = {}
    try:
        for i in range(clients):
            socket = connect(context, keys, address)
            poller.register(socket, zmq.POLLIN)
            lives[socket] = script(i)
            sent_at[socket] = time.perf_counter()
            socket.send(next(lives[socket]))
        return _measure(poller, lives, sent_at, time.perf_counter() + warm_up, seconds)
    finally:
        for socket in lives:
            socket.close()
        context.term()


def _measure(
    poller: zmq.Poller,
    lives: "dict[zmq.Socket[bytes], Script]",
    sent_at: "dict[zmq.Socket[bytes], float]",
    begin: float,
    seconds: float,
) -> Measured:
    times: list[float] = []
    end = begin + seconds
    now = time.perf_counter()
    while now < end:
        for socket, _ in poller.poll(1000):
            answer = socket.recv()
            now = time.perf_counter()
            if now >= begin:
                times.append(now - sent_at[socket])
            frame = lives[socket].send(answer)
            sent_at[socket] = time.perf_counter()
            socket.send(frame)
        now = time.perf_counter()
    times.sort()
    return Measured(
        clients=len(lives),
        per_second=len(times) / seconds,
        p50=times[len(times) // 2] * 1000,
        p99=times[int(len(times) * 0.99)] * 1000,
    )
