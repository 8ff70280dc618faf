"""Each sign-in has a name of chance, and one that was ended stays ended, also for who copied its cookie.

The cookies themselves are signed and hold who it is (Starlette's sessions); only the few that were ended before their
time are kept, in a file beside the PINs, so that a restart signs nobody out and nobody in.
"""

import logging
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from starlette.requests import Request

from protocol.keys import write_private

_log = logging.getLogger(__name__)
_KEY = "sign_in"
LONGEST_SECONDS = 24 * 3600
"""No cookie of staff lives longer, so that none need be remembered longer."""


class SignIns:
    """The sign-ins of desks and supervisors; `path` keeps the ended ones with their ends in seconds since 1970."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        self._path, self._clock = path, clock
        self._ended = _read(path)

    def begin(self, session: dict[str, Any], who: dict[str, str]) -> None:
        """Begin anew: whatever the browser brought along ends."""
        self.end(session)
        session.update(who)
        session[_KEY] = secrets.token_urlsafe(16)

    def hold(self, session: dict[str, Any]) -> bool:
        """Whether the session began with a sign-in that was not ended."""
        name = session.get(_KEY)
        return isinstance(name, str) and name not in self._ended

    def end(self, session: dict[str, Any]) -> None:
        """End a session in all its copies; that is kept, or told in the log if it can't be."""
        name, now = session.get(_KEY), self._clock()
        session.clear()
        if not isinstance(name, str):
            return
        self._ended = {one: at for one, at in self._ended.items() if at > now - LONGEST_SECONDS}
        self._ended[name] = now
        try:
            write_private(self._path, self._ended)
        except OSError as fault:
            _log.error("a sign-out holds until the next start only: %s", fault)


def _read(path: Path) -> dict[str, float]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, float])
    except FileNotFoundError:
        return {}
    except (OSError, msgspec.DecodeError) as fault:
        _log.error("who has signed out is not known any more: %s", fault)
        return {}


def sign_ins_of(request: Request) -> SignIns:
    """The sign-ins that the application keeps."""
    found = request.app.state.sign_ins
    assert isinstance(found, SignIns)
    return found
