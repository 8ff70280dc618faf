"""What a desk reads while the hall cannot write, and while it cannot even be read."""

import asyncio
import json
from base64 import b64encode
from concurrent.futures import Future
from pathlib import Path

import httpx
import pytest
from itsdangerous import TimestampSigner

from protocol.client import new_request_id
from protocol.commands import CallNext, Command, GetDesk, GetHall
from protocol.errors import StorageFailed
from protocol.replies import Reply
from tests.web.sample import HALL, desk
from web.app import create_app
from web.desk.session import COOKIE
from web.feed import Feed
from web.hall import Hall

SECRET = "secret"


class Failing:
    """A hall whose disk fails; `readable`: it still tells how things are."""

    def __init__(self, *, readable: bool) -> None:
        self._readable = readable
        self.asked: list[Command] = []

    def ask(self, command: Command, *, request_id: str | None = None, within: float = 10.0) -> "Future[Reply]":
        self.asked.append(command)
        future: Future[Reply] = Future()
        if isinstance(command, GetHall):
            future.set_result(HALL)
        elif isinstance(command, GetDesk) and self._readable:
            future.set_result(desk())
        else:
            future.set_exception(StorageFailed())
        return future

    def close(self) -> None:
        """Nothing is open."""


def pressed(hall: Failing, folder: Path, language: str = "vi") -> httpx.Response:
    """What the page of an operator who calls the next one is answered."""
    app = create_app(Hall(hall, hall, hall, Feed()), pins=folder / "pins.json", secret=SECRET)
    who = {"operator_id": "012", "counter_id": "q1", "sign_in": "a-test"}
    cookie = TimestampSigner(SECRET).sign(b64encode(json.dumps(who).encode())).decode()
    order = {"do": "call_next", "request_id": new_request_id()}

    async def run() -> httpx.Response:
        transport, headers = httpx.ASGITransport(app), {"Origin": "http://hall", "Cookie": f"{COOKIE}={cookie}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://hall", headers=headers) as page:
            return await page.post(f"/desk/command?lang={language}", json=order)

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("language", "expected"),
    [("vi", "chưa có gì thay đổi. Vui lòng báo nhân viên"), ("en", "nothing was changed. Please tell the staff")],
)
def test_who_presses_reads_that_nothing_was_changed_and_sees_the_true_state(
    tmp_path: Path, language: str, expected: str
) -> None:
    hall = Failing(readable=True)
    answer = pressed(hall, tmp_path, language)
    assert answer.status_code == 200
    told = answer.json()
    assert expected in told["refusal"]
    assert (told["code"], told["state"]["phase"]) == ("storage_failed", "idle")
    assert [type(asked) for asked in hall.asked].count(CallNext) == 1


def test_a_hall_that_cannot_be_read_is_asked_again_by_the_page(tmp_path: Path) -> None:
    assert pressed(Failing(readable=False), tmp_path).status_code == 503
