"""A device's key file: who it is, its CURVE key pair, and where its hall answers."""

import os
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


class KeyFileError(Exception):
    """The key file is missing or unreadable: enrol the device first."""


def read_keys(path: Path) -> DeviceKeys:
    """Read a key file; raises KeyFileError that says what to do."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=DeviceKeys)
    except FileNotFoundError as fault:
        raise KeyFileError(f"{path}: no key file; enrol this device first (./motcua enrol --help)") from fault
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise KeyFileError(f"{path}: {fault}") from fault


def write_keys(path: Path, keys: DeviceKeys) -> None:
    """Write a key file that only its owner can read, whole or not at all."""
    write_private(path, keys)


def write_private(path: Path, content: object) -> None:
    """Write something as JSON into a file that only its owner can read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_suffix(".new")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
