"""Browsers of people who signed in before the test begins: their cookies, signed as the web program signs them."""

import json
import secrets
from base64 import b64encode

from itsdangerous import TimestampSigner
from playwright.sync_api import Page, expect

from tests.web.desk_steps import ready
from tests.web.running import RunningHall
from tests.web.supervisor_halls import LEADER
from web.desk import session as desk_session
from web.supervisor import session as supervisor_session
from web.supervisor.scene import milliseconds


def sit_down(page: Page, running: RunningHall, counter: str = "q2", operator: str = "012") -> None:
    """Be signed in at a counter, with every message so far read, and wait until the desk is ready."""
    running.open(counter, operator)
    read = [milliseconds(note.at) for note in running.desk_of(counter).messages]
    page.add_init_script(f"localStorage['motcua.messages'] ??= '{read}'")
    _remember(page, running, desk_session.COOKIE, "/desk", {"operator_id": operator, "counter_id": counter})
    page.goto(f"{running.url}/desk")
    ready(page)


def lead(page: Page, running: RunningHall, person: str = LEADER, query: str = "") -> None:
    """Be signed in to lead the hall, or to look, and wait until the page listens."""
    _remember(page, running, supervisor_session.COOKIE, supervisor_session.PATH, {"leader_id": person})
    page.goto(f"{running.url}/supervisor{query}")
    listening(page)


def listening(page: Page) -> None:
    """Wait until the supervisor's page hears the hall: what is pressed before its script runs is not felt."""
    expect(page.locator("body")).to_have_attribute("data-connected", "yes")


def _remember(page: Page, running: RunningHall, name: str, path: str, content: dict[str, str]) -> None:
    # a name of its own: one test that signs out would end the sign-ins of all that come after it
    secret = desk_session.read_secret(running.data / "keys" / "web.secret")
    signer = TimestampSigner(f"{secret}{path}" if path == supervisor_session.PATH else secret)
    value = signer.sign(b64encode(json.dumps({**content, "sign_in": secrets.token_urlsafe(16)}).encode())).decode()
    page.context.add_cookies([{"name": name, "value": value, "domain": "127.0.0.1", "path": path}])
