"""Kiosks in a process of their own: all connect at once, then each takes number after number.

Reads `Task` as JSON from its standard input, writes `Taken` as JSON to its standard output.
"""

import itertools
import sys
import time
from collections.abc import Iterator

import msgspec
import zmq

from protocol import codec
from protocol.commands import IssueTicket
from protocol.keys import DeviceKeys
from tests.bench.load import connect


class Task(msgspec.Struct):
    """Who connects, and for how long (seconds) they take numbers after all were answered once."""

    kiosks: list[DeviceKeys]
    seconds: float


class Taken(msgspec.Struct):
    """Seconds from the first connect until the last kiosk had its first answer, and of each later answer."""

    first_answers: float
    seconds: float
    times: list[float]


def main() -> None:
    """Do the task."""
    task = msgspec.json.decode(sys.stdin.buffer.read(), type=Task)
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    poller = zmq.Poller()
    frames = _frames()
    begun = time.perf_counter()
    sent_at: dict[zmq.Socket[bytes], float] = {}
    for kiosk in task.kiosks:
        socket = connect(context, kiosk, kiosk.commands)
        poller.register(socket, zmq.POLLIN)
        sent_at[socket] = begun
        socket.send(next(frames))
    first = _first_answers(poller, sent_at, frames) - begun
    sys.stdout.buffer.write(msgspec.json.encode(_take(poller, sent_at, frames, Taken(first, task.seconds, []))))
    context.destroy(linger=0)


def _frames() -> Iterator[bytes]:
    """A kiosk's tap, with a request_id of its own each time."""
    ids = (f"{time.time_ns() // 1000:014x}{i:010x}" for i in itertools.count())
    return (codec.encode_request(next(ids), IssueTicket(f"s{i % 8 + 1}")) for i in itertools.count())


def _first_answers(poller: zmq.Poller, sent_at: "dict[zmq.Socket[bytes], float]", frames: Iterator[bytes]) -> float:
    """When the last one had its first answer; who has it goes on at once, so that each waits for one answer."""
    waiting = set(sent_at)
    while waiting:
        for socket, _ in poller.poll(10_000):
            waiting.discard(socket)
            _go_on(socket, sent_at, frames)
    return time.perf_counter()


def _take(
    poller: zmq.Poller, sent_at: "dict[zmq.Socket[bytes], float]", frames: Iterator[bytes], taken: Taken
) -> Taken:
    begun = time.perf_counter()
    while time.perf_counter() - begun < taken.seconds:
        taken.times.extend(_go_on(socket, sent_at, frames) for socket, _ in poller.poll(10_000))
    taken.seconds = time.perf_counter() - begun
    return taken


def _go_on(socket: "zmq.Socket[bytes]", sent_at: "dict[zmq.Socket[bytes], float]", frames: Iterator[bytes]) -> float:
    """Take the answer and ask for the next number; the seconds that the answer took."""
    answer = socket.recv()
    assert b'"ticket_issued"' in answer, answer[:300]
    now = time.perf_counter()
    took, sent_at[socket] = now - sent_at[socket], now
    socket.send(next(frames))
    return took


if __name__ == "__main__":
    main()
