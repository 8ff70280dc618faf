"""Signing in to lead or to look: number and PIN, the role from the hall file."""

import asyncio
import math
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from config.texts import text
from web.desk.sign_in import Door
from web.hall import hall_of
from web.pages import language_of, page
from web.supervisor.session import SupervisorSession, begin_session, end_session, session_for

FORM_SECONDS = 10.0


async def show(request: Request) -> Response:
    """The sign-in page."""
    return await _show(request)


async def _show(request: Request, status: int = 200, notice: str = "", operator_id: str = "") -> Response:
    info = await hall_of(request).info()
    return page(request, "supervisor/sign_in.html", status, hall=info, notice=notice, operator_id=operator_id)


async def sign_in(request: Request) -> Response:
    """Check the PIN and the role, begin the session."""
    async with asyncio.timeout(FORM_SECONDS):
        form = await request.form(max_files=0, max_fields=10)
    operator_id = str(form.get("operator", "")).strip()[:64]
    found = await _session_or_fault(request, operator_id, str(form.get("pin", "")))
    if isinstance(found, str):
        return await _show(request, 403, found, operator_id)
    begin_session(request, found)
    return RedirectResponse(f"/supervisor{query_of(request)}", 303)


async def _session_or_fault(request: Request, operator_id: str, pin: str) -> SupervisorSession | str:
    language = language_of(request)
    door = request.app.state.door
    assert isinstance(door, Door)
    right, wait = await door.try_pin(operator_id, pin)
    if wait:
        return text("supervisor.locked", language, seconds=math.ceil(wait))
    if not right:
        return text("supervisor.wrong_pin", language)
    session = session_for(await hall_of(request).info(), operator_id)
    return session or text("supervisor.not_yours", language)


async def sign_out(request: Request) -> Response:
    """End the session."""
    end_session(request)
    return RedirectResponse(f"/supervisor/sign-in{query_of(request)}", 303)


def signed_out(request: Request) -> Response:
    """The answer to a script whose session is over."""
    return JSONResponse({"refusal": text("supervisor.session_over", language_of(request))}, 401)


def query_of(request: Request) -> str:
    """What keeps the page's language in the next address."""
    language = request.query_params.get("lang")
    return f"?lang={language_of(request)}" if language else ""


def routes() -> Sequence[BaseRoute]:
    """The sign-in page, and out again."""
    return [
        Route("/supervisor/sign-in", show),
        Route("/supervisor/sign-in", sign_in, methods=["POST"]),
        Route("/supervisor/sign-out", sign_out, methods=["POST"]),
    ]
