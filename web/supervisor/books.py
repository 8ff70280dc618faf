"""What the pages beside the overview share: who may read them, and their frame."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from protocol.replies import HallReply
from web.hall import hall_of
from web.pages import page
from web.supervisor import sign_in
from web.supervisor.session import PATH, SupervisorSession, session_of


async def reader_of(request: Request) -> tuple[HallReply, SupervisorSession] | Response:
    """The hall and who reads, or the way to the sign-in page."""
    info = await hall_of(request).info()
    session = session_of(request, info)
    if session is None:
        return RedirectResponse(f"{PATH}/sign-in{sign_in.query_of(request)}", 303)
    return info, session


def book(request: Request, name: str, info: HallReply, session: SupervisorSession, **values: object) -> Response:
    """One of these pages; `status` among the values is the answer's."""
    status = values.pop("status", 200)
    assert isinstance(status, int)
    return page(
        request,
        f"supervisor/{name}.html",
        status,
        hall=info,
        session=session,
        leads=session.leads,
        here=f"{PATH}/{name}",
        asked_here=_asked(request),
        **values,
    )


def _asked(request: Request) -> str:
    """What the address asks besides the language, to stand before it."""
    words = [(key, value) for key, value in request.query_params.multi_items() if key != "lang"]
    return f"{urlencode(words)}&" if words else ""
