"""A citizen says on the phone that he is here, by the code on a kiosk's screen: his place becomes a number."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from config.texts import text
from protocol.commands import ConfirmArrival
from protocol.errors import AlreadyCheckedIn, InvalidToken, Refusal
from protocol.replies import TicketIssuedReply
from web.hall import hall_of
from web.pages import language_of
from web.phone.acting import back, read_form, request_id_of
from web.phone.reading import read, token_of
from web.phone.showing import show_page
from web.refusals import refusal_text

CODE_LENGTHS = range(4, 17)


async def arrive(request: Request) -> Response:
    """Turn the place into its number and lead to it; raises InvalidToken for a token that is none."""
    form = await read_form(request)
    await read(request)
    code = code_of(str(form.get("arrival_code", "")))
    language = language_of(request)
    if len(code) not in CODE_LENGTHS:
        return await show_page(request, 422, text("phone.arrive_missing", language))
    command = ConfirmArrival(token_of(request), code, language)
    try:
        issued = await hall_of(request).as_phone(command, TicketIssuedReply, request_id_of(form))
    except AlreadyCheckedIn:
        return back(request)
    except InvalidToken:  # an appointment: `read` knew the token
        return await show_page(request, 409, text("phone.arrive_by_scan", language))
    except Refusal as refused:
        return await show_page(request, 409, refusal_text(refused, language))
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/t/{issued.token}{query}", 303)


def code_of(typed: str) -> str:
    """The code as the hall knows it, however it was typed."""
    return "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())


def routes() -> Sequence[BaseRoute]:
    """Where the form of the page of a place goes."""
    return [Route("/t/{token}/here", arrive, methods=["POST"])]
