"""The kiosk's figures: from the touch to the number and to the paper with twenty kiosks busy, pages, and the start."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from protocol.client import HallClient
from protocol.commands import CreateEnrolment
from queue_server.enrolling import enrol_here
from tests.bench.busy_kiosks import BusyKiosks
from tests.bench.hall import write_hall
from tests.running import ROOT, RunningHall, eventually, free_ports

BUSY = 20
TAPS = 60
_ENVIRONMENT = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY")}


def kiosk_figures(folder: Path) -> list[str]:
    """Lines to print: milliseconds beside their limits."""
    folder.mkdir()
    hall = RunningHall(write_hall(folder, free_ports(4)), folder / "data", 0)
    try:
        admin = hall.client("admin")
        alone = _measured(hall, admin, folder, "alone")
        busy = BusyKiosks(hall.keys("admin"), BUSY)
        try:
            among = _measured(hall, admin, folder, "among")
        finally:
            busy.close()
        return [*_lines(alone, among), _start_line(hall, admin)]
    finally:
        hall.close()


def _measured(hall: RunningHall, admin: HallClient, folder: Path, name: str) -> list[dict[str, float]]:
    enrol_here(admin, hall.data, CreateEnrolment("kiosk", f"kiosk-{name}"))
    keys = hall.data / "keys" / f"kiosk-{name}.json"
    (port,) = free_ports(1)
    printer = [sys.executable, "-m", "printers.emulator", "--tcp", str(port), "--folder", str(folder / "papers")]
    with subprocess.Popen(printer, cwd=ROOT, env=_ENVIRONMENT, stdout=subprocess.DEVNULL) as emulator:
        window = [sys.executable, "-m", "tests.bench.kiosk_window", str(keys), f"tcp://127.0.0.1:{port}", str(TAPS)]
        try:
            done = subprocess.run(window, cwd=ROOT, env=_ENVIRONMENT, stdout=subprocess.PIPE, check=True, timeout=600)
        finally:
            emulator.terminate()
    found: list[dict[str, float]] = json.loads(done.stdout)
    return found


def _lines(alone: list[dict[str, float]], among: list[dict[str, float]]) -> list[str]:
    rows = [
        ("touch to the number drawn (limit 100 ms)", "tap", 1000.0),
        ("touch to the first byte at the printer (limit 300 ms)", "paper", 1000.0),
        ("touch to the next page drawn", "turn", 1000.0),
    ]
    told = [
        _line(title, [one[key] * unit for one in alone], [one[key] * unit for one in among])
        for title, key, unit in rows
    ]
    return [*told, f"  a ticket has {max(one['bytes'] for one in among):,.0f} bytes at most (limit 12,000)"]


def _line(title: str, alone: list[float], among: list[float]) -> str:
    lone, p50, p99 = _quantile(alone, 0.99), _quantile(among, 0.5), _quantile(among, 0.99)
    return f"  {title}: p50 {p50:.0f} ms, p99 {p99:.0f} ms; p99 alone {lone:.0f} ms, ratio {p99 / lone:.2f}"


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


def _start_line(hall: RunningHall, admin: HallClient) -> str:
    """From the start of the program to its first usable screen, beside a Python that only imports Kivy's window."""
    enrol_here(admin, hall.data, CreateEnrolment("kiosk", "kiosk-start"))
    pictures = hall.data / "start"
    command = [sys.executable, "run_kiosk.py", "--data", str(hall.data), "--pictures", str(pictures)]
    command += ["--keys", str(hall.data / "keys" / "kiosk-start.json"), "--size", "1920x1080"]
    begun = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, env=_ENVIRONMENT) as process:
        eventually((pictures / "kiosk-idle.png").exists, within=60)
        started = time.perf_counter() - begun
        process.terminate()
    begun = time.perf_counter()
    bare = "from tests.screens.driver import Driver; Driver()"
    subprocess.run([sys.executable, "-c", bare], cwd=ROOT, env=_ENVIRONMENT, check=True)
    least = time.perf_counter() - begun
    beside = f"a bare window {least:.1f} s, ratio {started / least:.1f}"
    return f"  start to the first usable screen (limit 3 s): {started:.1f} s; {beside}"
