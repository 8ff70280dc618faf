"""`python -m demo`: the whole hall on this machine, played at a chosen speed, with the day's figures at the end."""

import argparse
import datetime as dt
import logging
import os
import signal
import sys
import tempfile
import threading
import time
from functools import partial
from pathlib import Path

from config.loading import SettingsError
from demo.citizens import Citizens, Kiosk
from demo.hall import DemoHall, next_opening, prepare
from demo.pace import Pace
from demo.processes import ROOT, Programs, listens, wait_until
from demo.staff import Clerk, counter_for_visitors
from protocol.client import HallClient
from protocol.commands import CreateEnrolment, GetSnapshot
from protocol.errors import MotcuaError
from protocol.keys import DeviceKeys, read_keys
from protocol.replies import Snapshot
from protocol.words import Role
from queue_server.__main__ import main as administrate
from queue_server.enrolling import enrol_here
from web.desk.pins import set_pin

VISITORS_PIN = "1234"
_REPORT_SECONDS = 10.0


def main(arguments: list[str]) -> int:
    """Play a hall; exit 0 when its time is over or at Ctrl-C, 1 if a program failed, 2 for wrong input."""
    options = _parse(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s", stream=sys.stderr)
    data = options.data or Path(tempfile.mkdtemp(prefix="motcua-demo-"))
    data.mkdir(parents=True, exist_ok=True)
    try:
        hall = prepare(options.hall, data)
    except SettingsError as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    ending = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: ending.set())
    programs = Programs(data / "logs")
    try:
        _play(hall, data.resolve(), programs, options, ending)
    except MotcuaError as fault:
        sys.stderr.write(f"the demo can't go on: {fault}\n")
        return 1
    finally:
        programs.end()
    sys.stdout.write("\n")
    sys.stdout.flush()
    return administrate(["report", "--data", str(data)])


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="motcua demo", description="A whole hall on this machine, played.")
    halls = ROOT / "config" / "halls"
    parser.add_argument("--hall", type=Path, default=halls / "cao-bang.toml", metavar="FILE", help="default: Cao Bằng")
    parser.add_argument("--data", type=Path, metavar="DIR", help="where all is kept (default: a new temporary folder)")
    parser.add_argument("--for", dest="seconds", type=_positive, metavar="SECONDS", help="default: until Ctrl-C")
    parser.add_argument("--speed", type=_positive, default=10.0, metavar="N", help="times as fast as life (default 10)")
    parser.add_argument("--seed", type=int, default=1, help="another seed plays another morning")
    return parser.parse_args(arguments)


def _positive(word: str) -> float:
    number = float(word)
    if not 0 < number <= 100_000:
        raise argparse.ArgumentTypeError(f"{word} is not between 0 and 100,000")
    return number


def _play(hall: DemoHall, data: Path, programs: Programs, options: argparse.Namespace, ending: threading.Event) -> None:
    began = time.monotonic()
    _start_server(hall, data, programs, options.speed)
    admin = HallClient(read_keys(data / "keys" / "admin.json"))
    desk = HallClient(read_keys(data / "keys" / "desk.json"))
    try:
        keys = _enrol_devices(admin, data, len(hall.printer_ports))
        _start_screens(data, programs)
        _start_printers(hall, data, programs)
        _say_where(hall, data)
        pace = Pace(hall.file, options.speed, options.seed)
        kiosks = [Kiosk(found, f"tcp://127.0.0.1:{port}") for found, port in zip(keys, hall.printer_ports, strict=True)]
        citizens = Citizens(kiosks, pace)
        clerks = _staff(hall, desk, pace, citizens)
        citizens.start()
        for clerk in clerks:
            clerk.start()
        try:
            _watch(admin, programs, ending, began + options.seconds if options.seconds else None)
        finally:
            for clerk in clerks:
                clerk.go_home()
            citizens.close()
            for clerk in clerks:
                clerk.join()
    finally:
        desk.close()
        admin.close()


def _start_server(hall: DemoHall, data: Path, programs: Programs, speed: float) -> None:
    start = next_opening(hall.file, dt.datetime.now(dt.UTC))
    set_pin(data / "keys" / "pins.json", _visitor(hall), VISITORS_PIN)
    clock = ["--clock-start", start.isoformat(), "--clock-speed", str(speed)]
    programs.start("server", "run_server.py", "--hall", str(hall.path), "--data", str(data), *clock)
    wait_until((data / "keys" / "phone.json").exists, programs, "the server's first keys")


def _visitor(hall: DemoHall) -> str:
    """The operator as whom a visitor of the demo may sign in: the last one."""
    return hall.file.operators[-1].id


def _enrol_devices(admin: HallClient, data: Path, kiosks: int) -> list[DeviceKeys]:
    """Enrol the kiosk and the wall that are shown; the keys of the kiosks without a window."""
    _enrol(admin, data, "kiosk", "kiosk-1")
    _enrol(admin, data, "display", "display-1")
    return [_enrol(admin, data, "kiosk", f"kiosk-played-{i + 1}") for i in range(kiosks)]


def _enrol(admin: HallClient, data: Path, role: Role, name: str) -> DeviceKeys:
    path = data / "keys" / f"{name}.json"
    return read_keys(path) if path.exists() else enrol_here(admin, data, CreateEnrolment(role, name))


def _start_screens(data: Path, programs: Programs) -> None:
    """The kiosk under a played finger, and the wall: windows if there is a screen, else pictures."""
    keys, pictures = data / "keys", str(data / "pictures")
    shown = ["--window"] if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") else []
    kiosk = ["--data", str(data), "--keys", str(keys / "kiosk-1.json"), "--pictures", pictures, "--played", "2"]
    programs.start("kiosk", "run_kiosk.py", *kiosk, *shown)
    wall = ["--data", str(data), "--keys", str(keys / "display-1.json"), "--pictures", pictures]
    programs.start("display", "-m", "display", *wall, *shown)


def _start_printers(hall: DemoHall, data: Path, programs: Programs) -> None:
    """An emulated printer for each kiosk without a window, up before the kiosks look for it."""
    folder = str(data / "tickets")
    for port in hall.printer_ports:
        programs.start(f"printer-{port}", "-m", "printers.emulator", "--tcp", str(port), "--folder", folder)
    for port in hall.printer_ports:
        wait_until(partial(listens, port), programs, f"the printer at port {port}")


def _staff(hall: DemoHall, desk: HallClient, pace: Pace, citizens: Citizens) -> list[Clerk]:
    """A clerk for every counter but the visitors'."""
    free = counter_for_visitors(hall.file)
    counters = [counter for counter in hall.file.counters if counter is not free]
    operators = [operator.id for operator in hall.file.operators[:-1]]
    return [
        Clerk(desk, counter.id, operator, pace, citizens.after_service)
        for counter, operator in zip(counters, operators, strict=False)
    ]


def _say_where(hall: DemoHall, data: Path) -> None:
    free = counter_for_visitors(hall.file)
    sys.stdout.write(
        f"{hall.file.hall.name}\n"
        f"  counter desk    {hall.web}/desk   (operator {_visitor(hall)}, PIN {VISITORS_PIN}, "
        f"counter {free.id} is free)\n"
        f"  phone pages     {hall.web}/t/...  (behind the QR of every ticket)\n"
        f"  tickets         {data / 'tickets'}\n"
        f"  pictures        {data / 'pictures'}\n"
        f"  all it keeps    {data}\n"
        f"Ctrl-C ends the day.\n"
    )
    sys.stdout.flush()


def _watch(admin: HallClient, programs: Programs, ending: threading.Event, until: float | None) -> None:
    """Say now and then how the hall stands, until the end."""
    while not ending.is_set():
        left = _REPORT_SECONDS if until is None else min(_REPORT_SECONDS, until - time.monotonic())
        if left <= 0 or ending.wait(left):
            return
        programs.check()
        snapshot = admin.call(GetSnapshot(), within=10)
        assert isinstance(snapshot, Snapshot)
        waiting = sum(service.waiting for service in snapshot.services)
        tally = snapshot.satisfaction
        sys.stdout.write(
            f"{snapshot.at:%H:%M} UTC  waiting {waiting}, at counters {len(snapshot.calls)}, "
            f"served {tally.finished}, rated {tally.ratings} (satisfied {tally.satisfied})\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
