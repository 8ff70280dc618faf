"""A token that is none, whatever the reason, gets one friendly page under every address; the reason is not told."""

import asyncio
import re
from concurrent.futures import Future
from pathlib import Path

import httpx
import pytest

from protocol.commands import Command, GetHall
from protocol.errors import InvalidToken, MalformedRequest, Refusal, UnknownTicket
from protocol.replies import Reply
from tests.web.sample import HALL
from web.app import create_app
from web.feed import Feed
from web.hall import Hall

READ = [("GET", path) for path in ("", "/leave", "/delay")]
DONE = [("POST", path) for path in ("/leave", "/delay", "/here", "/rate")]
REASONS: dict[str, Refusal] = {
    "forged or of another hall": InvalidToken(),
    "expired": UnknownTicket(ticket_id=7),
    "not well formed": MalformedRequest(detail="token"),
}


class Refuses:
    """A hall that knows no token."""

    def __init__(self, refusal: Refusal) -> None:
        self._refusal = refusal

    def ask(self, command: Command, *, request_id: str | None = None, within: float = 10.0) -> "Future[Reply]":
        future: Future[Reply] = Future()
        if isinstance(command, GetHall):
            future.set_result(HALL)
        else:
            future.set_exception(self._refusal)
        return future

    def close(self) -> None:
        pass


def answered(refusal: Refusal, requests: list[tuple[str, str]]) -> list[httpx.Response]:
    """What somebody with such a token reads."""
    phone = Refuses(refusal)
    app = create_app(Hall(phone, phone, phone, Feed()), pins=Path("pins.json"), secret="secret")
    form = {"request_id": "r" * 12, "arrival_code": "KTM4XQ", "score": "5"}

    async def run() -> list[httpx.Response]:
        headers = {"Origin": "http://hall"}
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://hall", headers=headers
        ) as visitor:
            return [
                await visitor.request(method, f"/t/token{path}", data=form if method == "POST" else None)
                for method, path in requests
            ]

    return asyncio.run(run())


@pytest.mark.parametrize("why", REASONS)
def test_every_token_that_is_none_gets_the_same_page_everywhere(why: str) -> None:
    found = answered(REASONS[why], READ + DONE)
    assert {one.status_code for one in found} == {404}
    assert len({re.sub(r'href="[^"]*\?lang=en"', "", one.text) for one in found}) == 1
    assert "Không tìm thấy phiếu" in found[0].text
    assert "Vui lòng quét lại mã QR trên phiếu" in found[0].text


def test_the_reason_why_it_is_none_makes_no_difference() -> None:
    pages = [[one.text for one in answered(refusal, READ + DONE)] for refusal in REASONS.values()]
    assert pages[0] == pages[1] == pages[2]
    states = {one.text for refusal in REASONS.values() for one in answered(refusal, [("GET", "/state")])}
    assert states == {'{"error":"not_found"}'}
