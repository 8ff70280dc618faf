"""Kiosks that keep a hall busy while one of them is measured: each takes a number every few seconds and reports it."""

import threading
import time

import zmq

from protocol import codec
from protocol.client import new_request_id
from protocol.commands import IssueTicket
from protocol.keys import DeviceKeys
from tests.bench.load import connect

SECONDS_BETWEEN = 2.0
"""Far busier than a hall: twenty kiosks so give 600 numbers a minute."""


class BusyKiosks:
    """So many connections that take numbers, until closed."""

    def __init__(self, keys: DeviceKeys, count: int) -> None:
        self._keys, self._count = keys, count
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="busy-kiosks", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        sockets = [connect(context, self._keys, self._keys.commands) for _ in range(self._count)]
        begin, turn = time.monotonic(), 0
        while not self._ending.is_set():
            sockets[turn % self._count].send(codec.encode_request(new_request_id(), IssueTicket("s1")))
            for socket in sockets:
                self._drain(socket)
            turn += 1
            self._ending.wait(max(begin + turn * SECONDS_BETWEEN / self._count - time.monotonic(), 0))
        for socket in sockets:
            socket.close()
        context.term()

    def _drain(self, socket: "zmq.Socket[bytes]") -> None:
        while socket.poll(0):
            socket.recv()
