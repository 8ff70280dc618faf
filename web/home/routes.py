"""Places from home: choose a service, read the rules, take one; and `/here/`, behind the QR on a kiosk's screen."""

import time
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from config.texts import text
from protocol.client import new_request_id
from protocol.commands import BookFromHome, GetPlace
from protocol.errors import Refusal
from protocol.replies import HallReply, PlaceReply, ServiceInfo
from web.hall import hall_of
from web.home.phones import Phone, Phones, new_phone, phone_of, phones_of, remember
from web.home.view import Held, held, offer, offered, rules
from web.limits import RateLimit
from web.pages import language_of, page
from web.phone.acting import read_form, request_id_of
from web.phone.arriving import CODE_LENGTHS, code_of
from web.refusals import refusal_text
from web.status.routes import known_of

PATH = "/home"
PHONES_AT_ONCE = 10
"""So many phones may begin to take places from one address at once, then one more each five minutes: who drops his
cookies is a new phone each time."""
PHONES_PER_SECOND = 1 / 300


def attach(app: Starlette, secret: str) -> None:
    """Give the application what tells phones apart and holds addresses to their share."""
    app.state.phones = Phones(secret)
    app.state.home_limit = RateLimit(PHONES_AT_ONCE, PHONES_PER_SECOND)


async def choose(request: Request) -> Response:
    """The services that give places, and the places that this phone holds."""
    hall, language = await _offering(request), language_of(request)
    known = await known_of(request)
    offers = [offer(one, known.snapshot, language) for one in offered(hall)]
    return page(request, "home/choose.html", hall=hall, offers=offers, places=await _places(request, hall))


async def ask(request: Request) -> Response:
    """One service: how long it would take, the rules, the classes."""
    return await _ask(request)


async def _ask(request: Request, status: int = 200, notice: str = "") -> Response:
    hall = await _offering(request)
    service = _service(request, hall)
    known = await known_of(request)
    response = page(
        request,
        "home/ask.html",
        status,
        hall=hall,
        offer=offer(service, known.snapshot, language_of(request)),
        rules=rules(hall, language_of(request)),
        notice=notice,
        request_id=new_request_id(),
    )
    remember(request, response, phone_of(request) or new_phone())
    return response


async def take(request: Request) -> Response:
    """Take a place and lead to its page."""
    form = await read_form(request)
    hall, phone = await _offering(request), phone_of(request)
    service, class_id = _service(request, hall), str(form.get("class_id", "ordinary"))
    if phone is None:
        return await _ask(request, 409, text("home.no_cookie", language_of(request)))
    if class_id not in {one.class_id for one in hall.classes}:
        return await _ask(request, 422, text("home.no_class", language_of(request)))
    if not phone.places and not _may_begin(request):
        return await _ask(request, 429, text("home.too_many_here", language_of(request)))
    command = BookFromHome(service.service_id, class_id, await _mark(request, hall, phone))
    return await _take(request, command, request_id_of(form), phone)


async def _take(request: Request, command: BookFromHome, request_id: str, phone: Phone) -> Response:
    try:
        place = await hall_of(request).as_phone(command, PlaceReply, request_id)
    except Refusal as refused:
        return await _ask(request, 409, refusal_text(refused, language_of(request)))
    response = RedirectResponse(f"/t/{place.token}{_query(request)}", 303)
    remember(request, response, phone.with_place(place.token))
    return response


async def here(request: Request) -> Response:
    """Behind the QR on a kiosk's screen: one tap for who took a place with this phone, words for all others."""
    hall = await _offering(request)
    code = code_of(str(request.path_params["code"])[:64])
    if len(code) not in CODE_LENGTHS:
        raise HTTPException(404)
    known = await _places(request, hall)
    places, done = [one for one in known if not one.used], [one for one in known if one.used]
    request_id = new_request_id()
    return page(request, "home/here.html", hall=hall, code=code, places=places, done=done, request_id=request_id)


async def _offering(request: Request) -> HallReply:
    """The hall, if it gives places from home; like an address that does not exist if not."""
    hall = await hall_of(request).info()
    if not offered(hall):
        raise HTTPException(404)
    return hall


def _service(request: Request, hall: HallReply) -> ServiceInfo:
    wanted = request.path_params["service_id"]
    found = next((one for one in offered(hall) if one.service_id == wanted), None)
    if found is None:
        raise HTTPException(404)
    return found


async def _places(request: Request, hall: HallReply) -> list[Held]:
    """The places of this phone that the hall still knows."""
    phone, found = phone_of(request), []
    for token in phone.places if phone else []:
        try:
            place = await hall_of(request).as_phone(GetPlace(token), PlaceReply)
        except Refusal:
            continue
        found.append(held(hall, place, language_of(request)))
    return found


def _may_begin(request: Request) -> bool:
    limit = request.app.state.home_limit
    assert isinstance(limit, RateLimit)
    return limit.allow(request.client.host if request.client else "", time.monotonic())


async def _mark(request: Request, hall: HallReply, phone: Phone) -> str:
    known = await known_of(request)
    return phones_of(request).mark(phone, known.snapshot.at.astimezone(ZoneInfo(hall.zone)).date())


def _query(request: Request) -> str:
    return f"?{request.url.query}" if request.url.query else ""


def routes() -> Sequence[BaseRoute]:
    """The routes under `/home`, and the one behind the kiosk's QR."""
    return [
        Route(PATH, choose),
        Route(f"{PATH}/{{service_id}}", ask),
        Route(f"{PATH}/{{service_id}}", take, methods=["POST"]),
        Route("/here/{code}", here),
    ]
