"""What a token stands for: a ticket, or a promised place and the ticket that it became."""

from dataclasses import dataclass

from starlette.requests import Request

from protocol.commands import GetPlace, GetTicket
from protocol.errors import InvalidToken, UnknownTicket
from protocol.replies import HallReply, PlaceReply, TicketReply
from web.hall import Hall, hall_of

MAX_TOKEN = 128


@dataclass(frozen=True)
class Found:
    """A ticket or a place of the hall; `own`: whether the token may also give the ticket back and rate it."""

    hall: HallReply
    ticket: TicketReply | None = None
    place: PlaceReply | None = None

    @property
    def own(self) -> bool:
        """A place's token only shows the ticket that it became; that ticket has a token of its own."""
        return self.place is None

    @property
    def ticket_id(self) -> int | None:
        """The ticket whose events change the page."""
        return self.ticket.ticket.ticket_id if self.ticket else None


def token_of(request: Request) -> str:
    """The token of the address; raises InvalidToken for one that can't be."""
    token = str(request.path_params["token"])
    if len(token) > MAX_TOKEN:
        raise InvalidToken
    return token


async def read(request: Request) -> Found:
    """Ask the hall what the address's token stands for; raises Refusal or ServerUnreachable."""
    hall, token = hall_of(request), token_of(request)
    try:
        ticket = await hall.as_phone(GetTicket(token=token), TicketReply)
    except UnknownTicket:
        return await _read_place(hall, token)
    return Found(await hall.info(), ticket)


async def _read_place(hall: Hall, token: str) -> Found:
    place = await hall.as_phone(GetPlace(token), PlaceReply)
    if place.ticket_id is None:
        return Found(await hall.info(), place=place)
    # phones may ask by token only; that it was checked in was just proved by the place's token
    ticket = await hall.as_desk(GetTicket(ticket_id=place.ticket_id), TicketReply)
    return Found(await hall.info(), ticket, place)
