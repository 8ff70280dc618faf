"""The addresses behind the QR code: the page, its state, its events, leaving the line, rating."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict

from msgspec import Struct
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from config.texts import text
from protocol.client import new_request_id
from protocol.commands import CancelTicket, RateTicket
from protocol.errors import AlreadyRated, InvalidToken, MotcuaError, Refusal
from protocol.replies import HallReply
from web.hall import hall_of
from web.pages import language_of, page, render
from web.phone.reading import Found, read, token_of
from web.phone.streaming import streamed
from web.phone.view import PhonePage, alone_page, phone_page, place_page
from web.refusals import refusal_text

FORM_SECONDS = 10.0
REASONS_UP_TO = 3
_REFRESHED = {"waiting", "soon", "called", "serving", "parked", "no_show", "place", "given_alone"}


def _view(request: Request, found: Found) -> PhonePage:
    language = language_of(request)
    if found.ticket is not None:
        return phone_page(found.hall, found.ticket, language)
    if found.number:
        return alone_page(found.hall, found.number, language)
    assert found.place is not None
    return place_page(found.hall, found.place, language)


def _body(request: Request, info: HallReply, view: PhonePage, notice: str = "") -> str:
    return render(
        "phone/body.html",
        language_of(request),
        view=view,
        hall=info,
        token=token_of(request),
        notice=notice,
        request_id=new_request_id(),
    )


def _state(request: Request, info: HallReply, view: PhonePage) -> dict[str, object]:
    return {**asdict(view), "html": _body(request, info, view)}


async def show(request: Request) -> Response:
    """The page of a ticket."""
    return await _show(request)


async def _show(request: Request, status: int = 200, notice: str = "") -> Response:
    found = await read(request)
    view = _view(request, found)
    return page(
        request,
        "phone/page.html",
        status,
        hall=found.hall,
        view=view,
        token=token_of(request),
        body=_body(request, found.hall, view, notice),
        refresh=view.kind in _REFRESHED,
    )


async def state(request: Request) -> Response:
    """The same as JSON, for browsers whose event stream does not hold."""
    found = await read(request)
    return JSONResponse(_state(request, found.hall, _view(request, found)))


async def ask_leave(request: Request) -> Response:
    """Ask whether the number is really to be given back; changes nothing."""
    found = await read(request)
    view, token = _view(request, found), token_of(request)
    if view.kind not in ("waiting", "soon"):
        return _back(request)
    return page(request, "phone/leave.html", hall=found.hall, view=view, token=token, request_id=new_request_id())


async def leave(request: Request) -> Response:
    """Take the ticket out of the line."""
    form = await _form(request)
    return await _command(request, CancelTicket(token=token_of(request)), form)


async def rate(request: Request) -> Response:
    """Take the one rating."""
    form = await _form(request)
    score = str(form.get("score", ""))
    if score not in {"1", "2", "3", "4", "5"}:
        return await _show(request, 422, text("phone.score_missing", language_of(request)))
    return await _command(request, _rating(token_of(request), int(score), form), form)


def _rating(token: str, score: int, form: FormData) -> RateTicket:
    reasons = [str(reason)[:64] for reason in form.getlist("reason")][:10] if score <= REASONS_UP_TO else []
    return RateTicket(token, score, [reason for reason in reasons if reason], str(form.get("comment", ""))[:1000])


async def _form(request: Request) -> FormData:
    async with asyncio.timeout(FORM_SECONDS):
        return await request.form(max_files=0, max_fields=20)


async def _command(request: Request, command: CancelTicket | RateTicket, form: FormData) -> Response:
    request_id = str(form.get("request_id", ""))
    request_id = request_id if 8 <= len(request_id) <= 64 else new_request_id()
    try:
        await hall_of(request).as_phone(command, Struct, request_id)
    except AlreadyRated:
        return _back(request)
    except InvalidToken:
        raise
    except Refusal as refused:
        return await _show(request, 409, refusal_text(refused, language_of(request)))
    return _back(request)


def _back(request: Request) -> Response:
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/t/{token_of(request)}{query}", 303)


async def on_unknown(request: Request) -> Response:
    """One page for every token that is none."""
    try:
        hall: HallReply | None = await hall_of(request).info()
    except MotcuaError:
        hall = None
    return page(request, "phone/not_found.html", 404, hall=hall)


def on_unreachable(request: Request) -> Response:
    """The page that tries again by itself."""
    hint = "desk.unreachable_hint" if request.url.path.startswith("/desk") else "phone.unreachable_hint"
    response = page(request, "phone/unreachable.html", 503, hall=hall_of(request).known, hint=hint)
    response.headers["Retry-After"] = "5"
    return response


def routes() -> Sequence[BaseRoute]:
    """The routes under `/t/`."""
    return [
        Route("/t/{token}", show),
        Route("/t/{token}/state", state),
        Route("/t/{token}/events", streamed(_view, _state)),
        Route("/t/{token}/leave", ask_leave),
        Route("/t/{token}/leave", leave, methods=["POST"]),
        Route("/t/{token}/rate", rate, methods=["POST"]),
    ]
