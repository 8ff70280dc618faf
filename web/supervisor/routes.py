"""The supervisor's addresses: the page, its state and events, commands, pictures."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

from msgspec import Struct
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from config.texts import text
from protocol.errors import NotPermitted, Refusal, ServerUnreachable
from protocol.replies import PlaceReply
from web import stream
from web.hall import Hall, hall_of
from web.pages import language_of, page
from web.refusals import refusal_text
from web.supervisor import asks, callbacks, charts, comments, journal_pages, sign_in, slips, tablets
from web.supervisor.live import Live, live_of
from web.supervisor.orders import NotAnOrderError, Order, read_order
from web.supervisor.reports import routes as reports
from web.supervisor.scene import Scene, milliseconds
from web.supervisor.session import PATH, SupervisorSession, session_of

_log = logging.getLogger(__name__)
MAX_PAGES = 40
CALM_SECONDS = 1.0
REFRESH_SECONDS = 10.0
BODY_SECONDS = 10.0
MAX_FIELDS = 300


async def show(request: Request) -> Response:
    """The hall in one look; who is not signed in goes to the sign-in page."""
    session = session_of(request, await hall_of(request).info())
    if session is None:
        return RedirectResponse(f"{PATH}/sign-in{sign_in.query_of(request)}", 303)
    scene = await live_of(request).scene(hall_of(request), language_of(request), newest=True)
    return page(
        request,
        "supervisor/page.html",
        hall=scene.hall,
        session=session,
        leads=session.leads,
        parts=live_of(request).parts(scene, leads=session.leads),
        now=milliseconds(scene.overview.at),
    )


def _state(live: Live, scene: Scene, session: SupervisorSession) -> dict[str, Any]:
    overview = scene.overview
    return {
        "epoch": overview.epoch,
        "seq": overview.seq,
        "now": milliseconds(overview.at),
        "parts": live.parts(scene, leads=session.leads),
    }


async def state(request: Request) -> Response:
    """The state as JSON."""
    hall = hall_of(request)
    session = session_of(request, await hall.info())
    if session is None:
        return sign_in.signed_out(request)
    scene = await live_of(request).scene(hall, language_of(request), newest=True)
    return JSONResponse(_state(live_of(request), scene, session))


async def events(request: Request) -> Response:
    """The parts that changed each time they do, and a beat every second."""
    hall = hall_of(request)
    session = session_of(request, await hall.info())
    if session is None:
        return sign_in.signed_out(request)
    if hall.feed.open_pages("hall") >= MAX_PAGES:
        return Response(status_code=503, headers={"Retry-After": "5"})
    return stream.stream(_changes(hall, live_of(request), session, language_of(request)))


async def _changes(hall: Hall, live: Live, session: SupervisorSession, language: str) -> AsyncIterator[bytes]:
    stale, read_at = True, 0.0
    shown: dict[str, str] = {}
    with hall.feed.watch("hall", "") as watch:
        yield stream.retry()
        while not hall.feed.closing:
            stale = stale or time.monotonic() - read_at > REFRESH_SECONDS
            if stale and hall.feed.online:
                try:
                    found = _state(live, await live.scene(hall, language), session)
                    parts = found["parts"]
                    changed = {name: html for name, html in parts.items() if shown.get(name) != html}
                    yield stream.message({**found, "parts": changed}, "state")
                    stale, read_at, shown = False, time.monotonic(), parts
                except (Refusal, ServerUnreachable) as fault:
                    _log.warning("supervisor %s: %s", session.operator_id, fault)
            yield stream.message({"hall": hall.feed.online and not stale}, "beat")
            stale = await watch.changed(CALM_SECONDS, CALM_SECONDS) or stale


async def command(request: Request) -> Response:
    """Do what a form says, in the name of who is signed in."""
    hall, language = hall_of(request), language_of(request)
    info = await hall.info()
    session = session_of(request, info)
    if session is None:
        return sign_in.signed_out(request)
    if not session.leads:
        return JSONResponse({"refusal": refusal_text(NotPermitted(operator_id=session.operator_id), language)}, 403)
    async with asyncio.timeout(BODY_SECONDS):
        form = await request.form(max_files=0, max_fields=MAX_FIELDS)
    try:
        order = read_order(form, session.operator_id, info)
    except NotAnOrderError:
        return JSONResponse({"refusal": text("supervisor.incomplete", language)}, 400)
    return await _do(request, order)


async def _do(request: Request, order: Order) -> Response:
    hall, language = hall_of(request), language_of(request)
    try:
        reply = await hall.as_desk(order.command, Struct, order.request_id)
    except Refusal as refused:
        return JSONResponse({"refusal": refusal_text(refused, language)})
    ask = f"booked?token={reply.token}" if isinstance(reply, PlaceReply) else ""
    return JSONResponse({"refusal": "", "done": text("supervisor.done", language), "ask": ask})


async def picture(request: Request) -> Response:
    """A chart of today by hour."""
    hall = hall_of(request)
    if session_of(request, await hall.info()) is None:
        return sign_in.signed_out(request)
    draw = charts.CHARTS.get(request.path_params["chart"])
    if draw is None:
        raise HTTPException(404)
    drawn = await asyncio.to_thread(draw, await live_of(request).scene(hall, language_of(request)))
    return Response(drawn, media_type="image/svg+xml")


def on_unreachable(request: Request) -> Response:
    """The page that tries again by itself."""
    response = page(request, "supervisor/unreachable.html", 503, hall=hall_of(request).known)
    response.headers["Retry-After"] = "5"
    return response


def routes() -> Sequence[BaseRoute]:
    """The routes under `/supervisor`."""
    return [
        Route(PATH, show),
        Route(f"{PATH}/state", state),
        Route(f"{PATH}/events", events),
        Route(f"{PATH}/command", command, methods=["POST"]),
        Route(f"{PATH}/charts/{{chart}}.svg", picture),
        *sign_in.routes(),
        *asks.routes(),
        *slips.routes(),
        *journal_pages.routes(),
        *comments.routes(),
        *callbacks.routes(),
        *tablets.routes(),
        *reports.routes(),
    ]
