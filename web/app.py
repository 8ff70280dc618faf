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
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ExceptionHandler

from protocol.errors import InvalidToken, MalformedRequest, MotcuaError, UnknownTicket
from web.desk import routes as desk
from web.desk import session, sign_in
from web.guard import Guard
from web.hall import Hall, hall_of
from web.limits import RateLimit
from web.pages import STATIC, page
from web.phone import routes as phone

BURST = 300
PER_SECOND = 50.0
_JSON_PATHS = ("/state", "/events", "/command")


class KeptFiles(StaticFiles):
    """Static files, kept by browsers for a year: their addresses change with their content."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """Answer with a file."""
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


async def home(request: Request) -> Response:
    """Name the hall and point staff to their desk."""
    return page(request, "home.html", hall=await hall_of(request).info())


async def health(request: Request) -> Response:
    """Whether this program and the hall behind it live."""
    feed = hall_of(request).feed
    pages = {"phones": feed.open_pages("ticket"), "desks": feed.open_pages("counter")}
    return JSONResponse({"web": "ok", "hall": "online" if feed.online else "silent", **pages})


async def on_hall_fault(request: Request, fault: Exception) -> Response:
    """One page for every token that is none; anything else passes: try again later."""
    unreachable = not isinstance(fault, (InvalidToken, UnknownTicket, MalformedRequest))
    status = 503 if unreachable else 404
    if request.url.path.endswith(_JSON_PATHS):
        return JSONResponse({"error": "unreachable" if unreachable else "not_found"}, status)
    return phone.on_unreachable(request) if unreachable else await phone.on_unknown(request)


async def on_http(request: Request, fault: Exception) -> Response:
    """An address that does not exist looks like a ticket that does not exist."""
    assert isinstance(fault, HTTPException)
    if fault.status_code == 404:
        return await phone.on_unknown(request)
    return PlainTextResponse(str(fault.status_code), fault.status_code, dict(fault.headers or {}))


async def on_slow(_request: Request, _fault: Exception) -> Response:
    """The body came too slowly, or its sender went away."""
    return PlainTextResponse("408", 408, {"Connection": "close"})


_HANDLERS: dict[int | type[Exception], ExceptionHandler] = {
    MotcuaError: on_hall_fault,
    HTTPException: on_http,
    TimeoutError: on_slow,
    ClientDisconnect: on_slow,
}


def create_app(hall: Hall, *, pins: Path, secret: str, limit: RateLimit | None = None) -> Starlette:
    """Make the application for a hall; `pins` is the file of PINs, `secret` signs the desk's cookies."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        hall.feed.attach(asyncio.get_running_loop())
        yield
        hall.feed.close()
        await asyncio.to_thread(hall.close)

    app = Starlette(
        routes=[
            Route("/", home),
            Route("/health", health),
            *phone.routes(),
            *sign_in.routes(),
            *desk.routes(),
            Mount("/static", KeptFiles(directory=STATIC)),
        ],
        middleware=[
            Middleware(Guard, limit=limit or RateLimit(BURST, PER_SECOND)),
            Middleware(
                SessionMiddleware,
                secret_key=secret,
                session_cookie=session.COOKIE,
                max_age=session.MAX_AGE_SECONDS,
                path="/desk",
                same_site="strict",
            ),
        ],
        exception_handlers=_HANDLERS,
        lifespan=lifespan,
    )
    app.state.hall = hall
    app.state.door = sign_in.Door(pins)
    return app
