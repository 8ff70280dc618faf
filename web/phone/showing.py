"""A token's page, whole or as the state that an open page asks for."""

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import Response

from config.texts import text
from protocol.client import new_request_id
from protocol.replies import HallReply
from web.pages import language_of, page, render
from web.phone.qr import inline_qr
from web.phone.reading import Found, read, token_of
from web.phone.view import PhonePage, alone_page, phone_page, place_page

_REFRESHED = {"waiting", "soon", "called", "serving", "parked", "no_show", "given_alone"}
"""What a browser without scripts loads anew by itself; a form would be swept away under the fingers."""


def view_of(request: Request, found: Found) -> PhonePage:
    """What the page shows for what was found, in the request's language."""
    language = language_of(request)
    if found.ticket is not None:
        return phone_page(found.hall, found.ticket, language)
    if found.number:
        return alone_page(found.hall, found.number, language)
    assert found.place is not None
    return place_page(found.hall, found.place, language)


def state_of(request: Request, hall: HallReply, view: PhonePage) -> dict[str, object]:
    """What an open page is told."""
    return {**asdict(view), "html": _body(request, hall, view)}


async def show_page(request: Request, status: int = 200, notice: str = "") -> Response:
    """Answer with the page as it is now; `notice` says why something was not done."""
    found = await read(request)
    view = view_of(request, found)
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


def _body(request: Request, hall: HallReply, view: PhonePage, notice: str = "") -> str:
    return render(
        "phone/body.html",
        language_of(request),
        view=view,
        hall=hall,
        token=token_of(request),
        notice=notice,
        request_id=new_request_id(),
        qr=inline_qr(view.arrives, text("phone.qr", language_of(request))) if view.arrives else "",
    )
