"""Operators' PINs: kept as scrypt hashes in one file, with a growing delay after wrong ones."""

import hashlib
import hmac
import secrets
from collections import OrderedDict
from pathlib import Path

import msgspec

from protocol.keys import KeyFileError, read_private, write_private

PIN_DIGITS = range(4, 13)
_COST, _BLOCK, _PARALLEL = 2**14, 8, 1


class _StoredPin(msgspec.Struct, frozen=True):
    salt: bytes
    hash: bytes


class _Wrong(msgspec.Struct, frozen=True):
    """How many PINs were wrong, when the last one was, and how long to wait from then on."""

    count: int
    at: float
    wait: float


class PinFileError(Exception):
    """The PIN file can't be read."""


def set_pin(path: Path, operator_id: str, pin: str) -> None:
    """Give an operator a PIN of 4 to 12 digits, whole or not at all; raises ValueError or PinFileError."""
    if not (pin.isascii() and pin.isdigit() and len(pin) in PIN_DIGITS):
        raise ValueError(f"a PIN has {PIN_DIGITS.start} to {PIN_DIGITS.stop - 1} digits")
    salt = secrets.token_bytes(16)
    write_private(path, {**_read(path), operator_id: _StoredPin(salt, _hash(pin, salt))})


def check_pin(path: Path, operator_id: str, pin: str) -> bool:
    """Whether this is the operator's PIN; takes as long for an operator without one. Raises PinFileError."""
    stored = _read(path).get(operator_id) or _StoredPin(bytes(16), b"")
    return hmac.compare_digest(_hash(pin[:64], stored.salt), stored.hash)


def has_pin(path: Path, operator_id: str) -> bool:
    """Whether the operator was given a PIN; raises PinFileError."""
    return operator_id in _read(path)


def _hash(pin: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pin.encode(), salt=salt, n=_COST, r=_BLOCK, p=_PARALLEL)


def _read(path: Path) -> dict[str, _StoredPin]:
    try:
        return msgspec.json.decode(read_private(path), type=dict[str, _StoredPin])
    except FileNotFoundError:
        return {}
    except KeyFileError as fault:
        raise PinFileError(str(fault)) from fault
    except (OSError, msgspec.DecodeError) as fault:
        raise PinFileError(f"{path}: {fault}") from fault


class LockOut:
    """Makes wrong PINs slow: three are free, then the wait doubles. In memory, the clock is an argument."""

    FREE = 3
    FIRST_SECONDS = 5.0
    LAST_SECONDS = 300.0

    def __init__(self, operators: int = 1000) -> None:
        self._operators = operators
        self._wrong: OrderedDict[str, _Wrong] = OrderedDict()

    def wait_seconds(self, operator_id: str, now: float) -> float:
        """How long this operator must still wait before the next try; 0: none. A clock put back begins it anew."""
        wrong = self._wrong.get(operator_id)
        if wrong is None:
            return 0.0
        if now < wrong.at:
            wrong = self._wrong[operator_id] = msgspec.structs.replace(wrong, at=now)
        return max(0.0, wrong.at + wrong.wait - now)

    def note_wrong(self, operator_id: str, now: float) -> None:
        """Count a wrong PIN."""
        earlier = self._wrong.pop(operator_id, None)
        count = earlier.count + 1 if earlier else 1
        over = count - self.FREE
        wait = min(self.FIRST_SECONDS * 2.0 ** min(over, 10), self.LAST_SECONDS) if over >= 0 else 0.0
        self._wrong[operator_id] = _Wrong(count, now, wait)
        if len(self._wrong) > self._operators:
            self._wrong.popitem(last=False)

    def note_right(self, operator_id: str) -> None:
        """Forget the wrong ones."""
        self._wrong.pop(operator_id, None)
