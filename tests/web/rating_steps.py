"""What citizens and supervisors do with ratings, for tests."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from protocol.client import new_request_id
from protocol.replies import TicketIssuedReply
from tests.web.running import RunningHall
from tests.web.supervisor_halls import sign_in

TABLET = {"width": 1280, "height": 800}


def served(running: RunningHall, counter_id: str = "q1", operator_id: str = "012") -> TicketIssuedReply:
    """Somebody whose service has just ended at a counter."""
    mine = running.issue()
    if not any(one.counter_id == counter_id and one.open for one in running.snapshot().counters):
        running.open(counter_id, operator_id)
    running.call_next(counter_id)
    running.start(counter_id, mine.ticket.ticket_id)
    running.finish(counter_id, mine.ticket.ticket_id)
    return mine


def send_rating(running: RunningHall, token: str, **fields: Any) -> httpx.Response:
    """Send the phone's form, from a phone of its own: many from one would raise an alert."""
    with running.visitor() as phone:
        return rate_with(phone, token, **fields)


def rate_with(phone: httpx.Client, token: str, **fields: Any) -> httpx.Response:
    """Send the form from this phone."""
    return phone.post(f"/t/{token}/rate", data={"score": "5", "request_id": new_request_id(), **fields})


def new_code(running: RunningHall, counter_id: str = "q1") -> str:
    """A fresh pairing code, made by the supervisor."""
    with running.visitor() as leader:
        sign_in(leader)
        page = leader.post("/supervisor/tablets/code", data={"counter_id": counter_id}).text
    found = re.search(r'class="code">([^<]+)<', page)
    assert found
    return found[1]


def unpair(running: RunningHall, counter_id: str = "q1") -> None:
    """Let a counter have no tablet any more."""
    with running.visitor() as leader:
        sign_in(leader)
        assert leader.post("/supervisor/tablets/unpair", data={"counter_id": counter_id}).status_code == 303


@contextmanager
def paired(running: RunningHall, counter_id: str = "q1") -> Iterator[httpx.Client]:
    """A tablet that is paired with a counter; its requests come from its own page."""
    page = f"/counter/{counter_id}/rating"
    with running.visitor() as tablet:
        tablet.headers["Referer"] = running.url + page
        assert tablet.post(f"{page}/pair", data={"code": new_code(running, counter_id)}).status_code == 303
        yield tablet


def pair_page(page: Page, running: RunningHall, counter_id: str = "q1") -> None:
    """Pair a tablet in a browser, and wait until it hears the hall."""
    page.goto(f"{running.url}/counter/{counter_id}/rating?code={new_code(running, counter_id).replace(' ', '')}")
    page.get_by_role("button", name="Ghép máy").click()
    expect(page.locator("body")).to_have_attribute("data-heard", "yes")
