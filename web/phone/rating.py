"""The rating on the phone: what the form says becomes the one rating of a served ticket, and is not lost before."""

from collections.abc import Sequence

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from config.texts import text
from protocol.errors import AlreadyRated, InvalidToken, Refusal, ServerUnreachable, UnknownTicket
from web.hall import hall_of
from web.home.phones import new_phone, phone_of, remember
from web.pages import language_of, page
from web.phone.acting import back, read_form
from web.phone.reading import read, token_of
from web.phone.showing import show_page, view_of
from web.rating.draft import Draft, command_of, read_draft
from web.rating.mark import mark_of
from web.rating.voting import MOST_REASONS
from web.refusals import refusal_text


async def rate(request: Request) -> Response:
    """Take the one rating; raises InvalidToken for a token that is none."""
    token, draft = token_of(request), read_draft(await read_form(request))
    try:
        if draft.fault:
            return await _again(request, draft, 422, text(draft.fault, language_of(request), n=MOST_REASONS))
        return await _send(request, token, draft)
    except ServerUnreachable:
        return _unsent(request, draft)


async def _send(request: Request, token: str, draft: Draft) -> Response:
    phone = phone_of(request) or new_phone()
    try:
        await hall_of(request).as_phone(command_of(draft, token, mark_of(phone)), Struct, draft.request_id)
    except AlreadyRated:
        return back(request)
    except (InvalidToken, UnknownTicket):
        raise
    except Refusal as refused:
        return await _again(request, draft, 409, refusal_text(refused, language_of(request)))
    response = back(request)
    remember(request, response, phone)
    return response


async def _again(request: Request, draft: Draft, status: int, notice: str) -> Response:
    """The form as it was filled in, with what is to change; without it where the ticket can't be rated."""
    found = await read(request)
    view = view_of(request, found)
    if view.kind != "rate":
        return await show_page(request, status, notice)
    values = {"hall": found.hall, "view": view, "token": token_of(request), "draft": draft, "notice": notice}
    return page(request, "rating/again.html", status, request_id=draft.request_id, **values)


def _unsent(request: Request, draft: Draft) -> Response:
    """The page that keeps everything while the hall is away."""
    fields, hall = draft.fields(), hall_of(request).known
    response = page(request, "rating/unsent.html", 503, hall=hall, token=token_of(request), fields=fields)
    response.headers["Retry-After"] = "5"
    return response


def routes() -> Sequence[BaseRoute]:
    """Where the form of the page goes."""
    return [Route("/t/{token}/rate", rate, methods=["POST"])]
