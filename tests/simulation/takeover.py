"""Takes the place of this process's clock, chance, sockets and threads while a simulated hall lives."""

import concurrent.futures._base
import contextlib
import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from unittest import mock

import zmq

import counter.seat
import kiosk.health
import kiosk.memory
import protocol.client
import queue_server.endpoint
from tests.simulation.network import Network, Poller, Socket
from tests.simulation.world import World

RARELY = 1800.0
"""What programs tell or reckon every few seconds, changed or not, is rarer here: it would cost most of a day."""


class Context:
    """As `zmq.Context`; its sockets wake who made it."""

    def __init__(self, network: Network, owner: Callable[[], None]) -> None:
        self._network, self._owner = network, owner
        self.linger = 0

    def socket(self, kind: int) -> Socket:
        """A socket of this device."""
        return Socket(self._network, kind, self._owner)

    def setsockopt(self, _option: int, _value: object) -> None:
        """Take an option."""

    def term(self) -> None:
        """Nothing is to be waited for."""

    destroy = term


class Sockets:
    """In the place of the module `zmq`: its constants are the real ones."""

    Poller = Poller

    def __init__(self, network: Network) -> None:
        self._network = network
        self.owner: Callable[[], None] = lambda: None
        """Who is woken by the sockets that are made next."""

    def Context(self) -> Context:  # noqa: N802 - as in pyzmq
        """A context of the device that is just made."""
        return Context(self._network, self.owner)

    def __getattr__(self, name: str) -> Any:
        return getattr(zmq, name)


class Doors:
    """In the place of `queue_server.doors.Doors`: everybody is who he says he is, and only who is known comes in."""

    made: "Doors"
    sockets: Sockets

    def __init__(self, *_keys: object, **_more: object) -> None:
        self.opened: dict[int, Socket] = {}
        Doors.made = self

    def admit(self, *_public_keys: object, **_more: object) -> None:
        """The endpoint looks each key up as well."""

    def open(self, kind: int, domain: str, _address: str) -> Socket:
        """A bound socket."""
        found = Doors.sockets.Context().socket(kind)
        if domain == "hall":
            self.opened[kind] = found
        return found

    def reopen(self, socket: Socket) -> Socket:
        """Make its listeners come back."""
        return socket

    def prove(self, *_admitted: object) -> None:
        """Nobody else can knock here."""

    def refused(self) -> dict[str, tuple[int, str]]:
        """Nobody was."""
        return {}

    def close(self) -> None:
        """Nothing is left open."""


class Loud:
    """In the place of the logger of `concurrent.futures`, which would only write down what a callback raised."""

    def exception(self, *_words: object) -> None:
        """Raise it."""
        raise

    critical = exception


class NeverStarted:
    """In the place of a thread: the scheduler does its turns."""

    def __init__(self, *_arguments: object, **_more: object) -> None:
        pass

    def start(self) -> None:
        """Do nothing."""

    def join(self, timeout: float | None = None) -> None:
        """There is nothing to wait for."""


@contextlib.contextmanager
def taken_over(world: World, network: Network) -> Iterator[Sockets]:
    """Let clock, chance, sockets and threads of the programs be the simulation's; gives the sockets' module."""
    sockets = Sockets(network)
    Doors.sockets = sockets
    threads = SimpleNamespace(Thread=NeverStarted, Lock=threading.Lock)
    instead: list[tuple[object, str, object]] = [
        (time, "monotonic", world.monotonic),
        (time, "time", lambda: world.wall().timestamp()),
        (time, "time_ns", lambda: int(world.wall().timestamp() * 1_000_000) * 1000),
        (secrets, "token_bytes", lambda count=32: world.random_bytes(count)),
        (secrets, "token_hex", lambda count=32: world.random_bytes(count).hex()),
        (protocol.client, "random", world.bytes_chance),
        (protocol.client, "zmq", sockets),
        (protocol.client, "threading", threads),
        (concurrent.futures._base, "LOGGER", Loud()),
        (queue_server.endpoint, "zmq", sockets),
        (queue_server.endpoint, "FORECAST_IDLE_SECONDS", RARELY),
        (queue_server.endpoint, "FORECAST_BUSY_SECONDS", RARELY),
        (counter.seat, "KEEP_SECONDS", RARELY),
        (counter.seat, "REPORT_SECONDS", RARELY),
        (kiosk.health, "REPORT_SECONDS", RARELY),
        (kiosk.memory, "EVERY_SECONDS", RARELY),
        (queue_server.endpoint, "Doors", Doors),
    ]
    quiet = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    with contextlib.ExitStack() as stack:
        for place, name, thing in instead:
            stack.enter_context(mock.patch.object(place, name, thing))
        try:
            yield sockets
        finally:
            logging.disable(quiet)
