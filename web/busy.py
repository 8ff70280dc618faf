"""What is said to who has to come back, without asking anybody or filling a template."""

from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from config.texts import FALLBACK, text
from web.headers import with_headers

AGAIN_SECONDS = "5"


def later(scope: Scope, status: int) -> PlainTextResponse:
    """The answer to one request too many: a page that was opened tries again by itself."""
    headers = {"Retry-After": AGAIN_SECONDS}
    if scope["method"] == "GET":
        headers["Refresh"] = AGAIN_SECONDS
    said = [text(f"phone.{key}", FALLBACK) for key in ("unreachable", "unreachable_hint")]
    return PlainTextResponse("\n\n".join(said), status, headers)


async def full(scope: Scope, receive: Receive, send: Send) -> None:
    """The application while too many are being answered."""
    answer = later(scope, 503)
    answer.headers["Connection"] = "close"
    await answer(scope, receive, with_headers(scope, send))
