"""What a machine is, as its data folder says: the hall's server, its second machine, or one that was taken over."""

from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from protocol.keys import DeviceKeys, read_keys, write_private
from queue_server.standby.wire import Fence
from queue_server.storage.base import StorageFault

_Form = TypeVar("_Form")
STANDBY, _PROMOTED, FENCED, _ASKED = "standby.json", "promoted.json", "fenced.json", "promote.asked"


class Promotion(Struct, frozen=True):
    """How this machine took the hall over: what it tells the other one, and by which key it is known there."""

    fence: Fence
    keys: DeviceKeys


def link_keys(data: Path) -> DeviceKeys | None:
    """By which key this machine follows another; None if it does not. `commands` is the link's address."""
    path = data / STANDBY
    return read_keys(path) if path.exists() else None


def begin_following(data: Path, keys: DeviceKeys) -> None:
    """Make this machine the second one, or change where the first is."""
    write_private(data / STANDBY, keys)
    (data / _PROMOTED).unlink(missing_ok=True)
    (data / _ASKED).unlink(missing_ok=True)


def end_following(data: Path, promotion: Promotion) -> None:
    """Make this second machine the hall's server."""
    write_private(data / _PROMOTED, promotion)
    (data / STANDBY).unlink(missing_ok=True)
    (data / _ASKED).unlink(missing_ok=True)


def promotion(data: Path) -> Promotion | None:
    """How this machine took the hall over, if it did; raises StorageFault."""
    return _read(data / _PROMOTED, Promotion)


def keep_fence(data: Path, fence: Fence) -> None:
    """Remember for good that the other machine took the hall over."""
    write_private(data / FENCED, fence)


def fence(data: Path) -> Fence | None:
    """By what this machine may not serve any more; raises StorageFault."""
    return _read(data / FENCED, Fence)


def lift_fence(data: Path) -> None:
    """What lies here is a copy of the new server's now."""
    (data / FENCED).unlink(missing_ok=True)


def ask_promotion(data: Path) -> None:
    """Ask the second machine's program, which runs, to take the hall over."""
    (data / _ASKED).touch(mode=0o600)


def promotion_asked(data: Path) -> bool:
    """Whether the operator asked for it."""
    return (data / _ASKED).exists()


def _read(path: Path, form: type[_Form]) -> _Form | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=form)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise StorageFault(f"{path}: {fault}") from fault
