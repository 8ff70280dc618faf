"""The code that a kiosk's screen shows for a minute: who reads it is in the hall. Pure; made like a one-time password.

HMAC-SHA256 over kiosk and minute (after RFC 6238), shown as six letters that nobody mistakes for others.
"""

import datetime as dt
import hmac

SECONDS = 60
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_LENGTH = 6


def arrival_code(key: bytes, epoch: str, kiosk_id: str, now: dt.datetime) -> tuple[str, dt.datetime]:
    """The code of a kiosk at `now`, and until when it is shown; it counts for a minute longer."""
    step = int(now.timestamp()) // SECONDS
    return _code(key, epoch, kiosk_id, step), dt.datetime.fromtimestamp((step + 1) * SECONDS, dt.UTC)


def is_arrival_code(key: bytes, epoch: str, kiosk_id: str, code: str, now: dt.datetime) -> bool:
    """Whether a kiosk shows this code now, or did a minute ago; compared in constant time."""
    step, typed = int(now.timestamp()) // SECONDS, code.strip().upper().encode()
    known = [_code(key, epoch, kiosk_id, step - back).encode() for back in (0, 1)]
    return any(hmac.compare_digest(typed, one) for one in known)


def _code(key: bytes, epoch: str, kiosk_id: str, step: int) -> str:
    digest = hmac.digest(key, b"arrival\0" + f"{epoch}\0{kiosk_id}\0{step}".encode(), "sha256")
    number = int.from_bytes(digest[:8], "big")
    return "".join(_LETTERS[(number >> (5 * place)) & 31] for place in range(_LENGTH))
