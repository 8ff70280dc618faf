"""The desk's addresses: the page, its state and events, commands, signing out."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from config import texts
from config.texts import text
from protocol.commands import CallNext, CloseCounter, Command
from protocol.errors import CounterNotOpen, LeaseTaken, Refusal
from protocol.replies import CallReply, ComeBackReply, CounterReply, HallReply, TicketIssuedReply
from web.desk import slip
from web.desk.loading import load_state
from web.desk.now import HABITS
from web.desk.orders import NotAnOrderError, read_order
from web.desk.scripts import script, script_url
from web.desk.session import DeskSession, end_session, session_of
from web.desk.streaming import events, signed_out, state
from web.desk.wording import counter_name, named, operator_name
from web.hall import hall_of
from web.names import counter_text
from web.pages import language_of, page
from web.refusals import refusal_text

BODY_SECONDS = 10.0


async def show(request: Request) -> Response:
    """The desk of who is signed in; everybody else goes to the sign-in page."""
    session = session_of(request)
    if session is None:
        return RedirectResponse(f"/desk/sign-in{_query(request)}", 303)
    return await desk_page(request, session)


async def desk_page(request: Request, session: DeskSession, status: int = 200, notice: str = "") -> Response:
    """The page itself; its state comes by the event stream."""
    info, language = await hall_of(request).info(), language_of(request)
    return page(
        request,
        "desk/page.html",
        status,
        hall=info,
        counter=counter_name(info, session.counter_id, language),
        operator=operator_name(info, session.operator_id, language),
        others=[
            (one.counter_id, counter_text(one, language))
            for one in info.counters
            if one.counter_id != session.counter_id
        ],
        people=_people(info, session, language),
        habits=info.habits or HABITS,
        data=_data(info, session, language),
        script=script_url("main.js"),
        view=request.query_params.get("view", ""),
        notice=notice,
    )


def _data(info: HallReply, session: DeskSession, language: str) -> dict[str, Any]:
    """What the page's scripts know from the start."""
    return {
        "query": "" if language == texts.FALLBACK else f"?lang={language}",
        "zone": info.zone,
        "counter": counter_name(info, session.counter_id, language),
        "counter_id": session.counter_id,
        "operator_id": session.operator_id,
        "service_ids": [one.service_id for one in info.services],
        "pause_reasons": [{"id": one.id, "name": named(one, language)} for one in info.pause_reasons],
        "result_required": (info.habits or HABITS).result_required,
        "words": _words(language),
    }


def _others(info: HallReply, session: DeskSession, language: str) -> list[tuple[str, str]]:
    """The other counters."""
    others = [one for one in info.counters if one.counter_id != session.counter_id]
    return [(one.counter_id, counter_text(one, language)) for one in others]


def _people(info: HallReply, session: DeskSession, language: str) -> list[tuple[str, str]]:
    """To whom a ticket may be sent: all others who may sit at a counter."""
    others = [one for one in info.operators if one.role != "auditor" and one.operator_id != session.operator_id]
    return [(one.operator_id, operator_name(info, one.operator_id, language)) for one in others]


def _words(language: str) -> dict[str, str]:
    """The desk's texts for its scripts."""
    keys = [key for key in texts.keys(texts.FALLBACK) if key.startswith("desk.")]
    return {key.removeprefix("desk."): text(key, language) for key in sorted(keys)}


def _query(request: Request) -> str:
    return f"?{request.url.query}" if request.url.query else ""


async def command(request: Request) -> Response:
    """Do what a button says, at the counter of the session and nowhere else."""
    session = session_of(request)
    if session is None:
        return signed_out(request)
    async with asyncio.timeout(BODY_SECONDS):
        body = await request.body()
    try:
        order = read_order(body, session)
    except NotAnOrderError:
        return JSONResponse({"refusal": text("refusals.malformed_request", language_of(request))}, 400)
    return await _do(request, session, order.command, order.request_id)


async def _do(request: Request, session: DeskSession, asked: Command, request_id: str) -> Response:
    """The answer: a refusal in words or what there is to say, and the state after it."""
    hall, language = hall_of(request), language_of(request)
    try:
        reply = await hall.as_desk(asked, msgspec.Struct, request_id)
        told = _told(asked, reply, language)
    except Refusal as refused:
        told = {"refusal": refusal_text(refused, language), "code": refused.code}
    return JSONResponse({"refusal": "", **told, "state": await load_state(hall, session, language)})


def _told(asked: Command, reply: msgspec.Struct, language: str) -> dict[str, str]:
    if isinstance(reply, CallReply) and reply.ticket is None:
        waits = isinstance(asked, CallNext) and asked.wait
        return {"said": text("desk.now_asking" if waits else "desk.nobody", language)}
    if isinstance(reply, TicketIssuedReply):
        return {"said": text("desk.checked_in", language, number=reply.ticket.number)}
    if isinstance(reply, ComeBackReply):
        said = text("desk.come_back_granted", language, number=reply.ticket.number)
        return {"said": said, "slip": f"/desk/slip/{reply.token}", "slip_text": text("desk.slip_print", language)}
    return {}


async def sign_out(request: Request) -> Response:
    """Close the counter and end the session; a counter that holds a ticket stays open."""
    session = session_of(request)
    if session is not None:
        try:
            own = CloseCounter(session.counter_id, operator_id=session.operator_id)
            await hall_of(request).as_desk(own, CounterReply)
        except (CounterNotOpen, LeaseTaken):
            pass
        except Refusal as refused:
            return await desk_page(request, session, 409, refusal_text(refused, language_of(request)))
        end_session(request)
    return RedirectResponse(f"/desk/sign-in{_query(request)}", 303)


def routes() -> Sequence[BaseRoute]:
    """The routes under `/desk` except signing in."""
    return [
        Route("/desk", show),
        Route("/desk/state", state),
        Route("/desk/events", events),
        Route("/desk/command", command, methods=["POST"]),
        Route("/desk/sign-out", sign_out, methods=["POST"]),
        Route("/desk/slip/{token}", slip.show),
        Route("/desk/slip/{token}/qr.svg", slip.qr_image),
        Route("/desk/scripts/{version}/{name}", script),
    ]
