"""The addresses of the reports: pages, charts, files, the sheet for the notice board."""

import datetime as dt
import logging
from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from figures import ask
from figures.formats import FORMATS
from figures.kept import NoFigures
from figures.report import report_of
from figures.tables import Tables, TablesFault
from figures.words import Dimension, Question
from protocol.replies import HallReply
from web.hall import hall_of
from web.pages import language_of, page
from web.supervisor import sign_in
from web.supervisor.reports import choices, drawing, wording
from web.supervisor.reports.asking import QUICK, Asked, asked, one_day
from web.supervisor.reports.reading import read
from web.supervisor.reports.sheet import sheet
from web.supervisor.reports.views import VIEWS, Known, Values, View, Wanted, known
from web.supervisor.session import PATH, SupervisorSession, session_of

_log = logging.getLogger(__name__)
REPORTS = f"{PATH}/reports"
FILES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_OF_FILES: list[Dimension] = [dimension for dimension in Dimension if dimension is not Dimension.MONTH]


async def _entered(request: Request) -> tuple[HallReply, SupervisorSession] | None:
    info = await hall_of(request).info()
    session = session_of(request, info)
    return (info, session) if session else None


def _to_sign_in(request: Request) -> Response:
    return RedirectResponse(f"{PATH}/sign-in{sign_in.query_of(request)}", 303)


def _today(info: HallReply) -> dt.date:
    return dt.datetime.now(ZoneInfo(info.zone)).date()


async def show(request: Request) -> Response:
    """A report page; who is not signed in goes to the sign-in page."""
    entered = await _entered(request)
    if entered is None:
        return _to_sign_in(request)
    name = request.path_params.get("view", "overview")
    if name not in VIEWS:
        raise HTTPException(404)
    info, session = entered
    what = asked(request.query_params, _today(info))
    wanted = Wanted(what, _dimension(request, VIEWS[name]), language_of(request))
    found, status = await _found(request, what, lambda tables: VIEWS[name].make(tables, wanted))
    return page(
        request,
        f"supervisor/reports/{name}.html" if found.get("days") else "supervisor/reports/empty.html",
        status,
        hall=info,
        session=session,
        view=name,
        asked=what,
        by=wanted.by,
        dimensions=VIEWS[name].dimensions,
        filters=choices.filters(found["directory"], what, wanted.language),
        narrowed=choices.narrowed(found["directory"], what, wanted.language),
        period=wording.period(what.question.first_day, what.question.last_day, wanted.language),
        made_at=f"{dt.datetime.now(ZoneInfo(info.zone)):%H:%M %d/%m/%Y}",
        quicks=QUICK,
        views=list(VIEWS),
        reports=REPORTS,
        address=lambda **more: _address(request, what, **more),
        **found,
    )


def _dimension(request: Request, view: View) -> Dimension:
    """By what the figures are told apart; what the page can't tell apart is told as it begins."""
    word = request.query_params.get("by", "")
    return next((one for one in view.dimensions if one.value == word), view.dimensions[0])


def _address(request: Request, what: Asked, view: str = "", **more: str) -> str:
    """Another page, chart or file that asks the same."""
    language = request.query_params.get("lang", "")
    return f"{REPORTS}{f'/{view}' if view else ''}?{what.query(lang=language, **more)}"


async def _found(request: Request, what: Asked, make: Callable[[Tables], Values]) -> tuple[Values, int]:
    """What a page is made of: `days` is what is known (None: nothing is shown), `notice` the one sentence why."""
    language = language_of(request)

    def all_of_it(tables: Tables) -> Values:
        days, names = known(tables, what.question), {"directory": tables.directory}
        if what.fault or not days or not days.asked:
            return {"days": None, "notice": _why_nothing(what, days, language), **names}
        return {**make(tables), "days": days, "notice": "", **names}

    try:
        return await read(request, all_of_it), 400 if what.fault else 200
    except NoFigures:
        return {"days": None, "notice": wording.say("none_yet", language), "directory": None}, 200
    except TablesFault as fault:
        _log.warning("the kept figures can't be read: %s", fault)
        return {"days": None, "notice": wording.say("unreadable", language), "directory": None}, 503


def _why_nothing(what: Asked, days: Known | None, language: str) -> str:
    if what.fault:
        return wording.say(what.fault, language)
    if days is None:
        return wording.say("none_yet", language)
    period = wording.period(what.question.first_day, what.question.last_day, language)
    return wording.say("no_day", language, period=period, first=wording.day(days.first), last=wording.day(days.last))


async def chart(request: Request) -> Response:
    """A chart of what the address asks."""
    entered = await _entered(request)
    if entered is None:
        return sign_in.signed_out(request)
    draw = drawing.CHARTS.get(request.path_params["chart"])
    if draw is None:
        raise HTTPException(404)
    what, language = asked(request.query_params, _today(entered[0])), language_of(request)
    drawn = await _or_503(request, lambda tables: draw(tables, what, language))
    return drawn if isinstance(drawn, Response) else Response(drawn, media_type="image/svg+xml")


async def file(request: Request) -> Response:
    """All that the address asks as CSV or XLSX, in which no cell is a formula."""
    entered = await _entered(request)
    if entered is None:
        return _to_sign_in(request)
    form = request.path_params["form"]
    if form not in FILES:
        raise HTTPException(404)
    what, language = asked(request.query_params, _today(entered[0])), language_of(request)
    if what.fault:
        return RedirectResponse(_address(request, what), 303)
    content = await _or_503(
        request, lambda tables: FORMATS[form](report_of(tables, what.question, _OF_FILES), language)
    )
    if isinstance(content, Response):
        return content
    name = f"{what.question.first_day}_{what.question.last_day}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{entered[0].hall_id}_{name}"'}
    return Response(content, media_type=FILES[form], headers=headers)


async def _or_503(request: Request, make: Callable[[Tables], bytes]) -> bytes | Response:
    try:
        return await read(request, make)
    except NoFigures:
        return PlainTextResponse("404", 404)
    except TablesFault as fault:
        _log.warning("the kept figures can't be read: %s", fault)
        return PlainTextResponse("503", 503)


async def notice_board(request: Request) -> Response:
    """The sheet of a day (the last one that has figures, if none is named) for the notice board."""
    entered = await _entered(request)
    if entered is None:
        return _to_sign_in(request)
    info, _ = entered
    language, named = language_of(request), request.query_params.get("day", "")
    day = one_day(named)
    what = Asked(Question(day or dt.date.min, day or dt.date.max), fault="wrong_date" if named and not day else "")

    def of_day(tables: Tables) -> Values:
        meant = day or ask.days(tables)[-1]
        return {**sheet(tables, Question(meant, meant), language), "day": meant, "day_text": wording.day(meant)}

    found, status = await _found(request, what, of_day)
    values = {"day": day, "day_text": "", **found}
    return page(request, "supervisor/reports/sheet.html", status, hall=info, reports=REPORTS, **values)


def routes() -> Sequence[BaseRoute]:
    """The reports."""
    return [
        Route(REPORTS, show),
        Route(f"{REPORTS}/charts/{{chart}}.svg", chart),
        Route(f"{REPORTS}/figures.{{form}}", file),
        Route(f"{REPORTS}/sheet", notice_board),
        Route(f"{REPORTS}/{{view}}", show),
    ]
