"""The demo's hall: the real hall file, moved to free ports of this machine."""

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
from config.settings import WEEKDAYS, HallFile, Network

_WANTED_PORTS = (5570, 5571, 5572, 8080)
_PRINTER_PORTS = (9100, 9101)


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


def prepare(source: Path, data: Path) -> DemoHall:
    """Write the hall's settings with free ports into the data folder; raises SettingsError."""
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
    file = replace(file, network=network, hall=hall)
    path = data / "hall.toml"
    path.write_text(tomli_w.dumps(_without_nothing(msgspec.to_builtins(file))), encoding="utf-8")
    return DemoHall(file, path, [_free_port(port) for port in _PRINTER_PORTS])


def _without_nothing(value: object) -> dict[str, object]:
    """TOML has no word for nothing: such keys are left out."""
    cleaned = _cleaned(value)
    assert isinstance(cleaned, dict)
    return cleaned


def _cleaned(value: object) -> object:
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


def next_opening(file: HallFile, now: dt.datetime) -> dt.datetime:
    """When the hall opens today (also if that has passed) or on its next day of work, as an aware UTC instant."""
    zone = ZoneInfo(file.hall.zone)
    today = now.astimezone(zone).date()
    for day in (today + dt.timedelta(days=ahead) for ahead in range(7)):
        spans = getattr(file.hours, WEEKDAYS[day.weekday()])
        if spans:
            opening = dt.time.fromisoformat(min(spans).split("-")[0])
            return dt.datetime.combine(day, opening, zone).astimezone(dt.UTC)
    return now
