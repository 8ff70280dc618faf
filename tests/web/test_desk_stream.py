"""The desk's stream: the lease lives while a page of its own operator is open, and only then."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import Future
from types import SimpleNamespace

import pytest

from protocol.commands import Command, GetDesk, GetHall, KeepCounter
from protocol.errors import LeaseTaken
from protocol.replies import DeskReply, DoneReply, Reply
from tests.web.sample import HALL, desk, snapshot
from web.desk.session import DeskSession
from web.desk.streaming import DeskStream
from web.feed import Feed
from web.hall import Hall

ME = DeskSession("012", "q1")


class Answers:
    """A hall that answers at once and remembers what it was asked."""

    def __init__(self, seated: DeskReply) -> None:
        self.desk = seated
        self.keeps_refused = False
        self.asked: list[Command] = []

    def ask(self, command: Command, *, request_id: str | None = None, within: float = 10.0) -> "Future[Reply]":
        self.asked.append(command)
        answer: Future[Reply] = Future()
        if isinstance(command, KeepCounter) and self.keeps_refused:
            answer.set_exception(LeaseTaken(counter_id="q1"))
        else:
            known: dict[type, Reply] = {GetHall: HALL, GetDesk: self.desk, KeepCounter: DoneReply()}
            answer.set_result(known[type(command)])
        return answer

    def close(self) -> None:
        pass

    def count(self, kind: type) -> int:
        return sum(isinstance(one, kind) for one in self.asked)


class Page:
    """An open page, whose clock the test moves."""

    def __init__(self, answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
        self._clock = SimpleNamespace(now=1000.0)
        monkeypatch.setattr("web.desk.streaming.time", SimpleNamespace(monotonic=lambda: self._clock.now))
        self._feed = Feed()
        self._feed.attach(asyncio.get_running_loop())
        self._feed.on_snapshot(snapshot())
        stream = DeskStream(Hall(answers, answers, answers, self._feed), ME, "vi")
        self._parts: AsyncIterator[bytes] = stream.parts()

    async def turn(self, seconds: float = 0.0, *, wake: bool = True) -> None:
        """Let time pass, perhaps wake the page, and read until its beat."""
        self._clock.now += seconds
        if wake:
            self._feed.on_snapshot(snapshot())
        async for part in self._parts:
            if part.startswith(b"event: beat"):
                return


def test_an_open_page_renews_its_lease_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    async def visit() -> list[int]:
        answers = Answers(desk())
        page = Page(answers, monkeypatch)
        counts = []
        for seconds in (0, 5, 9.9, 0.2, 14.9, 0.2):
            await page.turn(seconds)
            counts.append(answers.count(KeepCounter))
        assert KeepCounter("q1", operator_id="012") in answers.asked
        return counts

    assert asyncio.run(visit()) == [1, 1, 1, 2, 2, 3]


def test_the_page_of_who_lost_the_counter_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async def visit() -> int:
        answers = Answers(desk(None, "034"))
        page = Page(answers, monkeypatch)
        for seconds in (0, 20, 20):
            await page.turn(seconds)
        return answers.count(KeepCounter)

    assert asyncio.run(visit()) == 0


def test_a_refused_renewal_makes_the_page_look(monkeypatch: pytest.MonkeyPatch) -> None:
    async def visit() -> tuple[int, int]:
        answers = Answers(desk())
        page = Page(answers, monkeypatch)
        await page.turn()
        await page.turn(1, wake=False)
        before = answers.count(KeepCounter), answers.count(GetDesk)
        answers.keeps_refused, answers.desk = True, desk(None, "034")
        await page.turn(16, wake=False)
        await page.turn(1, wake=False)
        return answers.count(KeepCounter) - before[0], answers.count(GetDesk) - before[1]

    assert asyncio.run(visit()) == (1, 1)
