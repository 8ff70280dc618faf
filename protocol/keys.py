"""A device's key file: who it is, its CURVE key pair, and where its hall answers; and how private files are kept."""

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec


class DeviceKeys(msgspec.Struct, frozen=True):
    """What a device needs to reach its hall; keys are Z85 (40 characters), addresses `tcp://host:port`."""

    device_id: str
    role: str
    public_key: str
    secret_key: str
    server_key: str
    commands: str
    events: str
    counter_id: str | None = None
    standby_commands: str = ""
    standby_events: str = ""
    """Where the hall answers if not at `commands` and `events`; empty: nowhere else."""
    epochs: tuple[str, ...] = ()
    """The hall's epochs as last told, the oldest first: a server of an earlier one is not believed."""


class KeyFileError(Exception):
    """The key file is missing, unreadable, or open to others: the sentence says what to do."""


def read_keys(path: Path) -> DeviceKeys:
    """Read a key file; raises KeyFileError that says what to do."""
    try:
        return msgspec.json.decode(read_private(path), type=DeviceKeys)
    except FileNotFoundError as fault:
        raise KeyFileError(f"{path}: no key file; enrol this device first (./motcua enrol --help)") from fault
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise KeyFileError(f"{path}: {fault}") from fault


def keeping(path: Path) -> Callable[[DeviceKeys], None]:
    """Keeps in a device's key file where its hall says that it answers; without such a file it is learned anew."""

    def keep(keys: DeviceKeys) -> None:
        with contextlib.suppress(OSError):
            if path.exists():
                write_keys(path, keys)

    return keep


def write_keys(path: Path, keys: DeviceKeys) -> None:
    """Write a key file that only its owner can read, whole or not at all."""
    write_private(path, keys)


def read_private(path: Path) -> bytes:
    """The bytes of a file with a secret; raises OSError, or KeyFileError if others could have read or changed it."""
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
        if found.st_uid not in (os.geteuid(), 0) and os.geteuid() != 0:
            raise KeyFileError(
                f"{path}: belongs to another user of this machine; as root run: chown {os.geteuid()} {path}"
            )
        if stat.S_IMODE(found.st_mode) & 0o077:
            raise KeyFileError(f"{path}: others on this machine may read or change it; run: chmod 600 {path}")
        if _open_to_change(path.parent):
            raise KeyFileError(
                f"{path.parent}: others on this machine may put files here; run: chmod 700 {path.parent}"
            )
        return file.read()


def write_private(path: Path, content: object) -> None:
    """Write something as JSON into a file that only its owner can read, whole or not at all."""
    write_private_bytes(path, msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")


def write_private_bytes(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all; a link in its place is replaced, not followed."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # mkstemp: 0600 from the first moment, and a name that nobody can put a link under before
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def why_not_private(folder: Path) -> str | None:
    """What is wrong with a folder that only its owner should enter, and the command that cures it."""
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        return f"{folder}: others on this machine may look into this folder; run: chmod 700 {folder}"
    return None


def _open_to_change(folder: Path) -> bool:
    mode = folder.stat().st_mode
    return bool(mode & 0o022) and not mode & stat.S_ISVTX
