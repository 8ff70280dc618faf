"""An event stream ends with its browser, with its parts, or with the program."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from starlette.types import Message

from web import stream


class Browser:
    """Hears what is sent, and may go."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.gone = asyncio.Event()
        self.page_closed = False

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.heard.append(message.get("body", b""))

    async def page(self, *, endless: bool) -> AsyncGenerator[bytes]:
        try:
            yield stream.retry()
            if endless:
                await asyncio.Event().wait()
            yield stream.message({"n": 1})
        finally:
            self.page_closed = True

    def open(self, *, endless: bool) -> "asyncio.Task[None]":
        """Begin to listen."""
        answer = stream.stream(self.page(endless=endless))
        return asyncio.ensure_future(answer({"type": "http"}, self.receive, self.send))


async def until_told(browser: Browser) -> None:
    while stream.retry() not in browser.heard:
        await asyncio.sleep(0)


def test_a_page_is_closed_when_its_browser_goes() -> None:
    async def scenario() -> None:
        browser = Browser()
        listening = browser.open(endless=True)
        await until_told(browser)
        browser.gone.set()
        await listening
        assert browser.page_closed

    asyncio.run(scenario())


def test_all_that_is_said_is_heard_to_its_end() -> None:
    async def scenario() -> None:
        browser = Browser()
        await browser.open(endless=False)
        assert browser.heard == [b"", stream.retry(), stream.message({"n": 1}), b""]

    asyncio.run(scenario())


def test_the_end_of_the_program_is_not_taken_for_a_browser_that_goes() -> None:
    async def scenario() -> None:
        browser = Browser()
        listening = browser.open(endless=True)
        await until_told(browser)
        listening.cancel()
        with pytest.raises(asyncio.CancelledError):
            await listening
        assert browser.page_closed

    asyncio.run(scenario())


def test_a_browser_that_takes_nothing_does_not_keep_its_page_open() -> None:
    async def scenario() -> None:
        browser = Browser()
        taking = asyncio.Event()

        async def send(message: Message) -> None:
            browser.heard.append(message.get("body", b""))
            if message.get("body"):
                await taking.wait()

        answer = stream.stream(browser.page(endless=False))
        listening = asyncio.ensure_future(answer({"type": "http"}, browser.receive, send))
        await until_told(browser)
        browser.gone.set()
        await listening
        assert browser.page_closed

    asyncio.run(scenario())
