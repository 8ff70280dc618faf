"""The machine and what is installed on it: Python, libraries, systemd, memory, files."""

import importlib.metadata
import platform
import re
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import apsw
import zmq

from config.settings import ROOT
from config.version import VERSION
from doctor.finding import Findings, care, well, wrong
from doctor.place import Place

LOCK = ROOT.parent / "requirements.lock"
PYTHON = ((3, 11), (3, 14))
LEAST_ZMQ = (4, 3, 5)
"""Earlier ones fall over what strangers send (CVE-2020-15166 and others)."""
LEAST_SQLITE = (3, 51, 3)
"""Earlier ones may break a database that two connections write to (sqlite.org/wal.html, the WAL-reset bug)."""
WANTED_FILES = 16_384
LEAST_MEMORY_MB = 200
RESTARTS = 5
SYSTEMD = Path("/run/systemd/system")


def look_at_machine(place: Place) -> Findings:
    """All of it."""
    yield from _python()
    yield from _libraries()
    yield from _units(place)
    yield from _memory()
    if place.kind == "server":
        yield from _files()


def _python() -> Findings:
    told = {"version": platform.python_version(), "program": VERSION}
    fits = PYTHON[0] <= sys.version_info[:2] < PYTHON[1]
    yield well("program", "python_well", **told) if fits else wrong("program", "python_other", **told)


def _libraries() -> Findings:
    differing = list(_differing(LOCK))
    if differing:
        yield wrong("program", "libraries_differ", names=", ".join(differing))
    else:
        yield well("program", "libraries_locked")
    found = {"libzmq": (zmq.zmq_version_info(), LEAST_ZMQ), "SQLite": (_sqlite(), LEAST_SQLITE)}
    old = [f"{name} {_dotted(have)} < {_dotted(least)}" for name, (have, least) in found.items() if have < least]
    told = ", ".join(f"{name} {_dotted(have)}" for name, (have, _) in found.items())
    yield (
        wrong("program", "libraries_old", names=", ".join(old)) if old else well("program", "libraries_safe", told=told)
    )


def _differing(lock: Path) -> list[str]:
    """The libraries that are not there in the version of the lock; those of other systems are not looked for."""
    found = []
    for name, version, marker in re.findall(r"^([\w.-]+)==([^\s;]+)([^\\\n]*)", lock.read_text(encoding="utf-8"), re.M):
        try:
            installed = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            if not marker.strip():
                found.append(f"{name} -")
            continue
        if installed != version:
            found.append(f"{name} {installed}")
    return found


def _sqlite() -> tuple[int, ...]:
    return tuple(int(part) for part in apsw.sqlite_lib_version().split("."))


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _units(place: Place) -> Findings:
    systemctl = shutil.which("systemctl")
    if systemctl is None or not SYSTEMD.is_dir():
        yield care("program", "systemd_absent")
        return
    units = {
        "server": ["motcua-server.service", "motcua-backup.timer"],
        "standby": ["motcua-server.service"],
        "counter": ["motcua-counter@*.service"],
    }
    for unit in units.get(place.kind, [f"motcua-{place.kind}.service"]):
        command = [systemctl, "show", unit, "--property=ActiveState,NRestarts,LoadState"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
        yield from _unit(unit, dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line))


def _unit(unit: str, told: dict[str, str]) -> Findings:
    state, restarts = told.get("ActiveState", "unknown"), int(told.get("NRestarts") or 0)
    if told.get("LoadState") != "loaded":
        yield care("program", "unit_missing", unit=unit)
    elif state != "active":
        yield wrong("program", "unit_down", unit=unit, state=state)
    elif restarts > RESTARTS:
        yield care("program", "unit_restarts", unit=unit, restarts=restarts)
    else:
        yield well("program", "unit_runs", unit=unit)


def _memory(told: Path = Path("/proc/meminfo")) -> Findings:
    try:
        found = re.search(r"^MemAvailable:\s+(\d+) kB", told.read_text(encoding="ascii"), re.MULTILINE)
    except OSError:
        found = None
    if found is None:
        return
    free = int(found[1]) // 1024
    yield (
        care("memory", "memory_low", free=free) if free < LEAST_MEMORY_MB else well("memory", "memory_well", free=free)
    )


def _files() -> Findings:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    most = "∞" if hard == resource.RLIM_INFINITY else hard
    low = hard != resource.RLIM_INFINITY and hard < WANTED_FILES
    yield (
        care("memory", "files_low", most=most, wanted=WANTED_FILES) if low else well("memory", "files_well", most=most)
    )
