"""The web application: routes, guards and what happens at start and end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ExceptionHandler

from protocol.errors import InvalidToken, MalformedRequest, MotcuaError, UnknownTicket
from web import health, metrics
from web.desk import routes as desk
from web.desk import session, sign_in
from web.guard import Guard
from web.hall import Hall
from web.headers import PLAIN_REFUSAL
from web.home import routes as home
from web.kept_files import kept_file
from web.limits import RateLimit
from web.phone import routes as phone
from web.rating import routes as rating
from web.sign_ins import SignIns
from web.status import routes as status
from web.supervisor import routes as supervisor
from web.supervisor.live import Live
from web.supervisor.session import SupervisorSessions

BURST = 300
PER_SECOND = 50.0
_JSON_PATHS = ("/state", "/events", "/command")


async def on_hall_fault(request: Request, fault: Exception) -> Response:
    """One page for every token that is none; anything else passes: try again later."""
    unreachable = not isinstance(fault, (InvalidToken, UnknownTicket, MalformedRequest))
    status = 503 if unreachable else 404
    if request.url.path.endswith(_JSON_PATHS):
        return JSONResponse({"error": "unreachable" if unreachable else "not_found"}, status)
    if isinstance(fault, UnknownTicket) and fault.facts.get("number"):
        return await phone.on_given_alone(request, fault)
    if not unreachable:
        return await phone.on_unknown(request)
    if request.url.path.startswith("/supervisor"):
        return supervisor.on_unreachable(request)
    return phone.on_unreachable(request)


async def on_http(request: Request, fault: Exception) -> Response:
    """An address that does not exist looks like a ticket that does not exist."""
    assert isinstance(fault, HTTPException)
    if fault.status_code == 404:
        return await phone.on_unknown(request)
    return PlainTextResponse(str(fault.status_code), fault.status_code, dict(fault.headers or {}))


async def on_fault(_request: Request, _fault: Exception) -> Response:
    """A fault of this program: its trace is in the log, and nothing of it is told."""
    return PlainTextResponse("500", 500, PLAIN_REFUSAL)


async def on_slow(_request: Request, _fault: Exception) -> Response:
    """The body came too slowly, or its sender went away."""
    return PlainTextResponse("408", 408, {"Connection": "close"})


_HANDLERS: dict[int | type[Exception], ExceptionHandler] = {
    MotcuaError: on_hall_fault,
    HTTPException: on_http,
    TimeoutError: on_slow,
    ClientDisconnect: on_slow,
    Exception: on_fault,
}


def create_app(hall: Hall, *, pins: Path, secret: str, limit: RateLimit | None = None) -> Starlette:
    """Make the application for a hall; `pins` is the file of PINs, `secret` signs the cookies."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        hall.feed.attach(asyncio.get_running_loop())
        yield
        hall.feed.close()
        await asyncio.to_thread(hall.close)

    traffic = metrics.Traffic()
    app = Starlette(
        routes=[
            *status.routes(),
            *home.routes(),
            *health.routes(),
            *metrics.routes(),
            *phone.routes(),
            *rating.routes(),
            *sign_in.routes(),
            *desk.routes(),
            *supervisor.routes(),
            Route("/static/{name:path}", kept_file),
        ],
        middleware=[
            Middleware(metrics.Counted, traffic=traffic),
            Middleware(Guard, limit=limit or RateLimit(BURST, PER_SECOND)),
            Middleware(
                SessionMiddleware,
                secret_key=secret,
                session_cookie=session.COOKIE,
                max_age=session.MAX_AGE_SECONDS,
                path="/desk",
                same_site="strict",
            ),
            Middleware(SupervisorSessions, secret=secret),
        ],
        exception_handlers=_HANDLERS,
        lifespan=lifespan,
    )
    app.state.hall = hall
    app.state.door = sign_in.Door(pins)
    app.state.sign_ins = SignIns(pins.with_name("ended_sign_ins.json"))
    app.state.live = Live()
    metrics.attach(app, traffic)
    status.attach(app)
    home.attach(app, secret)
    return app
