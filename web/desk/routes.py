"""The desk's addresses: signing in, the page, its state and events, commands, signing out."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from config.texts import text
from protocol.commands import CancelTicket, CloseCounter, Command, GetSnapshot, GetTicket, GetWaiting
from protocol.errors import CounterNotOpen, NotAtThisCounter, Refusal, ServerUnreachable
from protocol.replies import CallReply, CounterReply, HallReply, Snapshot, TicketReply, WaitingReply
from web import stream
from web.desk.orders import NotAnOrderError, command_of, read_order
from web.desk.session import DeskSession, session_of
from web.desk.view import KEYS, counter_status, desk_state
from web.hall import Hall, hall_of
from web.names import counter_names
from web.pages import language_of, page
from web.refusals import refusal_text

_log = logging.getLogger(__name__)
MAX_PAGES = 200
CALM_SECONDS = 1.0
REFRESH_SECONDS = 20.0
BODY_SECONDS = 10.0
WAITING_ROWS = 50


async def load_state(hall: Hall, session: DeskSession, language: str) -> dict[str, Any]:
    """Ask for all that the desk shows; raises Refusal or ServerUnreachable."""
    info, snapshot, waiting = await asyncio.gather(
        hall.info(),
        hall.as_desk(GetSnapshot(), Snapshot),
        hall.as_desk(GetWaiting(session.counter_id, WAITING_ROWS), WaitingReply),
    )
    return desk_state(info, snapshot, waiting, session, language)


async def show(request: Request) -> Response:
    """The desk of who is signed in; everybody else goes to the sign-in page."""
    session = session_of(request)
    if session is None:
        return RedirectResponse(f"/desk/sign-in{_query(request)}", 303)
    return await desk_page(request, session)


async def desk_page(request: Request, session: DeskSession, status: int = 200, notice: str = "") -> Response:
    """The page itself; its state comes by the event stream."""
    info = await hall_of(request).info()
    return page(
        request,
        "desk/page.html",
        status,
        hall=info,
        session=session,
        counter=_counter_name(info, session, language_of(request)),
        keys=KEYS,
        notice=notice,
    )


def _counter_name(info: HallReply, session: DeskSession, language: str) -> str:
    return next(iter(counter_names(info, [session.counter_id], language)), session.counter_id)


def _query(request: Request) -> str:
    return f"?{request.url.query}" if request.url.query else ""


async def state(request: Request) -> Response:
    """The state as JSON."""
    session = session_of(request)
    if session is None:
        return _signed_out(request)
    return JSONResponse(await load_state(hall_of(request), session, language_of(request)))


def _signed_out(request: Request) -> Response:
    return JSONResponse({"refusal": text("desk.session_over", language_of(request))}, 401)


async def events(request: Request) -> Response:
    """The state each time it changes, and a beat every second."""
    session = session_of(request)
    if session is None:
        return _signed_out(request)
    if hall_of(request).feed.open_pages("counter") >= MAX_PAGES:
        return Response(status_code=503, headers={"Retry-After": "5"})
    return stream.stream(_changes(hall_of(request), session, language_of(request)))


async def _changes(hall: Hall, session: DeskSession, language: str) -> AsyncIterator[bytes]:
    stale, read_at = True, 0.0
    with hall.feed.watch("counter", session.counter_id) as watch:
        yield stream.retry()
        while not hall.feed.closing:
            stale = stale or time.monotonic() - read_at > REFRESH_SECONDS
            if stale and hall.feed.online:
                try:
                    yield stream.message(await load_state(hall, session, language), "state")
                    stale, read_at = False, time.monotonic()
                except (Refusal, ServerUnreachable) as fault:
                    _log.warning("counter %s: %s", session.counter_id, fault)
            yield stream.message({"hall": hall.feed.online and not stale}, "beat")
            stale = await watch.changed(CALM_SECONDS, CALM_SECONDS) or stale


async def command(request: Request) -> Response:
    """Do what a button says, at the counter of the session and nowhere else."""
    session = session_of(request)
    if session is None:
        return _signed_out(request)
    async with asyncio.timeout(BODY_SECONDS):
        body = await request.body()
    try:
        order = read_order(body)
    except NotAnOrderError:
        return JSONResponse({"refusal": "malformed_request"}, 400)
    return await _do(request, session, command_of(order, session.counter_id), order.request_id)


async def _do(request: Request, session: DeskSession, asked: Command, request_id: str) -> Response:
    hall, language = hall_of(request), language_of(request)
    refusal = ""
    try:
        await _require_own(hall, session, asked)
        reply = await hall.as_desk(asked, msgspec.Struct, request_id)
        if isinstance(reply, CallReply) and reply.ticket is None:
            refusal = text("desk.nobody", language)
    except Refusal as refused:
        refusal = refusal_text(refused, language)
    return JSONResponse({"refusal": refusal, "state": await load_state(hall, session, language)})


async def _require_own(hall: Hall, session: DeskSession, asked: Command) -> None:
    """The session's operator must still be at the counter, and may cancel only what it may call."""
    if not await holds_counter(hall, session):
        raise CounterNotOpen(counter_id=session.counter_id)
    if isinstance(asked, CancelTicket):
        info = await hall.info()
        ticket = (await hall.as_desk(GetTicket(ticket_id=asked.ticket_id), TicketReply)).ticket
        own = next((one.service_ids for one in info.counters if one.counter_id == session.counter_id), [])
        if ticket.service_id not in own or ticket.counter_id not in (None, session.counter_id):
            raise NotAtThisCounter(counter_id=session.counter_id)


async def holds_counter(hall: Hall, session: DeskSession) -> bool:
    """Whether the counter is open with the session's operator."""
    status = counter_status(await hall.as_desk(GetSnapshot(), Snapshot), session.counter_id)
    return status is not None and status.open and status.operator_id == session.operator_id


async def sign_out(request: Request) -> Response:
    """Close the counter and end the session; a counter that holds a ticket stays open."""
    session = session_of(request)
    if session is not None:
        try:
            if await holds_counter(hall_of(request), session):
                await hall_of(request).as_desk(CloseCounter(session.counter_id), CounterReply)
        except CounterNotOpen:
            pass
        except Refusal as refused:
            return await desk_page(request, session, 409, refusal_text(refused, language_of(request)))
        request.session.clear()
    return RedirectResponse(f"/desk/sign-in{_query(request)}", 303)


def routes() -> Sequence[BaseRoute]:
    """The routes under `/desk` except signing in."""
    return [
        Route("/desk", show),
        Route("/desk/state", state),
        Route("/desk/events", events),
        Route("/desk/command", command, methods=["POST"]),
        Route("/desk/sign-out", sign_out, methods=["POST"]),
    ]
