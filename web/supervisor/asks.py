"""The forms that open over the page: a counter, a service, a device, a ticket, a message."""

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from protocol.commands import GetPlace, GetTicket, GetWhy
from protocol.errors import Refusal, UnknownCounter, UnknownDevice, UnknownNumber, UnknownService
from protocol.replies import PlaceReply, TicketReply, TicketView, WhyReply
from web.hall import Hall, hall_of
from web.pages import language_of, render
from web.refusals import refusal_text
from web.supervisor import announcing, log, sign_in
from web.supervisor.choices import counter_choices, people_choices, service_choices
from web.supervisor.counters import tile
from web.supervisor.devices import device_row
from web.supervisor.live import live_of
from web.supervisor.reasons import explain
from web.supervisor.scene import Scene
from web.supervisor.server import ask_panel
from web.supervisor.services import service_row
from web.supervisor.session import PATH, session_of
from web.supervisor.tickets import ticket_card

LONGEST_ID = 16
"""Digits of an id: more are none that the wire knows."""
Places = Mapping[str, str]
Values = dict[str, object]


async def ask(request: Request) -> Response:
    """A form or a card, as HTML for the page's dialog."""
    hall, language = hall_of(request), language_of(request)
    session = session_of(request, await hall.info())
    if session is None:
        return sign_in.signed_out(request)
    what = request.path_params["what"]
    make = ASKS.get(what)
    if make is None:
        raise HTTPException(404)
    scene = await live_of(request).scene(hall, language, newest=True)
    try:
        values = await make(hall, scene, request.query_params)
    except Refusal as refused:
        return HTMLResponse(render("supervisor/ask/refused.html", language, notice=refusal_text(refused, language)))
    shown = render(f"supervisor/ask/{what}.html", language, scene=scene, leads=session.leads, **values)
    return HTMLResponse(shown)


async def _counter(_hall: Hall, scene: Scene, places: Places) -> Values:
    counter_id = places.get("counter_id", "")
    counter = next((one for one in scene.hall.counters if one.counter_id == counter_id), None)
    status = scene.status_of(counter_id)
    if counter is None or status is None:
        raise UnknownCounter(counter_id=counter_id)
    return {
        "tile": tile(scene, counter, status),
        "status": status,
        "people": people_choices(scene, at=counter_id),
        "services": service_choices(scene, status.service_ids or counter.service_ids),
    }


async def _service(_hall: Hall, scene: Scene, places: Places) -> Values:
    found = scene.overview_of(places.get("service_id", ""))
    if found is None:
        raise UnknownService(service_id=places.get("service_id", ""))
    info = next(one for one in scene.hall.services if one.service_id == found.status.service_id)
    return {
        "row": service_row(scene, found),
        "found": found,
        "counters": [one for one in counter_choices(scene, []) if one.id in info.counter_ids],
    }


async def _device(_hall: Hall, scene: Scene, places: Places) -> Values:
    device_id = places.get("device_id", "")
    found = next((one for one in scene.overview.devices if one.device_id == device_id), None)
    if found is None:
        raise UnknownDevice(device_id=device_id)
    silent = any(a.code == "device_silent" and a.facts.get("device_id") == device_id for a in scene.overview.alerts)
    return {"row": device_row(scene, found, silent=silent), "kiosk": found.role == "kiosk"}


async def _ticket(hall: Hall, scene: Scene, places: Places) -> Values:
    ticket = await _find(hall, scene, places, "ticket_id", "number")
    reply = await hall.as_desk(GetTicket(ticket_id=ticket), TicketReply)
    why = await hall.as_desk(GetWhy(ticket), WhyReply)
    return {
        "card": ticket_card(scene, reply.ticket),
        "ticket": reply.ticket,
        "notes": [(scene.clock(note.at), scene.person(note.operator_id), note.text) for note in why.notes],
        "why": explain(scene, why) if why.reason else None,
        "services": service_choices(scene, []),
        "counters": counter_choices(scene, []),
        "people": people_choices(scene),
    }


async def _why(hall: Hall, scene: Scene, places: Places) -> Values:
    ticket_id = await _find(hall, scene, places, "ticket_id", "number")
    other_id = None
    if places.get("other", "").strip():
        other_id = await _find(hall, scene, places, "other_id", "other")
    reply = await hall.as_desk(GetWhy(ticket_id, other_id), WhyReply)
    return {"why": explain(scene, reply), "ticket": reply.ticket}


async def _find(hall: Hall, scene: Scene, places: Places, id_key: str, number_key: str) -> int:
    """The ticket that is meant: by its id, or by its number today; raises UnknownNumber."""
    ticket_id = places.get(id_key, "")
    if ticket_id.isdecimal() and len(ticket_id) < LONGEST_ID:
        return int(ticket_id)
    number = places.get(number_key, "").strip().upper()[:16]
    known: list[TicketView] = [*scene.overview.tickets, *scene.overview.missed]
    found = next((one.ticket_id for one in known if one.number.upper() == number), None)
    found = found or (await log.ticket_of_today(hall, number) if number else None)
    if found is None:
        raise UnknownNumber(number=number)
    return found


async def _message(_hall: Hall, scene: Scene, places: Places) -> Values:
    """A message to one counter, to those of a service, or to whom the reader chooses."""
    chosen = [places["counter_id"]] if "counter_id" in places else []
    for service in scene.hall.services:
        if service.service_id == places.get("service_id"):
            chosen = service.counter_ids
    return {"counters": counter_choices(scene, chosen), "chosen": bool(chosen)}


async def _announce(_hall: Hall, scene: Scene, _places: Places) -> Values:
    return {
        "running": announcing.running(scene),
        "displays": announcing.display_choices(scene),
        "kinds": announcing.KINDS,
        "minutes": announcing.MINUTES,
        "usual": announcing.USUAL_MINUTES,
    }


async def _ratings(_hall: Hall, _scene: Scene, _places: Places) -> Values:
    return {}


async def _forecast(_hall: Hall, scene: Scene, _places: Places) -> Values:
    working = sum(one.open and one.paused_reason_id is None for one in scene.overview.counters)
    return {"count": scene.overview.counter_count, "working": working, "most": len(scene.hall.counters)}


async def _appointment(_hall: Hall, scene: Scene, _places: Places) -> Values:
    today = scene.overview.at.astimezone(ZoneInfo(scene.hall.zone)).date()
    return {
        "services": service_choices(scene, []),
        "first_day": today.isoformat(),
        "last_day": (today + dt.timedelta(days=60)).isoformat(),
    }


async def _booked(hall: Hall, scene: Scene, places: Places) -> Values:
    place = await hall.as_desk(GetPlace(places.get("token", "")[:128] or "-"), PlaceReply)
    return {"place": place, "service": scene.service(place.service_id), "at": scene.clock(place.slot_at)}


async def _server(hall: Hall, scene: Scene, _places: Places) -> Values:
    return {"panel": await ask_panel(hall, scene)}


ASKS: dict[str, Callable[[Hall, Scene, Places], Awaitable[Values]]] = {
    "counter": _counter,
    "service": _service,
    "device": _device,
    "ticket": _ticket,
    "why": _why,
    "message": _message,
    "announce": _announce,
    "ratings": _ratings,
    "forecast": _forecast,
    "appointment": _appointment,
    "booked": _booked,
    "server": _server,
}


def routes() -> Sequence[BaseRoute]:
    """The forms."""
    return [Route(f"{PATH}/ask/{{what}}", ask)]
