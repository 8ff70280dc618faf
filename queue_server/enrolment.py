"""One-time codes with which devices join: short-lived, used once, kept in memory only."""

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass

from protocol.commands import CreateEnrolment
from protocol.errors import InvalidEnrolmentCode

VALID_FOR = dt.timedelta(minutes=15)
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True)
class Invitation:
    """What a code promises: the device's name and role."""

    digest: bytes
    command: CreateEnrolment
    expires_at: dt.datetime


class Enrolments:
    """The open invitations; only digests of codes are kept."""

    def __init__(self) -> None:
        self._open: list[Invitation] = []

    def create(self, command: CreateEnrolment, random: bytes, now: dt.datetime) -> tuple[str, dt.datetime]:
        """A fresh code of 20 letters (100 bits of the 16 random bytes given) and when it expires."""
        code = "-".join(_letters(random)[i : i + 5] for i in range(0, 20, 5))
        self._open = [i for i in self._open if i.expires_at > now and i.command.device_id != command.device_id]
        invitation = Invitation(_digest(code), command, now + VALID_FOR)
        self._open.append(invitation)
        return code, invitation.expires_at

    def promised(self, code: str, now: dt.datetime) -> CreateEnrolment:
        """What a code promises; raises InvalidEnrolmentCode. It is used up when its device exists."""
        digest = _digest(code)
        for invitation in self._open:
            if hmac.compare_digest(invitation.digest, digest) and invitation.expires_at > now:
                return invitation.command
        raise InvalidEnrolmentCode

    def withdraw(self, device_id: str) -> None:
        """Let no open code make this device any more."""
        self._open = [invitation for invitation in self._open if invitation.command.device_id != device_id]


def _letters(random: bytes) -> str:
    number = int.from_bytes(random, "big")
    return "".join(_ALPHABET[(number >> (5 * i)) & 31] for i in range(20))


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.strip().upper().encode()).digest()
