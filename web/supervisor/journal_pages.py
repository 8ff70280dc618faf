"""The journal's page: the log from its end, filtered by counter, person or number."""

from collections.abc import Sequence
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from protocol.events import Event
from web.hall import hall_of
from web.names import counter_text, operator_name
from web.pages import language_of, page
from web.supervisor import log, sign_in
from web.supervisor.journal import Wanted, entry
from web.supervisor.session import PATH, session_of

ROWS = 100
_FILTERS = ("counter", "operator", "ticket", "lang")


async def show(request: Request) -> Response:
    """A page of the journal, the newest event first."""
    hall, language = hall_of(request), language_of(request)
    info = await hall.info()
    session = session_of(request, info)
    if session is None:
        return RedirectResponse(f"{PATH}/sign-in{sign_in.query_of(request)}", 303)
    wanted, number = await _wanted(request)
    found, older = await _page(request, wanted) if wanted else ([], None)
    return page(
        request,
        "supervisor/journal.html",
        hall=info,
        session=session,
        entries=[entry(info, event, language) for event in found],
        counters=[(one.counter_id, counter_text(one, language)) for one in info.counters],
        people=[(one.operator_id, operator_name(info, one.operator_id)) for one in info.operators],
        asked=request.query_params,
        number=number,
        unknown_number=wanted is None,
        older=_address(request, before=str(older)) if older else "",
        newest=_address(request),
        first="before" not in request.query_params,
    )


async def _wanted(request: Request) -> tuple[Wanted | None, str]:
    """What the reader looks for, and the number typed; None: no ticket bears that number today."""
    asked = request.query_params
    number = asked.get("ticket", "").strip()
    ticket_id = await log.ticket_of_today(hall_of(request), number) if number else None
    if number and ticket_id is None:
        return None, number
    return Wanted(asked.get("counter", ""), asked.get("operator", ""), ticket_id), number


async def _page(request: Request, wanted: Wanted) -> tuple[list[Event], int | None]:
    """The events that fit, from the log's end or from where the last page ended, and where the next one begins."""
    end = await log.last_seq(hall_of(request)) + 1
    before = request.query_params.get("before", "")
    start = min(int(before), end) if before.isdecimal() and len(before) < 16 else end
    return await log.search(hall_of(request), start, wanted.fits, ROWS)


def _address(request: Request, **more: str) -> str:
    """This page with the same filters."""
    kept = {key: request.query_params[key] for key in _FILTERS if request.query_params.get(key)}
    query = urlencode(kept | more)
    return f"{PATH}/journal?{query}" if query else f"{PATH}/journal"


def routes() -> Sequence[BaseRoute]:
    """The journal."""
    return [Route(f"{PATH}/journal", show)]
