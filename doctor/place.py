"""What a folder and the files beside it say about a PC of the hall: server, second machine, kiosk, display, keypads."""

import re
import shlex
from itertools import pairwise
from pathlib import Path

import msgspec
from msgspec import Struct

from config.loading import load_hall
from config.settings import HallFile
from protocol.errors import MotcuaError
from protocol.keys import DeviceKeys
from queue_server.standby.states import STANDBY

DEVICE_ROLES = ("kiosk", "display", "counter")
SETTINGS = Path("/etc/motcua")


class NoPlace(MotcuaError):
    """The folder is none of a hall's program; the message says what was expected."""


class Place(Struct, frozen=True):
    """One PC: its data folder, `kind` (`server`, `standby` or a device's role), hall file if known, a device's key."""

    data: Path
    kind: str
    hall: HallFile | None = None
    keys: DeviceKeys | None = None
    printer: tuple[str, str] | None = None
    """Address and model, of a kiosk."""


def place_of(data: Path, hall_path: Path | None, printer: tuple[str, str] | None = None) -> Place:
    """Find out what a data folder is for; raises NoPlace or SettingsError."""
    try:
        return _place_of(data, hall_path, printer)
    except PermissionError as fault:
        raise NoPlace(
            f"{fault.filename}: this user may not look into it; run the command as the user of the hall's programs: "
            "runuser -u motcua -- /opt/motcua/motcua doctor ..."
        ) from fault


def _place_of(data: Path, hall_path: Path | None, printer: tuple[str, str] | None) -> Place:
    if not data.is_dir():
        raise NoPlace(f"{data}: there is no such folder; --data must name the folder of a hall's program")
    hall = load_hall(hall_path) if hall_path is not None else None
    if (data / STANDBY).exists():
        return Place(data, "standby", hall)
    if (data / "hall.db").exists() or (data / "keys" / "server.json").exists():
        return Place(data, "server", hall)
    for role in DEVICE_ROLES:
        keys = _key_of(data, role)
        if keys is not None:
            return Place(data, role, hall, keys, printer or (_printer_of(data) if role == "kiosk" else None))
    raise NoPlace(
        f"{data}: there is no hall.db, and no key of a kiosk, display or keypad in {data / 'keys'}; "
        "enrol this device first (./motcua enrol --help), or name another folder"
    )


def keys_in(path: Path) -> DeviceKeys | None:
    """The keys of a file, whoever else may read it: that is looked at apart. None: there are none."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=DeviceKeys)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def _key_of(data: Path, role: str) -> DeviceKeys | None:
    found = map(keys_in, sorted((data / "keys").glob("*.json")))
    return next((keys for keys in found if keys is not None and keys.role == role), None)


def _printer_of(data: Path, settings: Path = SETTINGS / "kiosk.env") -> tuple[str, str] | None:
    """What the installed kiosk's settings say, if they are of this folder."""
    try:
        lines = settings.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    told = dict(line.split("=", 1) for line in lines if re.match(r"\w+=", line))
    if Path(told.get("DATA", "")) != data:
        return None
    try:
        words = shlex.split(told.get("OPTIONS", ""))
    except ValueError:
        return None
    options = dict(pairwise(words))
    return (options["--printer"], options.get("--model", "picture")) if "--printer" in options else None
