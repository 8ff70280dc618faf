"""The hall as the web sees it: phones, desks and tablets ask with keys of their own, each only what its role needs."""

import asyncio
from concurrent.futures import Future
from typing import Protocol, TypeVar

from starlette.requests import Request

from protocol.commands import Command, GetHall
from protocol.errors import ServerUnreachable
from protocol.replies import HallReply, Reply
from web.feed import Feed

ANSWER_SECONDS = 4.0
R = TypeVar("R")


class Asker(Protocol):
    """What the web needs of a `protocol.client.HallClient`."""

    def ask(self, command: Command, *, request_id: str | None = None, within: float = 10.0) -> "Future[Reply]":
        """Send a command until answered; the future holds the reply or raises."""

    def close(self) -> None:
        """Stop."""


class Hall:
    """Asks the hall in the name of phones, of desks or of the tablets at counters."""

    def __init__(self, phone: Asker, desk: Asker, tablet: Asker, feed: Feed) -> None:
        self._phone = phone
        self._desk = desk
        self._tablet = tablet
        self.feed = feed
        self._info: HallReply | None = None
        self._info_generation = -1

    async def as_phone(self, command: Command, expected: type[R], request_id: str | None = None) -> R:
        """Ask with the key of phones; raises Refusal or ServerUnreachable."""
        return await _ask(self._phone, command, expected, request_id)

    async def as_desk(self, command: Command, expected: type[R], request_id: str | None = None) -> R:
        """Ask with the key of desks; raises Refusal or ServerUnreachable."""
        return await _ask(self._desk, command, expected, request_id)

    async def as_tablet(self, command: Command, expected: type[R], request_id: str | None = None) -> R:
        """Ask with the key of the counters' tablets; raises Refusal or ServerUnreachable."""
        return await _ask(self._tablet, command, expected, request_id)

    @property
    def known(self) -> HallReply | None:
        """The names of the hall as last heard, without asking."""
        return self._info

    async def info(self) -> HallReply:
        """The names of the hall, asked for once after each new snapshot; raises ServerUnreachable."""
        generation = self.feed.generation
        if self._info is None or self._info_generation != generation:
            self._info = await self.as_desk(GetHall(), HallReply)
            self._info_generation = generation
        return self._info

    def close(self) -> None:
        """Close the clients."""
        for client in (self._phone, self._desk, self._tablet):
            client.close()


def hall_of(request: Request) -> Hall:
    """The hall that the application was made for."""
    found = request.app.state.hall
    assert isinstance(found, Hall)
    return found


async def _ask(client: Asker, command: Command, expected: type[R], request_id: str | None) -> R:
    asked = asyncio.wrap_future(client.ask(command, request_id=request_id, within=ANSWER_SECONDS))
    asked.add_done_callback(_look_at)
    # A page that goes away must not cancel the client's own future.
    reply = await asyncio.shield(asked)
    if not isinstance(reply, expected):
        raise ServerUnreachable(f"{type(reply).__name__} is no answer to {type(command).__name__}")
    return reply


def _look_at(asked: "asyncio.Future[Reply]") -> None:
    if not asked.cancelled():
        asked.exception()
