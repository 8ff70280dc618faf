"""What holds for every answer: security headers, same-origin posts, small bodies, a limit per address."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.busy import later
from web.limits import RateLimit

MAX_BODY_BYTES = 16_384
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
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

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] < 400:
                    self._remember(scope)
                headers = MutableHeaders(scope=message)
                headers.update(SECURITY_HEADERS)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        answer = self._why_not(scope) or self._app
        await answer(scope, receive, send_with_headers)

    def _why_not(self, scope: Scope) -> PlainTextResponse | None:
        if not self._may_ask(scope):
            return later(scope, 429)
        if scope["method"] not in _ALLOWED:
            return PlainTextResponse("405", 405)
        if scope["method"] in _CHANGING:
            return _why_no_post(Headers(scope=scope))
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


def _why_no_post(headers: Headers) -> PlainTextResponse | None:
    if not is_same_origin(headers.get("origin", ""), headers.get("host", "")):
        return PlainTextResponse("403", 403)
    length = headers.get("content-length", "")
    if not length.isdecimal():
        return PlainTextResponse("411", 411)
    if int(length) > MAX_BODY_BYTES:
        return PlainTextResponse("413", 413)
    return None


def is_same_origin(origin: str, host: str) -> bool:
    """Whether a page of this very host sent the request."""
    parts = urlsplit(origin)
    return bool(host) and parts.scheme in ("http", "https") and parts.netloc == host
