"""The addresses of the tablets: pairing, the page, its events, the vote."""

import asyncio
import time
from collections.abc import Sequence

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from config.texts import text
from protocol.client import new_request_id
from protocol.errors import AlreadyRated, Refusal, ServerUnreachable
from protocol.pins import LockOut
from protocol.replies import DoneReply, HallReply
from web import stream
from web.hall import hall_of
from web.names import counter_name
from web.pages import language_of, page
from web.rating.pairing import Tablet, tablets_of
from web.rating.session import COOKIE, address, counter_of, is_own_page, remember, tablet_of
from web.rating.streaming import changes, seconds_of, tablet_state
from web.rating.voting import NoVote, read_vote
from web.refusals import refusal_text

FORM_SECONDS = 10.0
MAX_FIELDS = 20
MAX_TABLETS = 200
_wrong_codes = LockOut()
"""Wrong codes by the address that sent them: they get as slow as wrong PINs. A right one is always taken, or a stranger
in the hall's Wi-Fi could keep all tablets out; 40 bits that live ten minutes are not guessed meanwhile."""


async def show(request: Request) -> Response:
    """The tablet of the counter, or the page on which it is paired."""
    try:
        info = await hall_of(request).info()
    except ServerUnreachable:
        return page(request, "rating/away.html", 503, hall=hall_of(request).known)
    if all(one.counter_id != counter_of(request) for one in info.counters):
        raise HTTPException(404)
    tablet = tablet_of(request)
    if tablet is None:
        return _pairing(request, info)
    response = _page(request, info)
    remember(request, response, tablet)
    return response


def _page(request: Request, info: HallReply) -> Response:
    language = language_of(request)
    return page(
        request,
        "rating/tablet.html",
        hall=info,
        other="en" if language == "vi" else "vi",
        names={lang: counter_name(info, counter_of(request), lang) for lang in ("vi", "en")},
        seconds=seconds_of(info),
        other_text=text,
        base=address(counter_of(request)),
    )


def _pairing(request: Request, info: HallReply, status: int = 200, notice: str = "") -> Response:
    return page(
        request,
        "rating/pair.html",
        status,
        hall=info,
        counter=counter_name(info, counter_of(request), language_of(request)),
        base=address(counter_of(request)),
        code=request.query_params.get("code", "")[:16],
        notice=notice,
    )


async def pair(request: Request) -> Response:
    """Change a code into the cookie of its counter."""
    form = await _form(request)
    info = await hall_of(request).info()
    sender = request.client.host if request.client else ""
    tablet = tablets_of(request).pair(str(form.get("code", "")), request.cookies.get(COOKIE, ""))
    if tablet is None and _wrong_codes.wait_seconds(sender, time.monotonic()):
        return _pairing(request, info, 429, text("rating.too_many_codes", language_of(request)))
    if tablet is None:
        _wrong_codes.note_wrong(sender, time.monotonic())
        return _pairing(request, info, 403, text("rating.wrong_code", language_of(request)))
    _wrong_codes.note_right(sender)
    language = f"?lang={language_of(request)}" if "lang" in request.query_params else ""
    response = RedirectResponse(address(tablet.counter_id) + language, 303)
    remember(request, response, tablet)
    return response


async def state(request: Request) -> Response:
    """What to show, as JSON."""
    tablet = tablet_of(request)
    if tablet is None:
        return _unpaired(request)
    return JSONResponse(await tablet_state(hall_of(request), tablet, tablets_of(request)))


async def events(request: Request) -> Response:
    """The event stream of a tablet."""
    tablet = tablet_of(request)
    if tablet is None:
        return _unpaired(request)
    if hall_of(request).feed.open_pages("tablet") >= MAX_TABLETS:
        return Response(status_code=503, headers={"Retry-After": "5"})
    return stream.stream(changes(hall_of(request), tablet, tablets_of(request)))


async def vote(request: Request) -> Response:
    """Take the one rating of who was served last at the tablet's counter."""
    tablet = tablet_of(request)
    if tablet is None or not is_own_page(request):
        return _unpaired(request)
    form = await _form(request)
    return await _rated(request, tablet, form)


async def _rated(request: Request, tablet: Tablet, form: FormData) -> Response:
    language = language_of(request)
    try:
        command = read_vote(form, tablet, tablets_of(request))
        await hall_of(request).as_tablet(command, DoneReply, _request_id(form))
    except NoVote:
        return JSONResponse({"refusal": text("rating.over", language)}, 400)
    except AlreadyRated:
        return JSONResponse({"refusal": text("refusals.already_rated", language)})
    except Refusal as refused:
        return JSONResponse({"refusal": refusal_text(refused, language)})
    except ServerUnreachable:
        return JSONResponse({"error": "unreachable"}, 503)
    return JSONResponse({"refusal": ""})


def _request_id(form: FormData) -> str:
    request_id = str(form.get("request_id", ""))
    return request_id if 8 <= len(request_id) <= 64 else new_request_id()


def _unpaired(request: Request) -> Response:
    return JSONResponse({"refusal": text("rating.not_paired", language_of(request))}, 403)


async def _form(request: Request) -> FormData:
    async with asyncio.timeout(FORM_SECONDS):
        return await request.form(max_files=0, max_fields=MAX_FIELDS)


def routes() -> Sequence[BaseRoute]:
    """The routes under `/counter/`."""
    base = "/counter/{counter_id}/rating"
    return [
        Route(base, show),
        Route(f"{base}/pair", pair, methods=["POST"]),
        Route(f"{base}/state", state),
        Route(f"{base}/events", events),
        Route(f"{base}/vote", vote, methods=["POST"]),
    ]
