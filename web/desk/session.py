"""Who signed in, perhaps at which counter: a signed cookie, and the secret that signs it."""

import secrets
from dataclasses import dataclass
from pathlib import Path

import msgspec
from starlette.requests import Request

from protocol.keys import KeyFileError, write_private

COOKIE = "motcua_desk"
MAX_AGE_SECONDS = 16 * 3600


@dataclass(frozen=True)
class DeskSession:
    """An operator at a counter."""

    operator_id: str
    counter_id: str


def operator_of(request: Request) -> str | None:
    """Who is signed in by the request's cookie, at a counter or without one; None: nobody."""
    operator_id = request.session.get("operator_id")
    return operator_id if isinstance(operator_id, str) else None


def session_of(request: Request) -> DeskSession | None:
    """The session at a counter of the request's cookie; None: nobody is signed in at one."""
    operator_id, counter_id = operator_of(request), request.session.get("counter_id")
    if operator_id is not None and isinstance(counter_id, str):
        return DeskSession(operator_id, counter_id)
    return None


def begin_session(request: Request, session: DeskSession) -> None:
    """Remember who signed in where."""
    request.session.clear()
    request.session.update(operator_id=session.operator_id, counter_id=session.counter_id)


def begin_without_counter(request: Request, operator_id: str) -> None:
    """Remember who signed in; the same person's counter, if there is one, stays."""
    if operator_of(request) != operator_id:
        request.session.clear()
    request.session["operator_id"] = operator_id


def read_secret(path: Path) -> str:
    """The secret that signs the cookies, made at the first start; raises KeyFileError if it can't be read."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(48))
    try:
        return msgspec.json.decode(path.read_bytes(), type=str)
    except msgspec.DecodeError as fault:
        raise KeyFileError(f"{path}: {fault}; delete it, and everybody signs in anew") from fault
