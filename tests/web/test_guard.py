"""What stands before every page."""

import asyncio

import httpx
import pytest
from starlette.responses import PlainTextResponse

from web.guard import MAX_BODY_BYTES, Guard, is_same_origin
from web.limits import RateLimit


def ask(method: str, *, limit: RateLimit | None = None, times: int = 1, **request: object) -> httpx.Response:
    """The last answer of a guarded application."""
    guard = Guard(PlainTextResponse("inside"), limit or RateLimit(100, 1), clock=lambda: 0.0)

    async def scenario() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(guard), base_url="http://hall") as client:
            answers = [await client.request(method, "/", **request) for _ in range(times)]  # type: ignore[arg-type]
        return answers[-1]

    return asyncio.run(scenario())


def test_an_address_that_asks_too_often_is_told_to_wait() -> None:
    answer = ask("GET", limit=RateLimit(3, 1), times=4)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert "Content-Security-Policy" in answer.headers
    assert ask("GET", limit=RateLimit(3, 1), times=3).text == "inside"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_only_reading_and_posting_exist(method: str) -> None:
    assert ask(method).status_code == 405


def test_a_post_must_come_from_the_same_host_and_be_small() -> None:
    here = {"Origin": "http://hall"}
    assert ask("POST", headers=here, content=b"x").text == "inside"
    assert ask("POST", content=b"x").status_code == 403
    assert ask("POST", headers={"Origin": "http://other"}, content=b"x").status_code == 403
    assert ask("POST", headers=here, content=b"x" * (MAX_BODY_BYTES + 1)).status_code == 413
    assert ask("POST", headers={**here, "Content-Length": "-1"}).status_code == 411


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://hall:8080", "hall:8080", True),
        ("https://hall", "hall", True),
        ("http://hall", "hall:8080", False),
        ("http://hall.evil", "hall", False),
        ("http://evil/hall", "hall", False),
        ("null", "hall", False),
        ("", "", False),
        ("file://hall", "hall", False),
        ("hall", "hall", False),
    ],
)
def test_same_origin(origin: str, host: str, same: bool) -> None:
    assert is_same_origin(origin, host) is same
