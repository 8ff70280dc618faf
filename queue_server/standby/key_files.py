"""The files under `keys/` that make a machine the hall's server: the second machine holds them as well."""

from pathlib import Path

import msgspec

from protocol.keys import write_private_bytes

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
    "ended_sign_ins.json",
)
"""The server's own key pair, the devices of its machine, PINs, the keys of what is sealed and of the web's sessions,
and which of those were ended: who signed out stays so after a promotion."""
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
            write_private_bytes(folder / name, content)


def _is(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content
