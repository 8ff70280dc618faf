"""Who sits at which counter: a signed cookie, and the secret that signs it."""

import secrets
from dataclasses import dataclass
from pathlib import Path

import msgspec
from starlette.requests import Request

from protocol.keys import KeyFileError, write_private
from web.sign_ins import sign_ins_of

COOKIE = "motcua_desk"
MAX_AGE_SECONDS = 16 * 3600


@dataclass(frozen=True)
class DeskSession:
    """An operator at a counter."""

    operator_id: str
    counter_id: str


def session_of(request: Request) -> DeskSession | None:
    """The session of the request's cookie; None: nobody is signed in."""
    operator_id, counter_id = request.session.get("operator_id"), request.session.get("counter_id")
    if not sign_ins_of(request).hold(request.session):
        return None
    if isinstance(operator_id, str) and isinstance(counter_id, str):
        return DeskSession(operator_id, counter_id)
    return None


def begin_session(request: Request, session: DeskSession) -> None:
    """Remember who signed in where."""
    who = {"operator_id": session.operator_id, "counter_id": session.counter_id}
    sign_ins_of(request).begin(request.session, who)


def end_session(request: Request) -> None:
    """Forget who signed in, in every copy of the cookie."""
    sign_ins_of(request).end(request.session)


def read_secret(path: Path) -> str:
    """The secret that signs the cookies, made at the first start; raises KeyFileError if it can't be read."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(48))
    try:
        return msgspec.json.decode(path.read_bytes(), type=str)
    except msgspec.DecodeError as fault:
        raise KeyFileError(f"{path}: {fault}; delete it, and everybody signs in anew") from fault
