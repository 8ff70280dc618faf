"""Who was refused at the hall's doors: every knock counts, few are logged, and a trouble stands while they last."""

import datetime as dt
import logging
from dataclasses import dataclass

from queue_server.health import Health

log = logging.getLogger(__name__)

SAID: dict[str, str] = {
    "refused_unknown_key": "a key that this hall does not know",
    "refused_revoked": "a device that was shut out",
    "refused_handshake": "a connection without a key, or no ZeroMQ at all",
    "broken_handshake": "a connection that ended, or fell silent, before it told its key",
    "refused_code": "an enrolment code that is unknown, used or expired",
    "refused_enrolment": "a command other than enrol at the enrolment socket",
    "refused_role": "a command that the device's role does not allow",
    "accept_failed": "a connection for which no file descriptor was left",
}
"""The kinds of knocks, by their names among the server's counts."""
STRANGE = frozenset({"refused_unknown_key", "refused_revoked", "refused_handshake", "refused_code"})
"""What no device of this hall does."""
QUIET_SECONDS = 300.0
"""After so long without a strange knock the trouble is over."""
LOG_SECONDS = 60.0
"""Each kind is logged once in so long at most, however many knock."""


@dataclass
class _Kind:
    new: int = 0
    unsaid: int = 0
    last: str = ""
    said_at: float | None = None


class Knocks:
    """Collects knocks; `tell` them about once a second. `seconds` are of a clock that never jumps."""

    def __init__(self, health: Health) -> None:
        self._health = health
        self._kinds = {kind: _Kind() for kind in SAID}
        self._strange_at: float | None = None

    def note(self, kind: str, who: str, times: int = 1) -> None:
        """Somebody was refused; `who` is a device's id or an address, the last one is logged."""
        found = self._kinds[kind]
        found.new += times
        found.last = who

    def tell(self, now: dt.datetime, seconds: float) -> None:
        """Count and log what was noted since, and keep the trouble `keys_refused`."""
        strange = sum(self._kinds[kind].new for kind in STRANGE)
        for name, kind in self._kinds.items():
            self._count(name, kind)
            self._say(name, kind, seconds)
        if strange:
            self._strange_at = seconds
            refused = sum(self._health.counts[kind] for kind in STRANGE)
            self._health.trouble("keys_refused", now, refused=refused)
        elif self._strange_at is not None and seconds - self._strange_at >= QUIET_SECONDS:
            self._strange_at = None
            self._health.well("keys_refused")

    def _count(self, name: str, kind: _Kind) -> None:
        if kind.new:
            self._health.counts[name] += kind.new
            kind.unsaid += kind.new
            kind.new = 0

    def _say(self, name: str, kind: _Kind, seconds: float) -> None:
        if not kind.unsaid or (kind.said_at is not None and seconds - kind.said_at < LOG_SECONDS):
            return
        log.warning("%s: refused %s, %d times, last %s", name, SAID[name], kind.unsaid, kind.last or "unknown")
        kind.said_at, kind.unsaid = seconds, 0
