"""The citizens who want to be called back: their contact is shown here only, and erased when it was done."""

import asyncio
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from protocol.commands import EraseCallback, GetCallbacks
from protocol.errors import NotPermitted, Refusal, UnknownCallback
from protocol.replies import CallbackInfo, CallbacksReply, DoneReply
from web.hall import Hall, hall_of
from web.pages import language_of
from web.refusals import refusal_text
from web.supervisor import sign_in
from web.supervisor.books import book, reader_of
from web.supervisor.session import PATH, SupervisorSession

FORM_SECONDS = 10.0


async def show(request: Request) -> Response:
    """Who wants to be called back, the oldest first."""
    return await _show(request)


async def _show(request: Request, status: int = 200, notice: str = "") -> Response:
    found = await reader_of(request)
    if isinstance(found, Response):
        return found
    info, session = found
    callbacks: list[CallbackInfo] = []
    try:
        callbacks = await _read(hall_of(request), session)
    except Refusal as refused:
        notice = refusal_text(refused, language_of(request))
    return book(request, "callbacks", info, session, status=status, callbacks=callbacks, notice=notice)


async def _read(hall: Hall, session: SupervisorSession) -> list[CallbackInfo]:
    if not session.leads:
        raise NotPermitted(operator_id=session.operator_id)
    return (await hall.as_desk(GetCallbacks(session.operator_id), CallbacksReply)).callbacks


async def erase(request: Request) -> Response:
    """Erase one; who erased it before us did what we wanted."""
    found = await reader_of(request)
    if isinstance(found, Response):
        return found
    _info, session = found
    async with asyncio.timeout(FORM_SECONDS):
        form = await request.form(max_files=0, max_fields=4)
    callback_id = str(form.get("callback_id", ""))[:64] or "-"
    try:
        if not session.leads:
            raise NotPermitted(operator_id=session.operator_id)
        await hall_of(request).as_desk(EraseCallback(session.operator_id, callback_id), DoneReply)
    except UnknownCallback:
        pass
    except Refusal as refused:
        return await _show(request, 409, refusal_text(refused, language_of(request)))
    return RedirectResponse(f"{PATH}/callbacks{sign_in.query_of(request)}", 303)


def routes() -> Sequence[BaseRoute]:
    """The list, and erasing."""
    return [
        Route(f"{PATH}/callbacks", show),
        Route(f"{PATH}/callbacks/erase", erase, methods=["POST"]),
    ]
