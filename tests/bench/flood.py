"""Five hundred kiosks at once, each with a key of its own; and one good kiosk while strangers hammer at the door."""

import contextlib
import datetime as dt
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil

from config.loading import load_hall
from protocol.client import new_key_pair
from protocol.commands import GetHealth
from protocol.keys import DeviceKeys
from protocol.replies import HealthReply
from queue_server.domain.rows import Device
from queue_server.service import QueueService
from queue_server.storage.sqlite import SqliteStorage
from tests.bench.flood_kiosks import Taken, Task
from tests.bench.hall import write_hall
from tests.running import ROOT, RunningHall, free_ports

KIOSKS = 500
STRANGERS = 300


def flood_figures(folder: Path, seconds: float) -> list[str]:
    """Lines to print."""
    folder.mkdir()
    hall_file = write_hall(folder, free_ports(4))
    pairs = [new_key_pair() for _ in range(KIOSKS)]
    let_kiosks_join(hall_file, folder / "data", [public for public, _ in pairs])
    hall = RunningHall(hall_file, folder / "data", 0)
    try:
        admin = hall.keys("admin")
        kiosks = [
            DeviceKeys(f"kiosk-{i}", "kiosk", *pair, admin.server_key, admin.commands, "")
            for i, pair in enumerate(pairs)
        ]
        spent = _processor_seconds(hall)
        all_at_once = _take(kiosks, seconds)
        spent = _processor_seconds(hall) - spent
        alone = _take(kiosks[:1], seconds)
        before = _refused(hall)
        with _strangers(admin):
            begun = time.monotonic()
            hammered = _take(kiosks[:1], seconds)
            knocks = (_refused(hall) - before) / (time.monotonic() - begun)
    finally:
        hall.close()
    return [
        f"  load of this machine in the last minute {os.getloadavg()[0]:.1f} (what the bench itself does is in it)",
        f"  {KIOSKS} kiosks connect at once: all have their first number in {all_at_once.first_answers:.2f} s "
        "(goal 0.5 s)",
        f"  then {len(all_at_once.times) / all_at_once.seconds:,.0f} durable numbers a second (goal 8,000), "
        f"p50 {_at(all_at_once, 0.5):.0f} ms, p99 {_at(all_at_once, 0.99):.0f} ms (goal 100 ms); "
        f"the server spends {spent / len(all_at_once.times) * 1e6:.0f} us of processor on each",
        f"  one good kiosk alone: p50 {_at(alone, 0.5):.2f} ms, p99 {_at(alone, 0.99):.2f} ms; while {STRANGERS} "
        f"strangers are refused {knocks:,.0f} times a second: p50 {_at(hammered, 0.5):.2f} ms, "
        f"p99 {_at(hammered, 0.99):.2f} ms: ratio {_at(hammered, 0.99) / _at(alone, 0.99):.2f} (goal below 3)",
    ]


def let_kiosks_join(hall_file: Path, data: Path, public_keys: list[str]) -> None:
    """Let the kiosks join before the server starts: joining is not what is measured."""
    data.mkdir(mode=0o700)
    storage, now = SqliteStorage(data / "hall.db"), dt.datetime.now(dt.UTC)
    service = QueueService(load_hall(hall_file), storage, secrets.token_bytes)
    service.ledger.begin(now)
    for number, key in enumerate(public_keys):
        service.add_device(Device(f"kiosk-{number}", "kiosk", key), now)
    service.ledger.commit()
    storage.close()


def _take(kiosks: list[DeviceKeys], seconds: float) -> Taken:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.flood_kiosks"],
        input=msgspec.json.encode(Task(kiosks, seconds)),
        stdout=subprocess.PIPE,
        check=True,
        cwd=ROOT,
        timeout=seconds + 120,
    )
    taken = msgspec.json.decode(done.stdout, type=Taken)
    taken.times.sort()
    return taken


@contextlib.contextmanager
def _strangers(keys: DeviceKeys) -> Iterator[None]:
    command = [sys.executable, "-m", "tests.bench.flood_strangers", keys.commands, keys.server_key, str(STRANGERS)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "knocking\n"
            yield
        finally:
            process.kill()


def _processor_seconds(hall: RunningHall) -> float:
    times = psutil.Process(hall.process.pid).cpu_times()
    return float(times.user + times.system)


def _refused(hall: RunningHall) -> int:
    reply = hall.client("admin").call(GetHealth())
    assert isinstance(reply, HealthReply)
    return reply.counts.get("refused_unknown_key", 0)


def _at(taken: Taken, share: float) -> float:
    """A quantile of the times to an answer, in milliseconds."""
    return taken.times[int(len(taken.times) * share)] * 1000
