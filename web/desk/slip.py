"""The come-back slip: a printed promise that a citizen with supplemented papers need not queue again."""

import io
from typing import Any
from zoneinfo import ZoneInfo

from qrcode.image.svg import SvgPathImage
from qrcode.main import QRCode
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from config.texts import text
from protocol.commands import GetTicket
from protocol.errors import InvalidToken
from protocol.replies import NoteView, TicketReply
from web.desk.loading import notes_on
from web.desk.session import session_of
from web.desk.wording import counter_name, service_name
from web.hall import hall_of
from web.pages import language_of, page

BULLET = "• "
QUIET_MODULES = 2


async def show(request: Request) -> Response:
    """The slip of a ticket whose citizen may come back; raises InvalidToken for any other ticket."""
    if session_of(request) is None:
        return RedirectResponse("/desk/sign-in", 303)
    hall, language, token = (hall_of(request), language_of(request), request.path_params["token"])
    info = await hall.info()
    ticket = (await hall.as_desk(GetTicket(token=token), TicketReply)).ticket
    if ticket.come_back_until is None:
        raise InvalidToken
    until = ticket.come_back_until.astimezone(ZoneInfo(info.zone))
    return page(
        request,
        "desk/slip.html",
        hall=info,
        ticket=ticket,
        token=token,
        service=service_name(info, ticket.service_id, language),
        counter=counter_name(info, ticket.counter_id or "", language),
        papers=papers_of(await notes_on(hall, ticket.ticket_id)),
        until=text("desk.slip_until", language, time=until.strftime("%H:%M"), date=until.strftime("%d/%m/%Y")),
    )


def papers_of(notes: list[NoteView]) -> list[str]:
    """The missing papers, which the hall keeps as the last note whose lines all begin with a bullet."""
    lists = [note.text.splitlines() for note in notes]
    papers = [lines for lines in lists if all(line.startswith(BULLET) for line in lines)]
    return [line.removeprefix(BULLET) for line in papers[-1]] if papers else []


async def qr_image(request: Request) -> Response:
    """The address behind a slip's token as a QR picture: the phone shows the promise, a scanner checks it in."""
    if session_of(request) is None:
        return Response(status_code=403)
    token = request.path_params["token"]
    info = await hall_of(request).info()
    await hall_of(request).as_desk(GetTicket(token=token), TicketReply)
    return Response(qr_svg(f"{info.public_url}/t/{token}"), media_type="image/svg+xml")


def qr_svg(words: str) -> bytes:
    """A QR picture of some words."""
    picture = io.BytesIO()
    code: Any = QRCode(border=QUIET_MODULES, image_factory=SvgPathImage)
    code.add_data(words)
    code.make_image().save(picture)
    return picture.getvalue()
