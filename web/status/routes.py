"""The hall's public page at `/`, and the part of it that open pages ask for again."""

from collections.abc import Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from web.hall import hall_of
from web.pages import language_of, page, render
from web.status.hours import week
from web.status.shared import Known, Rendered, SharedStatus
from web.status.view import status_page

PATH = "/"


def attach(app: Starlette) -> None:
    """Give the application the page that all viewers share."""
    app.state.status = SharedStatus(_render)


async def show(request: Request) -> Response:
    """The public page; a hall that keeps it to itself only says who it is."""
    hall = await hall_of(request).info()
    if not hall.status_page:
        return page(request, "home.html", hall=hall)
    return HTMLResponse((await _shared(request)).page)


async def body(request: Request) -> Response:
    """What changes of the public page; 304 as long as it has not."""
    if not (await hall_of(request).info()).status_page:
        raise HTTPException(404)
    rendered = await _shared(request)
    headers = {"ETag": rendered.etag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == rendered.etag:
        return Response(status_code=304, headers=headers)
    return HTMLResponse(rendered.body, headers=headers)


async def _shared(request: Request) -> Rendered:
    return await _status_of(request).get(hall_of(request), language_of(request))


async def known_of(request: Request) -> Known:
    """How the hall stands, asked for once for all; raises ServerUnreachable."""
    return await _status_of(request).known(hall_of(request))


def _status_of(request: Request) -> SharedStatus:
    found = request.app.state.status
    assert isinstance(found, SharedStatus)
    return found


def _render(known: Known, language: str) -> tuple[str, str]:
    view = status_page(known.hall, known.snapshot, known.satisfied, language)
    inner = render("status/body.html", language, view=view, hall=known.hall)
    whole = render(
        "status/page.html", language, view=view, hall=known.hall, body=inner, week=week(known.hall, language), path=PATH
    )
    return whole, inner


def routes() -> Sequence[BaseRoute]:
    """The page and its part."""
    return [Route(PATH, show), Route("/status", body)]
