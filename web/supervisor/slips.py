"""The slip of an appointment: a page to print, and its QR."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from protocol.commands import GetPlace
from protocol.replies import PlaceReply
from web.desk.slip import qr_svg
from web.hall import hall_of
from web.names import service_name
from web.pages import language_of, page
from web.supervisor import sign_in
from web.supervisor.session import PATH, session_of


async def _place(request: Request) -> PlaceReply:
    token = str(request.path_params["token"])[:128]
    return await hall_of(request).as_desk(GetPlace(token), PlaceReply)


async def slip(request: Request) -> Response:
    """The slip; raises InvalidToken for a word that promises nothing."""
    info = await hall_of(request).info()
    if session_of(request, info) is None:
        return RedirectResponse(f"{PATH}/sign-in{sign_in.query_of(request)}", 303)
    place = await _place(request)
    here = place.slot_at.astimezone(ZoneInfo(info.zone))
    return page(
        request,
        "supervisor/slip.html",
        hall=info,
        place=place,
        service=service_name(info, place.service_id, language_of(request)),
        day=here.strftime("%d/%m/%Y"),
        clock=here.strftime("%H:%M"),
    )


async def qr(request: Request) -> Response:
    """The QR of the slip: the address that the reply named."""
    if session_of(request, await hall_of(request).info()) is None:
        return sign_in.signed_out(request)
    place = await _place(request)
    return Response(qr_svg(place.url), media_type="image/svg+xml")


def routes() -> Sequence[BaseRoute]:
    """The slip and its QR."""
    return [Route(f"{PATH}/slips/{{token}}", slip), Route(f"{PATH}/slips/{{token}}/qr.svg", qr)]
