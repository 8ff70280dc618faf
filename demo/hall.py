"""The demo's hall: the real hall file, moved to free ports of this machine and to a faster clock."""

import contextlib
import datetime as dt
import socket
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import tomli_w
from msgspec.structs import replace

from config.loading import catalogue_path, load_hall
from config.settings import HallFile, Network, Standby
from protocol.errors import MotcuaError
from queue_server.domain.hours import OpeningHours

_WANTED_PORTS = (5570, 5571, 5572, 8080)
_PRINTER_PORTS = (9100, 9101)
_EARLY = dt.timedelta(minutes=5)
"""The play begins so long before the hall opens, if numbers are given by then."""
_LOOK_AHEAD_DAYS = 60


class NeverOpenError(MotcuaError):
    """The hall file opens the hall on no day that comes."""


@dataclass(frozen=True)
class DemoHall:
    """The hall that is played: its settings, where they lie, and the ports of the emulated printers."""

    file: HallFile
    path: Path
    printer_ports: list[int]

    @property
    def web(self) -> str:
        """The address of the web pages."""
        return self.file.network.public_url


def prepare(source: Path, data: Path, speed: float) -> DemoHall:
    """Write the settings on free ports, without TLS and second machine, into `data`; raises SettingsError."""
    file = load_hall(source)
    commands, events, enrolment, web = map(_free_port, _WANTED_PORTS)
    network = Network(
        commands=f"tcp://127.0.0.1:{commands}",
        events=f"tcp://127.0.0.1:{events}",
        enrolment=f"tcp://127.0.0.1:{enrolment}",
        web_host="127.0.0.1",
        web_port=web,
        public_url=f"http://127.0.0.1:{web}",
    )
    catalogue = catalogue_path(source, file)
    hall = replace(file.hall, catalogue=str(catalogue.resolve()) if catalogue else "")
    file = _at_speed(replace(file, network=network, hall=hall, standby=Standby()), speed)
    path = data / "hall.toml"
    written = _cleaned(msgspec.to_builtins(file, builtin_types=(dt.date,)))
    assert isinstance(written, dict)
    path.write_text(tomli_w.dumps(written), encoding="utf-8")
    return DemoHall(file, path, [_free_port(port) for port in _PRINTER_PORTS])


def _at_speed(file: HallFile, speed: float) -> HallFile:
    """The hall on a fast clock: pages and devices speak by real time, so the hall must be as patient as it would be."""
    work, alerts = file.counter_work, file.alerts
    lease = min(3600, round(work.lease_seconds * max(1.0, speed)))
    undo = min(60, round(work.undo_seconds * max(1.0, speed)))
    silent = min(3600, round(alerts.device_seconds * max(1.0, speed)))
    return replace(
        file,
        counter_work=replace(work, lease_seconds=lease, undo_seconds=undo),
        alerts=replace(alerts, device_seconds=silent),
    )


def _cleaned(value: object) -> object:
    """TOML has no word for nothing: such keys are left out."""
    if isinstance(value, dict):
        return {key: _cleaned(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_cleaned(inner) for inner in value]
    return value


def _free_port(wanted: int) -> int:
    """The wanted port if nobody listens there, else any free one."""
    for port in (wanted, 0):
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return int(probe.getsockname()[1])
    raise OSError("this machine has no free port")


def opening_hours(file: HallFile) -> OpeningHours:
    """When the hall is open."""
    return OpeningHours(ZoneInfo(file.hall.zone), file.hours)


def next_opening(file: HallFile, now: dt.datetime) -> dt.datetime:
    """When the hall opens today (also if that has passed) or on its next day of work, aware UTC.

    Raises NeverOpenError.
    """
    hours = opening_hours(file)
    today = now.astimezone(hours.zone).date()
    for ahead in range(_LOOK_AHEAD_DAYS):
        stretches = hours.open_stretches(today + dt.timedelta(days=ahead))
        if stretches:
            return stretches[0][0]
    raise NeverOpenError("the hall file opens the hall on no day of the next two months")


def beginning(file: HallFile, now: dt.datetime) -> dt.datetime:
    """When the play begins: a little before the hall opens, so that some have taken numbers by then."""
    return next_opening(file, now) - min(_EARLY, dt.timedelta(minutes=file.hours.issue_before_minutes))
