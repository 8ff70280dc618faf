"""The files under `keys/` that make a machine the hall's server: the second machine holds them as well."""

import os
from pathlib import Path

import msgspec

SHIPPED = (
    "server.json",
    "admin.json",
    "desk.json",
    "phone.json",
    "tablet.json",
    "pins.json",
    "tablets.json",
    "callbacks.key",
    "web.secret",
)
"""The server's own key pair, the devices of its machine, PINs, the keys of what is sealed and of the web's sessions."""
_files = msgspec.json.Decoder(dict[str, bytes])


class KeyFiles:
    """The first machine's files, and whether they changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: list[tuple[str, int, int]] | None = None

    def again(self) -> None:
        """Take them for unknown at the other end."""
        self._seen = None

    def changed(self) -> bytes | None:
        """All of them as they travel, if they changed since this was asked last."""
        found = [self._folder / name for name in SHIPPED if (self._folder / name).is_file()]
        seen = [(path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in found]
        if seen == self._seen:
            return None
        self._seen = seen
        return msgspec.json.encode({path.name: path.read_bytes() for path in found})


def take(folder: Path, body: bytes) -> None:
    """Write the files that came, each whole and for their owner only; raises DecodeError or OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, content in _files.decode(body).items():
        if name in SHIPPED and not _is(folder / name, content):
            _write(folder / name, content)


def _is(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _write(path: Path, content: bytes) -> None:
    temporary = path.with_name(path.name + ".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
