"""Signing in at a counter: operator number, PIN, counter."""

import asyncio
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from config.texts import text
from protocol.commands import GetSnapshot, OpenCounter
from protocol.errors import CounterTaken, Refusal
from protocol.pins import LockOut, check_pin
from protocol.replies import CounterReply, Snapshot
from web.desk.now import operator_info
from web.desk.session import DeskSession, begin_session
from web.desk.view import counter_choices
from web.desk.wording import operator_name
from web.hall import hall_of
from web.pages import language_of, page
from web.refusals import refusal_text

FORM_SECONDS = 10.0


@dataclass
class Door:
    """The PIN file and what was tried on it; one try at a time, so that none escapes the count."""

    pins: Path
    lock_out: LockOut = field(default_factory=LockOut)
    one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def try_pin(self, operator_id: str, pin: str) -> tuple[bool, float]:
        """Whether the PIN is right; else how many seconds to wait (0: simply wrong)."""
        async with self.one_at_a_time:
            wait = self.lock_out.wait_seconds(operator_id, time.monotonic())
            if wait > 0:
                return False, wait
            right = await asyncio.to_thread(check_pin, self.pins, operator_id, pin)
            if right:
                self.lock_out.note_right(operator_id)
            else:
                self.lock_out.note_wrong(operator_id, time.monotonic())
            return right, 0.0


async def show(request: Request) -> Response:
    """The sign-in page with the counters and who is there."""
    return await _show(request)


async def _show(
    request: Request, status: int = 200, notice: str = "", operator_id: str = "", counter_id: str = ""
) -> Response:
    hall = hall_of(request)
    info, snapshot = await hall.info(), await hall.as_desk(GetSnapshot(), Snapshot)
    return page(
        request,
        "desk/sign_in.html",
        status,
        hall=info,
        counters=counter_choices(info, snapshot, language_of(request)),
        some_fixed=any(one.counter_id for one in info.operators),
        notice=notice,
        operator_id=operator_id,
        counter_id=counter_id,
    )


async def sign_in(request: Request) -> Response:
    """Check the PIN, open the counter, begin the session."""
    async with asyncio.timeout(FORM_SECONDS):
        form = await request.form(max_files=0, max_fields=10)
    session = await _wanted(request, form)
    fault = await _why_not(request, session, str(form.get("pin", "")))
    if fault:
        return await _show(request, 403, fault, session.operator_id, session.counter_id)
    begin_session(request, session)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/desk{query}", 303)


async def _wanted(request: Request, form: FormData) -> DeskSession:
    """Who wants to sit where; without a choice, at the counter that is always his."""
    operator_id = str(form.get("operator", "")).strip()[:64]
    counter_id = str(form.get("counter", ""))[:64]
    if not counter_id:
        person = operator_info(await hall_of(request).info(), operator_id)
        counter_id = (person.counter_id or "") if person else ""
    return DeskSession(operator_id, counter_id)


async def _why_not(request: Request, session: DeskSession, pin: str) -> str:
    language = language_of(request)
    door = request.app.state.door
    assert isinstance(door, Door)
    right, wait = await door.try_pin(session.operator_id, pin)
    if wait:
        return text("desk.locked", language, seconds=math.ceil(wait))
    if not right:
        return text("desk.wrong_pin", language)
    if not session.counter_id:
        return text("desk.counter_missing", language)
    try:
        await hall_of(request).as_desk(OpenCounter(session.counter_id, session.operator_id), CounterReply)
    except CounterTaken as taken:
        who = operator_name(await hall_of(request).info(), str(taken.facts.get("operator_id", "")), language)
        return text("desk.taken_by", language, who=who)
    except Refusal as refused:
        return refusal_text(refused, language)
    return ""


def routes() -> Sequence[BaseRoute]:
    """The sign-in page."""
    return [Route("/desk/sign-in", show), Route("/desk/sign-in", sign_in, methods=["POST"])]
