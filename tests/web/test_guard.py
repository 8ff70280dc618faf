"""What stands before every page."""

import asyncio
import itertools

import httpx
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from web.guard import MAX_BODY_BYTES, PAGE_BURST, PUBLIC_BURST, Guard, is_same_origin
from web.limits import RateLimit


def ask(
    method: str, path: str = "/", *, limit: RateLimit | None = None, times: int = 1, **request: object
) -> httpx.Response:
    """The last answer of a guarded application."""
    guard = Guard(PlainTextResponse("inside"), limit or RateLimit(100, 1), clock=lambda: 0.0)

    async def scenario() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(guard), base_url="http://hall") as client:
            answers = [await client.request(method, path, **request) for _ in range(times)]  # type: ignore[arg-type]
        return answers[-1]

    return asyncio.run(scenario())


def test_an_address_that_asks_too_often_is_told_to_wait() -> None:
    answer = ask("GET", "/desk", limit=RateLimit(3, 1), times=4)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert answer.headers["Refresh"], "the page tries again by itself"
    assert "Trang tự thử lại" in answer.text
    assert "Content-Security-Policy" in answer.headers
    assert ask("GET", "/desk", limit=RateLimit(3, 1), times=3).text == "inside"


def test_what_was_sent_is_not_asked_for_again_by_itself() -> None:
    answer = ask("POST", "/desk/command", limit=RateLimit(0, 1))
    assert answer.status_code == 429
    assert "Refresh" not in answer.headers


def test_the_public_never_keeps_out_who_works_behind_the_same_address() -> None:
    asked = statuses(("/", PUBLIC_BURST + 1), ("/desk/state", 1), ("/supervisor", 1), ("/counter/3/rating", 1))
    assert asked == [{404, 429}, {404}, {404}, {404}]


async def hall_with_one_ticket(scope: Scope, receive: Receive, send: Send) -> None:
    known = scope["path"].startswith("/t/known")
    await PlainTextResponse("page" if known else "none", 200 if known else 404)(scope, receive, send)


def statuses(*asked: tuple[str, int]) -> list[set[int]]:
    """What one address is told that asks for each path so often."""
    guard = Guard(hall_with_one_ticket, RateLimit(3, 1), clock=lambda: 0.0)
    told: list[int] = []

    async def hear(message: Message) -> None:
        if message["type"] == "http.response.start":
            told.append(message["status"])

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def scenario() -> None:
        for path, times in asked:
            scope = {"type": "http", "method": "GET", "path": path, "headers": [], "client": ("10.0.0.7", 5)}
            for _ in range(times):
                await guard(scope, receive, hear)

    asyncio.run(scenario())
    ends = list(itertools.accumulate(times for _, times in asked))
    return [set(told[end - times : end]) for end, (_, times) in zip(ends, asked, strict=True)]


def test_a_phone_in_use_is_not_kept_out_by_who_guesses_behind_the_same_address() -> None:
    asked = statuses(("/t/known", 1), ("/t/guess", PUBLIC_BURST), ("/", 1), ("/t/known/events", PAGE_BURST - 1))
    assert asked == [{200}, {404, 429}, {429}, {200}]


def test_the_phones_of_a_whole_hall_come_back_at_once_through_one_address() -> None:
    assert statuses(*((f"/t/known-{number}", 1) for number in range(2000))) == [{200}] * 2000


def test_one_page_that_is_asked_for_without_end_is_told_to_wait() -> None:
    assert statuses(("/t/known", PAGE_BURST), ("/t/known/state", 1)) == [{200}, {429}]


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
