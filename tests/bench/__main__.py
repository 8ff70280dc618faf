"""`./motcua bench`: durable cycles per second beside the ceilings of the wire and of the disk, in one run."""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import zmq
from msgspec.structs import replace

from protocol.keys import DeviceKeys
from tests.bench.cycle import COMMANDS_PER_CYCLE, cycles, same_frames
from tests.bench.flat import finished_costs, waiting_costs
from tests.bench.hall import write_hall
from tests.bench.kiosk import kiosk_figures
from tests.bench.load import Measured, run_load
from tests.bench.sqlite_rows import rows_per_second
from tests.running import ROOT, RunningHall, free_ports


def main(arguments: list[str]) -> int:
    """Measure and print; exit 0."""
    options = _parse(arguments)
    with tempfile.TemporaryDirectory(dir=options.data, prefix="motcua-bench-") as folder:
        _wire(Path(folder), options)
        if not options.no_flat:
            _flat(Path(folder), options)
        if not options.no_kiosk:
            _kiosk(Path(folder))
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
    parser.add_argument("--no-flat", action="store_true", help="leave the flatness out")
    parser.add_argument("--no-kiosk", action="store_true", help="leave the kiosk out")
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


def _kiosk(folder: Path) -> None:
    _say(
        "\nA kiosk's window at 1920x1080, drawn without a graphics card, while twenty kiosks take 600 numbers a minute:"
    )
    for line in kiosk_figures(folder / "kiosk"):
        _say(line)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
