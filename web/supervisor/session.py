"""Who leads the hall from this browser: a signed cookie of its own; the role is read anew for each request."""

from dataclasses import dataclass

from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from protocol.replies import HallReply
from web.sign_ins import sign_ins_of

COOKIE = "motcua_supervisor"
PATH = "/supervisor"
MAX_AGE_SECONDS = 12 * 3600
LEADING = frozenset({"supervisor", "administrator"})
LOOKING = LEADING | {"auditor"}
_KEY = "leader_id"


@dataclass(frozen=True)
class SupervisorSession:
    """A person who may look at the whole hall, and perhaps act."""

    operator_id: str
    name: str
    role: str

    @property
    def leads(self) -> bool:
        """Whether the person may act; an auditor only looks."""
        return self.role in LEADING


def session_for(hall: HallReply, operator_id: str) -> SupervisorSession | None:
    """The session that the hall file grants a person; None: an operator, or nobody of this hall."""
    for person in hall.operators:
        if person.operator_id == operator_id and person.role in LOOKING:
            return SupervisorSession(person.operator_id, person.name, person.role)
    return None


def session_of(request: Request, hall: HallReply) -> SupervisorSession | None:
    """The session of the request's cookie; None: nobody is signed in."""
    operator_id = request.session.get(_KEY)
    if not sign_ins_of(request).hold(request.session):
        return None
    return session_for(hall, operator_id) if isinstance(operator_id, str) else None


def begin_session(request: Request, session: SupervisorSession) -> None:
    """Remember who signed in."""
    sign_ins_of(request).begin(request.session, {_KEY: session.operator_id})


def end_session(request: Request) -> None:
    """Forget who signed in, in every copy of the cookie."""
    sign_ins_of(request).end(request.session)


class SupervisorSessions:
    """Reads and writes the cookie for the addresses under `/supervisor`, and for no other."""

    def __init__(self, app: ASGIApp, secret: str) -> None:
        self._app = app
        self._with_session = SessionMiddleware(
            app,
            secret_key=f"{secret}{PATH}",
            session_cookie=COOKIE,
            max_age=MAX_AGE_SECONDS,
            path=PATH,
            same_site="strict",
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with its session if it is one of these addresses."""
        path = scope.get("path", "")
        if path == PATH or path.startswith(f"{PATH}/"):
            # A copy: the desk's middleware must not take this session for its own.
            await self._with_session({**scope}, receive, send)
        else:
            await self._app(scope, receive, send)
