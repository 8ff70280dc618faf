"""What an open phone page is told, and what it costs the hall."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import Future
from types import SimpleNamespace

import pytest
from starlette.requests import Request
from starlette.responses import Response

from protocol.commands import Command, GetHall, GetTicket
from protocol.errors import InvalidToken
from protocol.replies import HallReply, Reply
from tests.web.sample import HALL, answer, snapshot
from web import stream
from web.feed import Feed
from web.hall import Hall
from web.phone import streaming
from web.phone.reading import Found
from web.phone.streaming import PhoneStream, streamed
from web.phone.view import PhonePage, phone_page


class Answers:
    """A hall that answers at once and counts what it was asked."""

    def __init__(self) -> None:
        self.ahead = 3
        self.unknown = False
        self.looks = 0

    def ask(self, command: Command, *, request_id: str | None = None, within: float = 10.0) -> "Future[Reply]":
        future: Future[Reply] = Future()
        if isinstance(command, GetHall):
            future.set_result(HALL)
            return future
        assert isinstance(command, GetTicket)
        self.looks += 1
        if self.unknown:
            future.set_exception(InvalidToken())
        else:
            future.set_result(answer(people_ahead=self.ahead))
        return future

    def close(self) -> None:
        pass


def view_of(request: Request, found: Found) -> PhonePage:
    assert found.ticket is not None
    return phone_page(found.hall, found.ticket, "vi")


def state_of(request: Request, hall: HallReply, view: PhonePage) -> dict[str, object]:
    return {"ahead": view.people_ahead}


class OpenPage:
    """A hall, its feed, and one page of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = SimpleNamespace(now=1000.0)
        monkeypatch.setattr(streaming, "time", SimpleNamespace(monotonic=lambda: self.clock.now))
        monkeypatch.setattr(streaming, "CALM_SECONDS", 0.0)
        monkeypatch.setattr(streaming, "BEAT_SECONDS", 0.01)
        self.answers, self.feed = Answers(), Feed()
        self.feed.attach(asyncio.get_running_loop())
        self.feed.on_snapshot(snapshot())
        app = SimpleNamespace(state=SimpleNamespace(hall=Hall(self.answers, self.answers, self.answers, self.feed)))
        scope = {"type": "http", "app": app, "path_params": {"token": "t"}, "query_string": b"", "headers": []}
        self.request = Request(scope)
        self._page = PhoneStream(self.request, view_of, state_of)
        self._parts: AsyncIterator[bytes] | None = None

    async def told(self) -> bytes:
        """The next thing that the page is told."""
        if self._parts is None:
            await self._page.begin()
            self._parts = self._page.parts()
        return await anext(self._parts)

    async def open(self) -> Response:
        """What a browser is answered that opens the stream."""
        return await streamed(view_of, state_of)(self.request)


def test_a_page_is_told_its_state_only_when_that_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        page = OpenPage(monkeypatch)
        assert await page.told() == stream.retry() + stream.message({"ahead": 3})
        page.feed.on_snapshot(snapshot())
        assert await page.told() == stream.PING
        page.clock.now += 1
        assert await page.told() == stream.BEAT
        page.answers.ahead = 2
        page.feed.on_snapshot(snapshot())
        assert await page.told() == stream.message({"ahead": 2})

    asyncio.run(scenario())


def test_what_happens_while_a_page_opens_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        page = OpenPage(monkeypatch)
        monkeypatch.setattr(streaming, "BEAT_SECONDS", 3600.0)
        await asyncio.sleep(0)
        opened = await page.open()
        assert isinstance(opened, stream.EventStream)
        page.answers.ahead = 2
        page.feed.on_snapshot(snapshot())
        await asyncio.sleep(0)
        told = aiter(opened.body_iterator)
        assert await anext(told) == stream.retry() + stream.message({"ahead": 3})
        assert await anext(told) == stream.message({"ahead": 2})

    asyncio.run(scenario())


def test_a_page_in_a_quiet_hall_beats_without_asking_until_its_forecast_is_old(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> list[int]:
        page = OpenPage(monkeypatch)
        await page.told()
        await page.told()
        counts = []
        for _ in range(3):
            assert await page.told() == stream.PING
            counts.append(page.answers.looks)
        page.clock.now += streaming.REFRESH_SECONDS + 1
        page.answers.ahead = 1
        assert await page.told() == stream.message({"ahead": 1})
        return counts

    first, *rest = asyncio.run(scenario())
    assert rest == [first, first]


def test_a_page_whose_ticket_is_gone_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> None:
        page = OpenPage(monkeypatch)
        await page.told()
        page.answers.unknown = True
        page.feed.on_snapshot(snapshot())
        assert await page.told() == b""
        with pytest.raises(StopAsyncIteration):
            await page.told()
        assert page.feed.open_pages("ticket") == 0

    asyncio.run(scenario())


def test_one_ticket_is_not_opened_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario() -> list[int]:
        page = OpenPage(monkeypatch)
        found = []
        for count in (streaming.MAX_PAGES_OF_ONE - 1, streaming.MAX_PAGES_OF_ONE):
            watches = [page.feed.watch("ticket", 7) for _ in range(count)]
            for watch in watches:
                watch.__enter__()
            found.append((await page.open()).status_code)
            for watch in watches:
                watch.__exit__(None, None, None)
        return found

    assert asyncio.run(scenario()) == [200, 503]
