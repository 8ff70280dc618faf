"""Operators at their desk pages, who press the key that calls the next."""

import json
import time
from base64 import b64encode
from typing import Any

import httpx
from itsdangerous import TimestampSigner

from protocol.client import new_request_id
from protocol.commands import OpenCounter
from tests.bench.web import WebHall
from web.desk.session import COOKIE, read_secret


class Desks:
    """Browsers of operators who are signed in, each at the counter of the same number."""

    def __init__(self, hall: WebHall, count: int) -> None:
        signer = TimestampSigner(read_secret(hall.hall.data / "keys" / "web.secret"))
        url = f"http://127.0.0.1:{hall.port}"
        self._browsers = []
        self._held: list[int | None] = [None] * count
        for counter in map(str, range(1, count + 1)):
            hall.admin.call(OpenCounter(counter, counter))
            session = {"operator_id": counter, "counter_id": counter}
            cookie = signer.sign(b64encode(json.dumps(session).encode())).decode()
            browser = httpx.Client(base_url=url, headers={"Origin": url}, cookies={COOKIE: cookie}, verify=False)
            self._browsers.append(browser)

    def call(self, turn: int) -> tuple[int, float]:
        """End what the desk holds, then call its next: the ticket's id and the instant of the key press."""
        desk = turn % len(self._browsers)
        if (held := self._held[desk]) is not None:
            self._press(desk, "mark_no_show", ticket_id=held)
        pressed = time.monotonic()
        state = self._press(desk, "call_next")
        ticket_id = int(state["ticket"]["ticket_id"])
        self._held[desk] = ticket_id
        return ticket_id, pressed

    def _press(self, desk: int, deed: str, **fields: object) -> dict[str, Any]:
        order = {"request_id": new_request_id(), "do": deed, **fields}
        answer = self._browsers[desk].post("/desk/command", json=order).raise_for_status().json()
        assert not answer["refusal"], answer["refusal"]
        found = answer["state"]
        assert isinstance(found, dict)
        return found

    def close(self) -> None:
        """Close the browsers."""
        for browser in self._browsers:
            browser.close()
