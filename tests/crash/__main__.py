"""The long proofs of crash safety, each with one line of figures at its end and exit code 1 if anything was lost.

    python -m tests.crash images --count 100000 --seed 7      power-cut images of played days
    python -m tests.crash points --seed 7 --days 6            every kill point of so many scripted days
    python -m tests.crash points --seed 7 --every 10          each tenth of them
    python -m tests.crash kills --count 1000                  SIGKILLs of the whole server under load
    python -m tests.crash kills --count 40 --events 340000    the same with a long log: how soon the next number comes

A fault is printed with the seed and the point that bring it back: `images --history N` plays one history again.
"""

import argparse
import logging
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.hall import write_hall
from tests.crash import images, kills, points
from tests.crash.long_log import write_long_log
from tests.running import free_ports


def main(arguments: list[str]) -> int:
    """Run one proof; exit 0, or 1 if anything was lost, doubled or broken."""
    options = _parse(arguments)
    logging.disable(logging.CRITICAL)  # the disks of some histories fail all the time
    begun = time.monotonic()
    figures, faults = {"images": _images, "points": _points, "kills": _kills}[options.proof](options)
    for fault in faults:
        _say(f"FAULT {fault}")
    _say(f"{options.proof}: {figures}, {len(faults)} faults, {time.monotonic() - begun:.0f} s, seed {options.seed}")
    return 1 if faults else 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.crash", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("proof", choices=["images", "points", "kills"])
    parser.add_argument("--count", type=int, default=1000, help="images or kills")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--history", type=int, metavar="N", help="images: this history alone")
    parser.add_argument("--days", type=int, default=1, help="points: scripted days, each of another seed")
    parser.add_argument("--every", type=int, default=1, help="points: each so-many-th")
    parser.add_argument("--events", type=int, default=0, help="kills: events that the log holds already")
    return parser.parse_args(arguments)


def _images(options: argparse.Namespace) -> tuple[str, list[str]]:
    cpu = time.process_time()

    def progress(found: images.Found) -> None:
        _again(f"{found.images:,} images, {len(found.faults)} faults")

    found = images.run(options.count, options.seed, progress, options.history)
    rate = found.images / (time.process_time() - cpu)
    figures = (
        f"{found.images:,} images of {found.histories:,} histories with {found.operations:,} operations, "
        f"{found.answered:,} answers and {found.refused:,} requests refused by failing disks, "
        f"lost or broken {len(found.faults)}, {rate:.0f} images/s of one core"
    )
    return figures, found.faults


def _points(options: argparse.Namespace) -> tuple[str, list[str]]:
    killed, of, faults = 0, 0, list[str]()
    for seed in range(options.seed, options.seed + options.days):
        found = points.run(seed, options.every, progress=lambda f: _again(f"{f.points:,} of {f.of:,} points of a day"))
        killed, of, faults = killed + found.points, of + found.of, faults + found.faults
    return f"{killed:,} kill points of {of:,} in {options.days} scripted days, lost or doubled {len(faults)}", faults


def _kills(options: argparse.Namespace) -> tuple[str, list[str]]:
    with tempfile.TemporaryDirectory(dir=Path.cwd(), prefix="motcua-kills-") as folder:
        if options.events:
            hall_file = write_hall(Path(folder), free_ports(4))
            _say(f"the log begins with {write_long_log(hall_file, Path(folder) / 'data', options.events):,} events")
        found = kills.run(Path(folder), options.count, lambda f: _again(f"{f.kills:,} kills, {f.answered:,} answered"))
    back = found.back or [0.0]
    return (
        f"{found.kills:,} SIGKILLs, {found.answered:,} numbers answered, lost {found.lost}, doubled {found.doubled}, "
        f"SIGKILL to the next number p50 {kills.percentile(back, 0.5):.2f} s, "
        f"p99 {kills.percentile(back, 0.99):.2f} s, most {max(back):.2f} s"
    ), found.faults


def _again(line: str) -> None:
    """Progress, on one line of a terminal; a file gets a line now and then."""
    if sys.stdout.isatty():
        sys.stdout.write(f"\r{line}   ")
        sys.stdout.flush()
    elif time.monotonic() >= _next[0]:
        _next[0] = time.monotonic() + 20
        _say(line)


_next = [0.0]


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
