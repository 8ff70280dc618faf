"""`python -m demo`: the whole hall on this machine, played at a chosen speed, with the day's figures at the end."""

import argparse
import contextlib
import datetime as dt
import logging
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from config.loading import SettingsError
from demo.citizens import Citizens, Kiosk
from demo.desk import Desk
from demo.hall import DemoHall, beginning, prepare
from demo.hall_time import HallTime
from demo.head import Head
from demo.later import Later
from demo.pace import Pace
from demo.people import Cast, cast_of
from demo.processes import ROOT, Programs, listens, wait_until
from demo.staff import Clerk
from protocol.client import HallClient
from protocol.commands import CreateEnrolment, GetHall, GetSnapshot
from protocol.errors import MotcuaError
from protocol.keys import DeviceKeys, read_keys
from protocol.pins import set_pin
from protocol.replies import HallReply, Snapshot
from protocol.words import Role
from queue_server.__main__ import main as administrate
from queue_server.enrolling import enrol_here

VISITORS_PIN = "1234"
_REPORT_SECONDS = 10.0


def main(arguments: list[str]) -> int:
    """Play a hall; exit 0 when its time is over or at Ctrl-C, 1 if a program failed, 2 for wrong input."""
    options = _parse(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s", stream=sys.stderr)
    data = options.data or Path(tempfile.mkdtemp(prefix="motcua-demo-"))
    data.mkdir(parents=True, exist_ok=True)
    try:
        hall = prepare(options.hall, data, options.speed)
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
    until = time.monotonic() + options.seconds if options.seconds else None
    begins_at = beginning(hall.file, dt.datetime.now(dt.UTC))
    hall_time = HallTime(hall.file, begins_at, options.speed)
    cast = cast_of(hall.file)
    _start_server(hall, data, programs, cast, begins_at, options.speed)
    admin = HallClient(read_keys(data / "keys" / "admin.json"))
    desk = HallClient(read_keys(data / "keys" / "desk.json"), hall_time)
    try:
        keys = _enrol_devices(admin, data, len(hall.printer_ports))
        _start_screens(data, programs)
        _start_printers(hall, data, programs)
        _say_where(hall, data, cast)
        pace = Pace(hall.file, options.speed, options.seed)
        kiosks = [Kiosk(found, f"tcp://127.0.0.1:{port}") for found, port in zip(keys, hall.printer_ports, strict=True)]
        with _people(hall, desk, cast, kiosks, hall_time, pace):
            _watch(admin, programs, hall_time, ending, until)
    finally:
        desk.close()
        admin.close()


@contextlib.contextmanager
def _people(
    hall: DemoHall, desk: HallClient, cast: Cast, kiosks: list[Kiosk], hall_time: HallTime, pace: Pace
) -> Iterator[None]:
    """Everybody who is played, from the first to the last."""
    later, citizens = Later(), Citizens(kiosks, pace, hall_time)
    staff: list[Clerk | Head] = [*_clerks(desk, cast, hall_time, pace, later, citizens)]
    if cast.head is not None:
        staff.append(Head(desk, hall.file, cast.head, hall_time, pace, later))
    later.start()
    citizens.start()
    for person in staff:
        person.start()
    try:
        yield
    finally:
        for person in staff:
            person.go_home()
        citizens.close()
        later.close()
        for person in staff:
            person.join()


def _clerks(
    client: HallClient, cast: Cast, hall_time: HallTime, pace: Pace, later: Later, citizens: Citizens
) -> list[Clerk]:
    """A clerk for every counter but the visitors', as far as the hall has operators."""
    hall = client.call(GetHall(), within=20)
    assert isinstance(hall, HallReply)
    played = [counter for counter, _ in cast.clerks]
    return [
        Clerk(
            Desk(client, hall, hall_time, pace, later, seat, [other for other in played if other is not seat[0]]),
            citizens.after_service,
        )
        for seat in cast.clerks
    ]


def _start_server(
    hall: DemoHall, data: Path, programs: Programs, cast: Cast, begins_at: dt.datetime, speed: float
) -> None:
    for person in filter(None, (cast.visitor, cast.visiting_head)):
        set_pin(data / "keys" / "pins.json", person.id, VISITORS_PIN)
    clock = ["--clock-start", begins_at.isoformat(), "--clock-speed", str(speed)]
    programs.start("server", "run_server.py", "--hall", str(hall.path), "--data", str(data), *clock)
    wait_until((data / "keys" / "phone.json").exists, programs, "the server's first keys")


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


def _say_where(hall: DemoHall, data: Path, cast: Cast) -> None:
    head = cast.visiting_head
    leads = f"  supervisor      {hall.web}/supervisor   (operator {head.id}, PIN {VISITORS_PIN})\n" if head else ""
    leads += f"  reports         {hall.web}/supervisor/reports\n" if head else ""
    sys.stdout.write(
        f"{hall.file.hall.name}\n"
        f"  counter desk    {hall.web}/desk   (operator {cast.visitor.id}, PIN {VISITORS_PIN}, "
        f"counter {cast.free.id} is free)\n"
        f"{leads}"
        f"  for everybody   {hall.web}/\n"
        f"  phone pages     {hall.web}/t/...  (behind the QR of every ticket)\n"
        f"  tickets         {data / 'tickets'}\n"
        f"  pictures        {data / 'pictures'}\n"
        f"  all it keeps    {data}\n"
        f"Ctrl-C ends the day.\n"
    )
    sys.stdout.flush()


def _watch(
    admin: HallClient, programs: Programs, hall_time: HallTime, ending: threading.Event, until: float | None
) -> None:
    """Say now and then how the hall stands, until the end."""
    while not ending.is_set():
        left = _REPORT_SECONDS if until is None else min(_REPORT_SECONDS, until - time.monotonic())
        if left <= 0 or ending.wait(left):
            return
        programs.check()
        snapshot = admin.call(GetSnapshot(), within=10)
        assert isinstance(snapshot, Snapshot)
        _say_state(snapshot, hall_time)


def _say_state(snapshot: Snapshot, hall_time: HallTime) -> None:
    waiting = sum(service.waiting for service in snapshot.services)
    tally = snapshot.satisfaction
    closed = "" if hall_time.is_open else "the hall is closed; "
    sys.stdout.write(
        f"{snapshot.at.astimezone(hall_time.hours.zone):%H:%M}  {closed}waiting {waiting}, "
        f"at counters {len(snapshot.calls)}, served {tally.finished}, "
        f"rated {tally.ratings} (satisfied {tally.satisfied})\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
