"""Who sits at which counter: a signed cookie, and the secret that signs it."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request

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
    if isinstance(operator_id, str) and isinstance(counter_id, str):
        return DeskSession(operator_id, counter_id)
    return None


def begin_session(request: Request, session: DeskSession) -> None:
    """Remember who signed in where."""
    request.session.clear()
    request.session.update(operator_id=session.operator_id, counter_id=session.counter_id)


def read_secret(path: Path) -> str:
    """The secret that signs the cookies, made at the first start and readable by its owner only."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    secret = secrets.token_urlsafe(48)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret)
    return secret
