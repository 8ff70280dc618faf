"""The rating on the phone: what the form says becomes the one rating of a served ticket."""

from collections.abc import Sequence

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from config.texts import text
from protocol.commands import RateTicket
from protocol.errors import AlreadyRated
from web.pages import language_of
from web.phone.acting import act, read_form
from web.phone.reading import token_of
from web.phone.showing import show_page

REASONS_UP_TO = 3


async def rate(request: Request) -> Response:
    """Take the one rating."""
    form = await read_form(request)
    score = str(form.get("score", ""))
    if score not in {"1", "2", "3", "4", "5"}:
        return await show_page(request, 422, text("phone.score_missing", language_of(request)))
    return await act(request, _rating(token_of(request), int(score), form), form, done=AlreadyRated)


def _rating(token: str, score: int, form: FormData) -> RateTicket:
    reasons = [str(reason)[:64] for reason in form.getlist("reason")][:10] if score <= REASONS_UP_TO else []
    return RateTicket(token, score, [reason for reason in reasons if reason], str(form.get("comment", ""))[:1000])


def routes() -> Sequence[BaseRoute]:
    """Where the form of the page goes."""
    return [Route("/t/{token}/rate", rate, methods=["POST"])]
