"""No page of another host can make a browser post here, whoever is signed in in it."""

import httpx
import pytest

from tests.web.every_route import address_of, routes
from tests.web.running import PIN, RunningHall
from tests.web.supervisor_halls import sign_in

POSTS = [path for method, path in routes() if method == "POST"]
FOREIGN: list[dict[str, str]] = [
    {},
    {"Origin": "null"},
    {"Origin": "http://evil.example"},
    {"Origin": "{own}.evil.example"},
    {"Origin": "{own}@evil.example"},
    {"Origin": "http://[broken"},
    {"Origin": "{own}", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "{own}", "Sec-Fetch-Site": "same-site"},
    {"Origin": "{own}", "Sec-Fetch-Site": "none"},
    {"Referer": "{own}/desk"},
]


@pytest.fixture
def staff(running: RunningHall) -> httpx.Client:
    """A browser in which an operator and a leader are signed in, of which a foreign page makes use."""
    with running.visitor() as found:
        found.post("/desk/sign-in", data={"operator": "012", "pin": PIN, "counter": "q2"})
        sign_in(found)
        cookies = found.cookies
    return httpx.Client(base_url=running.url, cookies=cookies)


def test_no_address_takes_a_post_of_another_page(running: RunningHall, staff: httpx.Client) -> None:
    assert len(POSTS) >= 15
    before = running.snapshot().seq
    with staff:
        for path in POSTS:
            for headers in FOREIGN:
                said = {name: value.format(own=running.url) for name, value in headers.items()}
                answer = staff.post(address_of(path), data={"request_id": "from-elsewhere"}, headers=said)
                assert (answer.status_code, answer.text) == (403, "403"), (path, said)
                assert "set-cookie" not in answer.headers
    assert running.snapshot().seq == before


def test_the_own_page_may_post_also_as_browsers_say_it(running: RunningHall) -> None:
    with running.visitor() as own:
        answer = own.post(
            "/desk/sign-in", data={"operator": "012", "pin": "0"}, headers={"Sec-Fetch-Site": "same-origin"}
        )
    assert answer.text != "403"
