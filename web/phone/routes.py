"""The addresses behind the QR code: the page, its state, its events, leaving the line."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from protocol.client import new_request_id
from protocol.commands import CancelTicket
from protocol.errors import MotcuaError
from protocol.replies import HallReply
from web.hall import hall_of
from web.pages import page
from web.phone import rating
from web.phone.acting import act, back, read_form
from web.phone.reading import read, token_of
from web.phone.showing import show_page, state_of, view_of
from web.phone.streaming import streamed


async def show(request: Request) -> Response:
    """The page of a ticket."""
    return await show_page(request)


async def state(request: Request) -> Response:
    """The same as JSON, for browsers whose event stream does not hold."""
    found = await read(request)
    return JSONResponse(state_of(request, found.hall, view_of(request, found)))


async def ask_leave(request: Request) -> Response:
    """Ask whether the number is really to be given back; changes nothing."""
    found = await read(request)
    view, token = view_of(request, found), token_of(request)
    if view.kind not in ("waiting", "soon"):
        return back(request)
    return page(request, "phone/leave.html", hall=found.hall, view=view, token=token, request_id=new_request_id())


async def leave(request: Request) -> Response:
    """Take the ticket out of the line."""
    form = await read_form(request)
    return await act(request, CancelTicket(token=token_of(request)), form)


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
        *rating.routes(),
    ]
