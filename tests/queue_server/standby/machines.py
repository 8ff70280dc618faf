"""Two machines of one hall: real processes, real sockets, real folders."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec.structs import replace

from protocol.client import HallClient
from protocol.commands import CreateEnrolment, GetHealth
from protocol.invitation import Invitation, reachable
from protocol.keys import DeviceKeys, read_keys
from protocol.replies import EnrolmentReply, HealthReply
from queue_server.storage.sqlite import SqliteStorage
from tests.bench.hall import write_hall
from tests.running import ROOT, RunningHall, eventually, free_ports


def _write(folder: Path, link: int, other: tuple[int, int], counters: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = write_hall(folder, free_ports(4), counters)
    lines = [
        "[standby]",
        f'link = "tcp://127.0.0.1:{link}"',
        f'commands = "tcp://127.0.0.1:{other[0]}"',
        f'events = "tcp://127.0.0.1:{other[1]}"',
    ]
    path.write_text(path.read_text(encoding="utf-8") + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def sockets(hall_file: Path) -> tuple[int, int]:
    """The ports of a hall file's sockets for commands and events."""
    network = tomllib.loads(hall_file.read_text(encoding="utf-8"))["network"]
    return int(network["commands"].rpartition(":")[2]), int(network["events"].rpartition(":")[2])


class SecondMachine:
    """A server that follows another; `hall_file`, `data` and the process that runs."""

    def __init__(self, hall_file: Path, data: Path) -> None:
        self.hall_file, self.data = hall_file, data
        self.process: subprocess.Popen[bytes] | None = None
        self.log = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the machine

    def start(self, standby_of: str | None = None) -> None:
        command = [sys.executable, str(ROOT / "run_server.py"), "--hall", str(self.hall_file), "--data", str(self.data)]
        command += ["--no-web", *(["--standby-of", standby_of] if standby_of else [])]
        self.process = subprocess.Popen(command, stderr=self.log, env=os.environ | {"PYTHONPATH": str(ROOT)})

    def errors(self) -> str:
        self.log.seek(0)
        return self.log.read().decode()

    def end(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(timeout=20)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def ended(self, within: float = 30.0) -> int:
        assert self.process is not None
        return self.process.wait(timeout=within)

    def promote(self, *options: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "queue_server", "promote", "--data", str(self.data), *options]
        return subprocess.run(
            command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60
        )

    @contextlib.contextmanager
    def client(self) -> Iterator[HallClient]:
        """A client of this machine, once it serves."""
        own = f"tcp://127.0.0.1:{sockets(self.hall_file)[0]}"
        path = self.data / "keys" / "admin.json"
        eventually(lambda: read_keys(path).commands == own, what="the keys of this machine's server")
        client = HallClient(read_keys(path))
        try:
            yield client
        finally:
            client.close()

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log.close()


class Machines:
    """A hall at work with its second machine in step; use as a context manager."""

    def __init__(self, folder: Path, counters: int = 8) -> None:
        self.links = free_ports(2)
        first_file = _write(folder / "first", self.links[0], (1, 1), counters)
        second_file = _write(folder / "second", self.links[1], sockets(first_file), counters)
        text = first_file.read_text(encoding="utf-8")
        commands, events = self.second_sockets = sockets(second_file)
        text = text.replace('127.0.0.1:1"\nevents', f'127.0.0.1:{commands}"\nevents')
        first_file.write_text(text.replace('127.0.0.1:1"', f'127.0.0.1:{events}"'), encoding="utf-8")
        self.first = RunningHall(first_file, folder / "first" / "data", 0)
        self.second = SecondMachine(second_file, folder / "second" / "data")
        self._again = SecondMachine(first_file, folder / "first" / "data")
        """The first machine when it comes back."""

    def __enter__(self) -> "Machines":
        return self

    def __exit__(self, *_: object) -> None:
        self.first.close()
        self.second.close()
        self._again.close()

    def knows_both(self) -> DeviceKeys:
        """The first machine's admin as a device that was told of the second one."""
        first, places = self.first.keys("admin"), [f"tcp://127.0.0.1:{port}" for port in self.second_sockets]
        return replace(first, standby_commands=places[0], standby_events=places[1])

    def invite(self, client: HallClient, name: str = "second") -> str:
        reply = client.call(CreateEnrolment("standby", name), within=20)
        assert isinstance(reply, EnrolmentReply)
        return str(Invitation(reachable(reply.enrolment, "127.0.0.1"), client.server_key, reply.code))

    def join(self, through: str | None = None) -> None:
        """Let the second machine join and catch up, through another address of the link if told."""
        self.second.start(self.invite(self.first.client("admin")))
        self.wait_in_step()
        if through is not None:
            self.second.end()
            self.second.start(through)
            eventually(lambda: link_key(self.second.data).commands == through, what="the address is taken")
            eventually(lambda: self.second.errors().count("following from batch") == 2, what="it follows again")
            self.wait_in_step()

    def wait_in_step(self) -> None:
        client = self.first.client("admin")
        eventually(lambda: in_step(client), what="the second machine is in step")

    def start_first_again(self) -> int:
        """Start the first machine, which is to refuse; its exit code."""
        self._again.start()
        return self._again.ended()

    def first_follows(self, invitation: str) -> None:
        """Start the first machine as the second one of what was the second."""
        self._again.start(invitation)

    def end_first_following(self) -> None:
        self._again.end()

    def first_errors(self) -> str:
        return self._again.errors()

    def lose_first(self) -> None:
        """The first machine is stolen: its process ends at once, and nothing of its folder is left."""
        self.first.kill()
        shutil.rmtree(self.first.data)


def health(client: HallClient) -> HealthReply:
    reply = client.call(GetHealth(), within=10)
    assert isinstance(reply, HealthReply)
    return reply


def in_step(client: HallClient) -> bool:
    return health(client).gauges.get("standby_in_step") == 1


def troubles(client: HallClient) -> list[str]:
    return [alert.code for alert in health(client).troubles]


@contextlib.contextmanager
def reading(data: Path) -> Iterator[SqliteStorage]:
    storage = SqliteStorage(data / "hall.db", writing=False)
    try:
        yield storage
    finally:
        storage.close()


def tables(data: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of a hall's database but those that a machine has for itself."""
    with reading(data) as storage:
        names = [name for (name,) in storage._all("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: sorted(storage._all(f"SELECT * FROM {name}"), key=str) for name in names}
    own = {"installation"}
    found["meta"] = [row for row in found["meta"] if row[0] not in own]
    return found


def link_key(data: Path) -> DeviceKeys:
    return msgspec.json.decode((data / "standby.json").read_bytes(), type=DeviceKeys)
