"""What holds for every answer: security headers, same-origin posts, small bodies, a limit per address."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.busy import later
from web.headers import with_headers
from web.limits import RateLimit

MAX_BODY_BYTES = 16_384
PAGE_BURST, PAGE_PER_SECOND, PAGES = 40, 4.0, 16_384
PUBLIC_BURST, PUBLIC_PER_SECOND = 3000, 150.0
"""What one address may ask for otherwise: a whole hall's phones are behind it, and may come back all at once."""
_TICKETS = "/t/"
_STAFF = ("/desk", "/supervisor", "/counter")
_CHANGING = {"POST"}
_ALLOWED = {"GET", "HEAD", "POST"}


class Guard:
    """Stands before the application.

    A hall's phones and desks may share one address. Who works there has a limit apart from the public's (`limit`), and
    a ticket's page that was answered once has its own, so that neither is kept out by what others ask.
    """

    def __init__(self, app: ASGIApp, limit: RateLimit, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._limit = limit
        self._public = RateLimit(PUBLIC_BURST, PUBLIC_PER_SECOND)
        self._pages = RateLimit(PAGE_BURST, PAGE_PER_SECOND, PAGES)
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse or pass on; every answer gets its headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_and_remember(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 400:
                self._remember(scope)
            await send(message)

        answer = self._why_not(scope) or self._app
        await answer(scope, receive, with_headers(scope, send_and_remember))

    def _why_not(self, scope: Scope) -> PlainTextResponse | None:
        if not self._may_ask(scope):
            return later(scope, 429)
        if scope["method"] not in _ALLOWED:
            return PlainTextResponse("405", 405)
        if scope["method"] in _CHANGING:
            return _why_no_post(Headers(scope=scope), scope.get("scheme", "http"))
        return None

    def _may_ask(self, scope: Scope) -> bool:
        page, now = _page(scope), self._clock()
        if page is not None and page in self._pages:
            return self._pages.allow(page, now)
        limit = self._limit if scope["path"].startswith(_STAFF) else self._public
        return limit.allow(_address(scope), now)

    def _remember(self, scope: Scope) -> None:
        page = _page(scope)
        if page is not None and page not in self._pages:
            self._pages.allow(page, self._clock())


def _address(scope: Scope) -> str:
    return scope["client"][0] if scope.get("client") else ""


def _page(scope: Scope) -> str | None:
    """A ticket's page as one address sees it."""
    path: str = scope["path"]
    if not path.startswith(_TICKETS):
        return None
    return f"{_address(scope)} {path.removeprefix(_TICKETS).partition('/')[0]}"


def _why_no_post(headers: Headers, scheme: str) -> PlainTextResponse | None:
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return PlainTextResponse("403", 403)
    if not is_same_origin(headers.get("origin", ""), headers.get("host", ""), scheme):
        return PlainTextResponse("403", 403)
    length = headers.get("content-length", "")
    if not length.isdecimal():
        return PlainTextResponse("411", 411)
    if int(length) > MAX_BODY_BYTES:
        return PlainTextResponse("413", 413)
    return None


def is_same_origin(origin: str, host: str, scheme: str = "http") -> bool:
    """Whether a page of this very host sent the request; what came by TLS is sent by no page that did not."""
    try:
        parts = urlsplit(origin)
    except ValueError:  # such as brackets around what is no address
        return False
    schemes = ("https",) if scheme == "https" else ("http", "https")  # a proxy that is not told of speaks TLS, too
    return bool(host) and parts.scheme in schemes and parts.netloc == host
