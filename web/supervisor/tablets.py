"""The tablets of the counters: a one-time code pairs one, and all of a counter are unpaired at once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from markupsafe import Markup
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from config.texts import text
from protocol.errors import NotPermitted, Refusal, UnknownCounter
from protocol.replies import HallReply
from web.names import counter_name
from web.pages import language_of
from web.phone.qr import inline_qr
from web.rating.pairing import Tablets, tablets_of
from web.rating.session import address
from web.refusals import refusal_text
from web.supervisor import sign_in
from web.supervisor.books import book, reader_of
from web.supervisor.session import PATH, SupervisorSession

FORM_SECONDS = 10.0


@dataclass(frozen=True)
class Row:
    """A counter and since when its tablets are paired."""

    counter_id: str
    name: str
    address: str
    since: list[str]


@dataclass(frozen=True)
class Invitation:
    """A code that was just made: it is shown this once."""

    counter: str
    code: str
    until: str
    address: str
    qr: Markup


async def show(request: Request) -> Response:
    """The counters and their tablets."""
    found = await reader_of(request)
    return found if isinstance(found, Response) else _show(request, *found)


def _show(
    request: Request,
    info: HallReply,
    session: SupervisorSession,
    made: Invitation | None = None,
    status: int = 200,
    notice: str = "",
) -> Response:
    rows = _rows(info, tablets_of(request), language_of(request))
    return book(request, "tablets", info, session, rows=rows, made=made, status=status, notice=notice)


def _rows(info: HallReply, tablets: Tablets, language: str) -> list[Row]:
    zone = ZoneInfo(info.zone)
    rows = []
    for counter in info.counters:
        since = [one.paired_at.astimezone(zone).strftime("%H:%M %d/%m/%Y") for one in tablets.at(counter.counter_id)]
        name = counter_name(info, counter.counter_id, language)
        rows.append(Row(counter.counter_id, name, address(counter.counter_id), since))
    return rows


async def invite(request: Request) -> Response:
    """Make a code for a counter, and show it."""
    found = await _leader(request)
    if isinstance(found, Response):
        return found
    info, session, counter_id = found
    return _show(request, info, session, _invitation(request, info, counter_id))


def _invitation(request: Request, info: HallReply, counter_id: str) -> Invitation:
    code, expires_at = tablets_of(request).invite(counter_id)
    where = f"{info.public_url}{address(counter_id)}"
    return Invitation(
        counter=counter_name(info, counter_id, language_of(request)),
        code=f"{code[:4]} {code[4:]}",
        until=expires_at.astimezone(ZoneInfo(info.zone)).strftime("%H:%M"),
        address=where,
        qr=inline_qr(f"{where}?code={code}", text("supervisor.tablet_qr", language_of(request))),
    )


async def unpair(request: Request) -> Response:
    """Let all tablets of a counter go."""
    found = await _leader(request)
    if isinstance(found, Response):
        return found
    tablets_of(request).unpair(found[2])
    return RedirectResponse(f"{PATH}/tablets{sign_in.query_of(request)}", 303)


async def _leader(request: Request) -> tuple[HallReply, SupervisorSession, str] | Response:
    """The hall, who leads it and the counter that the form names, or the answer to who may not."""
    found = await reader_of(request)
    if isinstance(found, Response):
        return found
    info, session = found
    async with asyncio.timeout(FORM_SECONDS):
        form = await request.form(max_files=0, max_fields=4)
    try:
        return info, session, _counter(info, session, form)
    except Refusal as refused:
        return _show(request, info, session, status=403, notice=refusal_text(refused, language_of(request)))


def _counter(info: HallReply, session: SupervisorSession, form: FormData) -> str:
    counter_id = str(form.get("counter_id", ""))
    if not session.leads:
        raise NotPermitted(operator_id=session.operator_id)
    if all(one.counter_id != counter_id for one in info.counters):
        raise UnknownCounter(counter_id=counter_id)
    return counter_id


def routes() -> Sequence[BaseRoute]:
    """The list, and what is done in it."""
    return [
        Route(f"{PATH}/tablets", show),
        Route(f"{PATH}/tablets/code", invite, methods=["POST"]),
        Route(f"{PATH}/tablets/unpair", unpair, methods=["POST"]),
    ]
