"""What a citizen does on the page of a token: a form becomes a command, and its answer the page again."""

import asyncio

from msgspec import Struct
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from protocol.client import new_request_id
from protocol.commands import Command
from protocol.errors import InvalidToken, Refusal
from web.hall import hall_of
from web.pages import language_of
from web.phone.reading import token_of
from web.phone.showing import show_page
from web.refusals import refusal_text

FORM_SECONDS = 10.0
MAX_FIELDS = 40


async def read_form(request: Request) -> FormData:
    """The fields of a form; raises TimeoutError for one that comes too slowly."""
    async with asyncio.timeout(FORM_SECONDS):
        return await request.form(max_files=0, max_fields=MAX_FIELDS)


async def act(request: Request, command: Command, form: FormData, *, done: type[Refusal] | None = None) -> Response:
    """Ask the hall and show the page again, with the reason if it refused; `done`: the refusal that means done before.

    Raises InvalidToken for a token that is none, and ServerUnreachable.
    """
    try:
        await hall_of(request).as_phone(command, Struct, request_id_of(form))
    except InvalidToken:
        raise
    except Refusal as refused:
        if done is None or not isinstance(refused, done):
            return await show_page(request, 409, refusal_text(refused, language_of(request)))
    return back(request)


def request_id_of(form: FormData) -> str:
    """The id that the form was given, so that a second press has no second effect."""
    request_id = str(form.get("request_id", ""))
    return request_id if 8 <= len(request_id) <= 64 else new_request_id()


def back(request: Request) -> Response:
    """Lead to the page of the token."""
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/t/{token_of(request)}{query}", 303)
