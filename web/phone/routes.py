"""The addresses behind the QR code: the page, its state, its events; letting others go first, leaving the line."""

from collections.abc import Callable, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from protocol.client import new_request_id
from protocol.commands import CancelTicket, DelayTicket
from protocol.errors import AlreadyDelayed, MotcuaError, UnknownTicket
from protocol.replies import HallReply
from web.hall import hall_of
from web.pages import language_of, page
from web.phone import arriving, rating
from web.phone.acting import act, back, read_form
from web.phone.reading import read, token_of
from web.phone.showing import show_page, state_of, view_of
from web.phone.streaming import streamed
from web.phone.view import PhonePage
from web.refusals import refusal_text


async def show(request: Request) -> Response:
    """The page of a ticket."""
    return await show_page(request)


async def state(request: Request) -> Response:
    """The same as JSON, for browsers whose event stream does not hold."""
    found = await read(request)
    return JSONResponse(state_of(request, found.hall, view_of(request, found)))


async def ask_leave(request: Request) -> Response:
    """Ask whether the number is really to be given back; changes nothing."""
    return await _ask(request, "phone/leave.html", lambda view: view.may_leave)


async def leave(request: Request) -> Response:
    """Take the ticket out of the line."""
    form = await read_form(request)
    return await act(request, CancelTicket(token=token_of(request)), form)


async def ask_delay(request: Request) -> Response:
    """Explain what letting others go first means; changes nothing."""
    return await _ask(request, "phone/delay.html", lambda view: view.may_delay)


async def delay(request: Request) -> Response:
    """Let others go first."""
    form = await read_form(request)
    return await act(request, DelayTicket(token_of(request)), form, done=AlreadyDelayed)


async def _ask(request: Request, template: str, may: Callable[[PhonePage], bool]) -> Response:
    found = await read(request)
    view = view_of(request, found)
    if not may(view):
        return back(request)
    return page(request, template, hall=found.hall, view=view, token=token_of(request), request_id=new_request_id())


async def on_given_alone(request: Request, refused: UnknownTicket) -> Response:
    """What was to be done with a number that only its kiosk knows must wait until the hall was told of it."""
    return await show_page(request, 409, refusal_text(refused, language_of(request)))


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
        Route("/t/{token}/events", streamed(view_of, state_of)),
        Route("/t/{token}/leave", ask_leave),
        Route("/t/{token}/leave", leave, methods=["POST"]),
        Route("/t/{token}/delay", ask_delay),
        Route("/t/{token}/delay", delay, methods=["POST"]),
        *arriving.routes(),
        *rating.routes(),
    ]
