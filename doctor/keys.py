"""The keys: who can read them, and whether all are there."""

import stat
from pathlib import Path

from doctor.finding import Findings, well, wrong
from doctor.place import Place, keys_in

SERVER_KEYS = ("server", "admin", "desk", "phone", "tablet")
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def look_at_keys(place: Place) -> Findings:
    """Modes of the key files, and those that the server's own machine needs."""
    folder = place.data / "keys"
    if folder.exists():
        yield from _modes(folder)
    if place.kind == "server":
        yield from _server_keys(folder)
    elif place.keys is not None:
        yield well("keys", "key_of_device", name=place.keys.device_id, role=place.keys.role)


def _modes(folder: Path) -> Findings:
    readable = [path for path in [folder, *sorted(folder.glob("*"))] if path.stat().st_mode & OTHERS]
    if readable:
        names = ", ".join(path.name for path in readable)
        yield wrong("keys", "keys_readable", names=names, folder=folder)
    else:
        yield well("keys", "keys_private", folder=folder)


def _server_keys(folder: Path) -> Findings:
    faults = [name for name in SERVER_KEYS if keys_in(folder / f"{name}.json") is None]
    if faults:
        yield wrong("keys", "keys_missing", names=", ".join(faults), folder=folder)
    else:
        yield well("keys", "keys_there")
