"""The cookie of a tablet: one counter, not the desk's, and not sent to any other address than the tablets'."""

from urllib.parse import quote, unquote, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from web.rating.pairing import Tablet, tablets_of

COOKIE = "motcua_tablet"
PATH = "/counter"
MAX_AGE_SECONDS = 400 * 86_400
"""Browsers keep none longer; each opening of the page begins it anew."""


def counter_of(request: Request) -> str:
    """The counter of the address."""
    return str(request.path_params["counter_id"])[:64]


def address(counter_id: str) -> str:
    """Where a counter's tablet has its page."""
    return f"{PATH}/{quote(counter_id, safe='')}/rating"


def tablet_of(request: Request) -> Tablet | None:
    """The tablet that asks; None: it is not paired with this counter."""
    return tablets_of(request).known(request.cookies.get(COOKIE, ""), counter_of(request))


def remember(request: Request, response: Response, tablet: Tablet) -> None:
    """Give a tablet its cookie, or prolong it."""
    value = tablets_of(request).cookie(tablet)
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, value, MAX_AGE_SECONDS, path=PATH, httponly=True, samesite="strict", secure=secure)


def is_own_page(request: Request) -> bool:
    """Whether the tablet's own page sent the request: not that of a desk open in the same browser."""
    sender = unquote(urlsplit(request.headers.get("referer", "")).path)
    return sender == unquote(address(counter_of(request)))
