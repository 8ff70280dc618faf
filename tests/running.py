"""A real hall in processes of its own, for tests and for the bench."""

import contextlib
import functools
import itertools
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import tomli_w

from config.settings import WEEKDAYS
from protocol.client import HallClient
from protocol.commands import CreateEnrolment, GetHall
from protocol.errors import ServerUnreachable
from protocol.feed import Listener
from protocol.keys import DeviceKeys, read_keys
from queue_server.enrolling import enrol_here

ROOT = Path(__file__).parent.parent
PATIENCE = 60.0
"""How long a test waits, in seconds, for what should come at once: also on a machine that has much else to do."""


def eventually(condition: Callable[[], object], within: float = 0.0, what: str = "") -> None:
    """Wait until a condition holds; fail the test if it does not in time.

    `within` (seconds) is for what needs more than the usual patience; nothing is given up sooner. The longer it takes,
    the more rarely it is looked at: looking keeps a processor from what is waited for.
    """
    seconds = max(within, PATIENCE)
    begun = time.monotonic()
    while not condition():
        passed = time.monotonic() - begun
        assert passed < seconds, f"did not happen within {seconds} s: {what or condition}"
        time.sleep(min(0.01 + passed / 10, 0.5))


BLOCK = 200


def _own_block() -> tuple[socket.socket, range]:
    """Ports below those that the system gives to outgoing connections, and the guard that keeps others away.

    The first port of a block stays bound while this process lives, so that no other worker, nor another run of the
    tests on this machine, takes a port between its being found free and its being listened at.
    """
    for first in range(12_000, 32_000, BLOCK):
        guard = socket.socket()
        try:
            guard.bind(("127.0.0.1", first))
        except OSError:
            guard.close()
        else:
            return guard, range(first + 1, first + BLOCK)
    raise AssertionError("every block of ports is taken")


@functools.cache
def _own_ports() -> tuple[socket.socket, Iterator[int]]:
    guard, block = _own_block()
    return guard, itertools.cycle(block)


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens on and no other run of the tests will take."""
    _, ports = _own_ports()
    found: list[int] = []
    while len(found) < count:
        port = next(ports)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            found.append(port)
    return found


def hall_file_at_free_ports(source: Path, folder: Path, **tables: dict[str, object]) -> tuple[Path, int]:
    """A copy of a hall file whose sockets are free ports of this machine, and its web port.

    It is open day and night, also a minute before midnight, and its counters need not wait, since tests run at any hour
    and fast; `tables` changes keys of a table, e.g. `counter_work={"no_show_min_calls": 2}`.
    """
    commands, events, enrolment, web = free_ports(4)
    document = tomllib.loads(source.read_text(encoding="utf-8"))
    if listed := document["hall"].get("catalogue"):
        document["hall"]["catalogue"] = str((source.parent / listed).resolve())
    document["network"] = {
        "commands": f"tcp://127.0.0.1:{commands}",
        "events": f"tcp://127.0.0.1:{events}",
        "enrolment": f"tcp://127.0.0.1:{enrolment}",
        "web_host": "127.0.0.1",
        "web_port": web,
        "public_url": f"http://127.0.0.1:{web}",
    }
    document["hours"] = {day: ["00:00-24:00"] for day in WEEKDAYS} | {"issue_before_minutes": 0, "cut_off": False}
    document["counter_work"] = document.get("counter_work", {}) | _AT_ONCE
    for name, changes in tables.items():
        document[name] = document.get(name, {}) | changes
    target = folder / source.name
    target.write_text(_as_toml(document), encoding="utf-8")
    return target, web


_AT_ONCE = {"recall_gap_seconds": 0, "no_show_min_calls": 1, "no_show_min_seconds": 0}


def _as_toml(document: dict[str, Any]) -> str:
    """A document with a block for each table of a list, as a person writes it; tomli_w alone would make one list."""
    single = {name: value for name, value in document.items() if isinstance(value, dict)}
    blocks = [
        tomli_w.dumps({name: member}).replace(f"[{name}]", f"[[{name}]]", 1)
        for name, members in document.items()
        if name not in single
        for member in members
    ]
    return "\n".join([tomli_w.dumps(single), *blocks])


class RunningHall:
    """A server process, its data folder, and clients that are closed at the end; `tree` holds the server's code."""

    def __init__(self, hall_file: Path, data: Path, web_port: int, *, web: bool = False, tree: Path = ROOT) -> None:
        self.hall_file = hall_file
        self.data = data
        self.web_port = web_port
        self._web = web
        self.tree = tree
        self._clients: list[HallClient] = []
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.start_unheard()
        eventually((self.data / "keys" / "phone.json").exists, what="keys of the first start")
        client = HallClient(self.keys("admin"))
        try:
            eventually(lambda: self._answers(client), what="the server answers")
        finally:
            client.close()

    def start_unheard(self) -> None:
        """Start the server and wait for nothing."""
        command = [
            sys.executable,
            str(self.tree / "run_server.py"),
            "--hall",
            str(self.hall_file),
            "--data",
            str(self.data),
        ]
        if not self._web:
            command.append("--no-web")
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the hall
        self.process = subprocess.Popen(command, stderr=self.log, env=os.environ | {"PYTHONPATH": str(self.tree)})

    def _answers(self, client: HallClient) -> bool:
        assert self.process.poll() is None, self.errors()
        try:
            client.call(GetHall(), within=1)
        except ServerUnreachable:
            return False
        return True

    def errors(self) -> str:
        """What the server wrote to its log."""
        self.log.seek(0)
        return self.log.read().decode()

    def keys(self, device_id: str) -> DeviceKeys:
        """The key file of a device of the server's own machine."""
        return read_keys(self.data / "keys" / f"{device_id}.json")

    def join(self, role: str, name: str) -> None:
        """Let a device of this machine join, as `queue_server enrol --here` does."""
        client = HallClient(self.keys("admin"))
        try:
            enrol_here(client, self.data, CreateEnrolment(role, name))
        finally:
            client.close()

    def client(self, device_id: str, listener: Listener | None = None) -> HallClient:
        """A client with the key of a device."""
        client = HallClient(self.keys(device_id), listener)
        self._clients.append(client)
        return client

    def kill(self) -> None:
        """End the server as a power cut would: SIGKILL, no goodbye."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def stop(self) -> int:
        """End the server in order; its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=20)

    def close(self) -> None:
        """End everything."""
        for client in self._clients:
            client.close()
        if self.process.poll() is None:
            self.stop()
        self.log.close()
