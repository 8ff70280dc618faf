"""What citizens wrote with their ratings: of days that are over, by service, and nothing that tells a ticket."""

import datetime as dt
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from protocol.commands import GetComments, GetSnapshot
from protocol.errors import NotPermitted, Refusal
from protocol.replies import CommentInfo, CommentsReply, HallReply, Snapshot
from web.hall import Hall, hall_of
from web.names import service_name
from web.pages import language_of
from web.refusals import refusal_text
from web.supervisor.books import book, reader_of
from web.supervisor.session import PATH, SupervisorSession

_ONE = dt.timedelta(days=1)
OLDEST = dt.date(2000, 1, 1)
"""No hall has days before; the calendar's own end would leave no day before it."""


async def show(request: Request) -> Response:
    """The comments of a day; without one, of the last day that is over."""
    found = await reader_of(request)
    if isinstance(found, Response):
        return found
    info, session = found
    hall, language = hall_of(request), language_of(request)
    newest = await _newest_day(hall)
    day = max(OLDEST, min(_day(request.query_params.get("day", "")) or newest, newest))
    comments: list[CommentInfo] = []
    notice = ""
    try:
        comments = await _read(hall, session, day)
    except Refusal as refused:
        notice = refusal_text(refused, language)
    return book(
        request,
        "comments",
        info,
        session,
        day=day,
        newest=newest,
        before=(day - _ONE).isoformat(),
        after=(day + _ONE).isoformat() if day < newest else "",
        notice=notice,
        groups=by_service(info, comments, language),
    )


async def _read(hall: Hall, session: SupervisorSession, day: dt.date) -> list[CommentInfo]:
    if not session.leads:
        raise NotPermitted(operator_id=session.operator_id)
    return (await hall.as_desk(GetComments(session.operator_id, day), CommentsReply)).comments


async def _newest_day(hall: Hall) -> dt.date:
    """The day before the hall's service day."""
    snapshot = await hall.as_desk(GetSnapshot(), Snapshot)
    return (snapshot.service_day or snapshot.at.date()) - _ONE


def _day(typed: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(typed)
    except ValueError:
        return None


def by_service(info: HallReply, comments: list[CommentInfo], language: str) -> list[tuple[str, list[str]]]:
    """The comments under the names of their services; by their letters, so that no order of time shows."""
    found: dict[str, list[str]] = {}
    for comment in comments:
        found.setdefault(comment.service_id, []).append(comment.text)
    order = {one.service_id: place for place, one in enumerate(info.services)}
    known = sorted(found, key=lambda service_id: (order.get(service_id, len(order)), service_id))
    return [(service_name(info, one, language), sorted(found[one])) for one in known]


def routes() -> Sequence[BaseRoute]:
    """The comments."""
    return [Route(f"{PATH}/comments", show)]
