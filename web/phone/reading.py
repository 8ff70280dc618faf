"""What a token stands for: a ticket, a promised place until it becomes one, or a number that only its kiosk knows."""

from dataclasses import dataclass

from starlette.requests import Request

from protocol.commands import GetPlace, GetTicket
from protocol.errors import InvalidToken, UnknownTicket
from protocol.replies import HallReply, PlaceReply, TicketReply
from web.hall import hall_of

MAX_TOKEN = 128


@dataclass(frozen=True)
class Found:
    """A ticket or a place of the hall, or the `number` that a kiosk gave alone and has not told of yet."""

    hall: HallReply
    ticket: TicketReply | None = None
    place: PlaceReply | None = None
    number: str = ""

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
    except UnknownTicket as unknown:
        if number := unknown.facts.get("number"):
            return Found(await hall.info(), number=str(number))
        return Found(await hall.info(), place=await hall.as_phone(GetPlace(token), PlaceReply))
    return Found(await hall.info(), ticket)
