"""`python -m tests.soak`: a whole played hall for many hours of its own time; do memory and open files stay flat?

The demo (server, web, wall, printers, citizens, staff) runs at a speed; each minute the resident memory and the open
files of each of its programs are read. Told at the end: how both grew over the second half, when caches are full.
Exit 1 if a program's files grew, or its memory by more than a megabyte for each hour of the hall's time.
"""

import argparse
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression

import psutil

ROOT = Path(__file__).parent.parent.parent
MEGABYTE = 1024 * 1024
MOST_GROWTH = 1.0
"""Megabytes for each hour of the hall's time; what is kept of a day's tickets is less."""
SAMPLE_SECONDS = 10.0


@dataclass
class Watched:
    """What was read of one program: hours of the hall's time, megabytes, open files."""

    hours: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)
    files: list[float] = field(default_factory=list)

    def growth(self, values: list[float]) -> float:
        """So much more for each hour, over the second half."""
        half = len(values) // 2
        if len(values) - half < 2:
            return 0.0
        return linear_regression(self.hours[half:], values[half:]).slope


def main(arguments: list[str]) -> int:
    """Play so many hours and tell what grew."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--hours", type=float, default=24.0, help="hours of the hall's time (24)")
    parser.add_argument("--speed", type=float, default=60.0, help="times as fast as life (60)")
    parser.add_argument("--hall", type=Path, default=ROOT / "config" / "halls" / "xa.toml")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="motcua-soak-") as folder:
        watched, ended = _play(options, Path(folder))
    return _tell(watched, options) or ended


def _play(options: argparse.Namespace, data: Path) -> tuple[dict[str, Watched], int]:
    seconds = options.hours * 3600 / options.speed
    command = ["./motcua", "demo", "--hall", str(options.hall.resolve()), "--data", str(data)]
    command += ["--speed", str(options.speed), "--for", str(seconds)]
    demo = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    watched: dict[str, Watched] = defaultdict(Watched)
    began = time.monotonic()
    try:
        while demo.poll() is None:
            time.sleep(SAMPLE_SECONDS)
            _look(demo.pid, (time.monotonic() - began) * options.speed / 3600, watched)
            _show(watched, options.hours)
    except KeyboardInterrupt:
        demo.send_signal(signal.SIGINT)
    return watched, demo.wait(timeout=60)


def _look(pid: int, hours: float, watched: dict[str, Watched]) -> None:
    """Read every program that lives; those of one name are added up, so that a restart is seen as well."""
    found: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    try:
        demo = psutil.Process(pid)
        for process in (demo, *demo.children(recursive=True)):
            if name := _name(process.cmdline()):
                found[name][0] += process.memory_info().rss / MEGABYTE
                found[name][1] += process.num_fds()
    except psutil.NoSuchProcess:
        return  # at the end, or between two looks
    for name, (memory, files) in found.items():
        one = watched[name]
        one.hours.append(hours)
        one.memory.append(memory)
        one.files.append(files)


def _name(command: list[str]) -> str:
    """The program by its command line; empty for helpers of the system."""
    words = [word for word in command[1:] if not word.startswith("--")]
    if words[:1] == ["-m"] and len(words) > 1:
        return " ".join(words[1:3]) if words[1] == "queue_server" else words[1]
    return Path(words[0]).stem if words and words[0].endswith(".py") else ""


def _show(watched: dict[str, Watched], hours: float) -> None:
    latest = ", ".join(f"{name} {one.memory[-1]:.0f} MB {one.files[-1]:.0f} files" for name, one in watched.items())
    at = max((one.hours[-1] for one in watched.values()), default=0.0)
    sys.stdout.write(f"{at:5.1f} of {hours:.0f} hours: {latest}\n")
    sys.stdout.flush()


def _tell(watched: dict[str, Watched], options: argparse.Namespace) -> int:
    sys.stdout.write(f"\n{options.hours:.0f} hours of {options.hall.name} at {options.speed:.0f} times the speed:\n")
    grown = 0
    for name, one in sorted(watched.items()):
        memory, files = one.growth(one.memory), one.growth(one.files)
        bad = memory > MOST_GROWTH or files > 1 / options.hours
        grown += bad
        sys.stdout.write(
            f"{name:28} {one.memory[-1]:6.0f} MB ({memory:+.2f} an hour) "
            f"{one.files[-1]:4.0f} files ({files:+.3f} an hour){'  GREW' if bad else ''}\n"
        )
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
