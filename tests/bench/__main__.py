"""`./motcua bench`: the speed of the hall, beside its limits or the ceilings of wire and disk, in one run."""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import zmq
from msgspec.structs import replace

from protocol.keys import DeviceKeys
from tests.bench.cycle import COMMANDS_PER_CYCLE, cycles, same_frames
from tests.bench.displays import DISPLAYS, PHONES, display_figures
from tests.bench.flat import finished_costs, waiting_costs
from tests.bench.flood import KIOSKS, flood_figures
from tests.bench.hall import write_hall
from tests.bench.kiosk import kiosk_figures
from tests.bench.load import Measured, run_load
from tests.bench.phones import phone_figures
from tests.bench.slow import slow_figures
from tests.bench.sqlite_rows import rows_per_second
from tests.bench.standby import standby_figures
from tests.bench.year_pages import year_figures
from tests.running import ROOT, RunningHall, free_ports


def main(arguments: list[str]) -> int:
    """Measure and print; exit 0."""
    options = _parse(arguments)
    with tempfile.TemporaryDirectory(dir=options.data, prefix="motcua-bench-") as folder:
        for part, measure in PARTS.items():
            if not getattr(options, f"no_{part}") and (options.only is None or part in options.only):
                measure(Path(folder), options)
    return 0


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="motcua bench", description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=Path.cwd(), metavar="DIR", help="the disk to measure (default: here)"
    )
    parser.add_argument("--seconds", type=float, default=5.0, help="for each figure (default 5)")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 64, 256], choices=range(1, 257), metavar="N")
    parser.add_argument("--waiting", type=int, default=100_000, help="the crowd of the flatness figure")
    parser.add_argument("--finished", type=int, default=1_000_000, help="the long day of the flatness figure")
    parser.add_argument("--phones", type=int, default=2000, choices=range(100, 2401), metavar="N", help="open pages")
    parser.add_argument("--slow", type=int, default=5000, metavar="N", help="connections that ask nothing")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="measure these alone")
    for part in PARTS:
        parser.add_argument(f"--no-{part}", action="store_true", help=f"leave the {part} out")
    return parser.parse_args(arguments)


def _wire(folder: Path, options: argparse.Namespace) -> None:
    hall = RunningHall(write_hall(folder, free_ports(4)), folder / "data", 0)
    keys = hall.keys("admin")
    _say("A command is issue, call, start or finish, answered after it is on disk, through CURVE sockets.")
    _say("clients   commands/s  cycles/s   p50 ms   p99 ms | raw echo/s   p50 ms | bare SQLite/s | of echo  of SQLite")
    try:
        for clients in options.clients:
            echo = _echo(keys, clients, options.seconds)
            real = run_load(keys, keys.commands, clients, cycles, options.seconds)
            _row(real, echo, rows_per_second(folder, clients, min(options.seconds, 2.0)))
    finally:
        hall.close()


def _echo(keys: DeviceKeys, clients: int, seconds: float) -> Measured:
    public, secret = (key.decode() for key in zmq.curve_keypair())
    command = [sys.executable, "-m", "tests.bench.echo", public, secret]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        try:
            return run_load(replace(keys, server_key=public), address, clients, same_frames, seconds)
        finally:
            process.kill()


def _row(real: Measured, echo: Measured, rows: float) -> None:
    _say(
        f"{real.clients:7} {real.per_second:12,.0f} {real.per_second / COMMANDS_PER_CYCLE:9,.0f} "
        f"{real.p50:8.2f} {real.p99:8.2f} | {echo.per_second:10,.0f} {echo.p50:8.2f} | {rows:13,.0f} | "
        f"{real.per_second / echo.per_second:7.2f} {real.per_second / rows:10.2f}"
    )


def _flat(folder: Path, options: argparse.Namespace) -> None:
    _say("\nA call and its no-show in one process, with their share of the commits:")
    few, many = waiting_costs(folder, 100, options.waiting)
    _say(f"  {few:6.0f} us with 100 waiting, {many:6.0f} us with {options.waiting:,} waiting: ratio {many / few:.2f}")
    none, long = finished_costs(folder, options.finished)
    _say(
        f"  {none:6.0f} us with 0 finished, {long:6.0f} us with {options.finished:,} finished: ratio {long / none:.2f}"
    )


def _kiosk(folder: Path, _options: argparse.Namespace) -> None:
    _say(
        "\nA kiosk's window at 1920x1080, drawn without a graphics card, while twenty kiosks take 600 numbers a minute:"
    )
    for line in kiosk_figures(folder / "kiosk"):
        _say(line)


def _displays(folder: Path, _options: argparse.Namespace) -> None:
    _say(f"\n{DISPLAYS} displays and {PHONES} open phones; a key press is a desk page's request, ten of them a second:")
    for line in display_figures(folder / "displays"):
        _say(line)


def _phones(folder: Path, options: argparse.Namespace) -> None:
    _say(f"\n{options.phones:,} phones behind one address keep their page open, all of one line, ten calls a second:")
    for line in phone_figures(folder / "phones", options.phones):
        _say(line)


def _slow(folder: Path, options: argparse.Namespace) -> None:
    _say(f"\n{options.slow:,} connections are silent, give a byte a second of a head or a body, or take no answer:")
    for line in slow_figures(folder / "slow", options.slow):
        _say(line)


def _flood(folder: Path, options: argparse.Namespace) -> None:
    _say(f"\n{KIOSKS} kiosks come at once, each with a key of its own, as after a power cut:")
    for line in flood_figures(folder / "flood", options.seconds):
        _say(line)


def _year(folder: Path, _options: argparse.Namespace) -> None:
    _say("\nA year of 300,000 tickets at 40 counters, the first look at each page of it:")
    for line in year_figures(folder / "year"):
        _say(line)


def _standby(folder: Path, options: argparse.Namespace) -> None:
    _say("\nA hall alone, and one whose second machine has every batch on its disk before the answer leaves:")
    for line in standby_figures(folder / "standby", options.clients, options.seconds):
        _say(line)


PARTS: dict[str, Callable[[Path, argparse.Namespace], None]] = {
    "wire": _wire,
    "flat": _flat,
    "kiosk": _kiosk,
    "displays": _displays,
    "phones": _phones,
    "slow": _slow,
    "flood": _flood,
    "year": _year,
    "standby": _standby,
}


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
