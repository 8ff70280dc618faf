"""The kiosk's own service PIN: kept as a scrypt hash in its data folder, set on the machine itself."""

import getpass
import logging
import sys
from pathlib import Path

from protocol.pins import PinFileError, check_pin, has_pin, set_pin

_NAME = "kiosk-pin.json"
_WHO = "service"
_log = logging.getLogger(__name__)


class ServicePin:
    """The PIN in a kiosk's data folder; a file that can't be read opens nothing."""

    def __init__(self, data: Path) -> None:
        self._path = data / _NAME

    @property
    def is_set(self) -> bool:
        """Whether there is one."""
        try:
            return has_pin(self._path, _WHO)
        except PinFileError as fault:
            _log.error("the service PIN can't be read: %s", fault)
            return False

    def is_right(self, pin: str) -> bool:
        """Whether this is it; takes some tenths of a second on a small machine."""
        try:
            return check_pin(self._path, _WHO, pin)
        except PinFileError as fault:
            _log.error("the service PIN can't be read: %s", fault)
            return False

    def set(self, pin: str) -> None:
        """Have another one; raises ValueError for what is no PIN, PinFileError or OSError."""
        set_pin(self._path, _WHO, pin)


def ask_and_set(data: Path) -> int:
    """`./motcua kiosk --data DIR --set-pin`: ask for the PIN and keep its hash; exit 0, 1 (disk) or 2 (wrong input)."""
    if not data.is_dir():
        return _fail(f"{data}: there is no such folder; enrol the kiosk first", 2)
    try:
        ServicePin(data).set(_ask())
    except ValueError as fault:
        return _fail(str(fault), 2)
    except (PinFileError, OSError) as fault:
        return _fail(str(fault), 1)
    sys.stdout.write("The service PIN of this kiosk is set.\n")
    return 0


def _ask() -> str:
    """The PIN, typed twice unseen, or one line of a pipe: never an argument, which others could read."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    pin = getpass.getpass("New service PIN of this kiosk: ")
    if getpass.getpass("Once more: ") != pin:
        raise ValueError("the two PINs differ; nothing was changed")
    return pin


def _fail(line: str, code: int) -> int:
    sys.stderr.write(f"kiosk: {line}\n")
    return code
