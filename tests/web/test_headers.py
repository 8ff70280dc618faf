"""Every answer of every address carries its headers, and no page asks a browser for what they forbid."""

import asyncio
import html.parser
import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.web.every_route import address_of, app_without_hall, routes
from tests.web.rating_steps import paired, served
from tests.web.running import PIN, RunningHall, get
from tests.web.sessions import lead, sit_down
from tests.web.supervisor_halls import sign_in
from tests.web.visiting import LONG, Connect, visit
from web.entrance import Entrance
from web.headers import ONLY_SECURE, SECURITY_HEADERS
from web.pages import HERE

POLICY = SECURITY_HEADERS["Content-Security-Policy"]
ALL = list(routes())


def lacking(answer: httpx.Response) -> list[str]:
    """The headers that an answer should carry and does not."""
    found = [name for name, value in SECURITY_HEADERS.items() if answer.headers.get_list(name) != [value]]
    kept = answer.headers.get("cache-control", "")
    path = answer.request.url.path
    if kept != "no-store" and not path.startswith(("/static/", "/desk/scripts/")) and path != "/status":
        found.append(f"cache-control: {kept}")
    return found


@pytest.fixture(scope="module")
def everybody(shared_hall: RunningHall) -> Iterator[list[httpx.Client]]:
    """A stranger, an operator at a counter, a leader and a tablet."""
    shared_hall.clear()
    with (
        shared_hall.visitor() as stranger,
        shared_hall.visitor() as desk,
        shared_hall.visitor() as leader,
        paired(shared_hall) as tablet,
    ):
        assert desk.post("/desk/sign-in", data={"operator": "012", "pin": PIN, "counter": "q2"}).status_code == 303
        assert sign_in(leader).status_code == 303
        yield [stranger, desk, leader, tablet]


@pytest.mark.parametrize(("method", "path"), ALL, ids=[" ".join(one) for one in ALL])
def test_every_answer_of_every_address_carries_all_headers(
    everybody: list[httpx.Client], method: str, path: str
) -> None:
    if path.endswith("sign-out"):
        everybody = everybody[:1]
    for person in everybody:
        with person.stream(method, address_of(path)) as answer:
            assert answer.status_code < 500
            assert lacking(answer) == []


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        ("GET", "/no-such-address", {}, b"", 404),
        ("GET", "/static/../secret", {}, b"", 404),
        ("GET", "/t/" + "x" * 5000, {}, b"", 404),
        ("PUT", "/", {}, b"", 405),
        ("POST", "/status", {}, b"", 405),
        ("POST", "/t/x/leave", {"Origin": "http://evil.example"}, b"", 403),
        ("POST", "/t/x/leave", {"Transfer-Encoding": "chunked"}, b"", 411),
        ("POST", "/t/x/leave", {}, b"x" * 20_000, 413),
        ("POST", "/t/x/rate", {"Content-Type": "multipart/form-data; boundary=x"}, b"\xff no form", 400),
    ],
)
def test_every_refusal_carries_all_headers(
    running: RunningHall, method: str, path: str, headers: dict[str, str], body: bytes, status: int
) -> None:
    with running.visitor() as stranger:
        answer = stranger.request(method, path, headers=headers, content=iter([body]) if status == 411 else body)
    assert answer.status_code == status
    assert lacking(answer) == []
    assert "Traceback" not in answer.text


def test_a_hall_that_is_away_answers_with_all_headers(fresh: RunningHall) -> None:
    fresh.server.kill()
    fresh.server.wait()
    for path in ("/", "/t/x", "/t/x/state", "/desk/sign-in", "/supervisor", "/home", "/status", "/counter/q1/rating"):
        answer = get(fresh.url + path)
        assert answer.status_code == 503
        assert lacking(answer) == []


@pytest.mark.parametrize("full", [False, True])
def test_what_the_door_itself_says_carries_all_headers(full: bool) -> None:
    async def scenario(connect: Connect) -> None:
        reader, writer = await connect()
        writer.write(b"GET / HTTP/1.1\r\nHost: hall\r\n\r\n" if full else b"\x16\x03\x01 no request\r\n\r\n")
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        assert head.startswith("http/1.1 503 " if full else "http/1.1 400 ")
        for name, value in SECURITY_HEADERS.items():
            assert f"\r\n{name}: {value}\r\n".lower() in head
        assert "\r\ncache-control: no-store\r\n" in head

    visit(scenario, LONG, Entrance(places=10, answered=0 if full else 10))


def test_a_fault_of_the_program_says_nothing_and_carries_all_headers() -> None:
    async def broken(_request: Request) -> Response:
        raise RuntimeError("what nobody outside should read")

    app = app_without_hall()
    app.router.routes.insert(0, Route("/broken", broken))

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://hall") as client:
            return await client.get("/broken")

    answer = asyncio.run(ask())
    assert (answer.status_code, answer.text) == (500, "500")
    assert {name: answer.headers[name] for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_nothing_is_allowed_that_the_policy_does_not_name() -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in POLICY.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["base-uri"] == rules["frame-ancestors"] == "'none'"
    assert {value for name, value in rules.items() if name.endswith("-src")} == {"'none'", "'self'"}
    assert not {"object-src", "worker-src", "frame-src"} & rules.keys(), "these fall to default-src"
    assert "unsafe" not in POLICY


def test_plain_http_never_asks_browsers_for_tls(running: RunningHall) -> None:
    assert not ONLY_SECURE.keys() & {name.title() for name in get(running.url).headers}


# ---- what the pages ask for ----------------------------------------------------------------


class Inline(html.parser.HTMLParser):
    """What a page has in it that the policy forbids."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        words = dict(attrs)
        data_only = words.get("type") in ("application/json", "text/plain")
        if tag == "style" or (tag == "script" and "src" not in words and not data_only):
            self.found.append(self.get_starttag_text() or tag)
        for name, value in attrs:
            if name == "style" or name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"{tag} {name}={value}")


TEMPLATES = sorted((HERE / "templates").rglob("*.html"))


def test_no_template_has_script_or_style_or_handlers_in_it() -> None:
    found = {}
    for path in TEMPLATES:
        parser = Inline()
        parser.feed(re.sub(r"{[{%#].*?[}%#]}", "x", path.read_text(encoding="utf-8"), flags=re.DOTALL))
        if parser.found:
            found[path.name] = parser.found
    assert len(TEMPLATES) > 40
    assert found == {}


def test_no_script_of_the_pages_makes_code_out_of_words() -> None:
    scripts = sorted((HERE / "static").rglob("*.js"))
    assert len(scripts) > 10
    for path in scripts:
        code = path.read_text(encoding="utf-8")
        assert not re.search(r"\beval\s*\(|new Function\(|document\.write|set(Timeout|Interval)\(\s*['\"`]", code), path


@pytest.mark.browser
def test_a_browser_finds_nothing_on_any_kind_of_page_that_the_policy_forbids(
    running: RunningHall, desk_page: Page
) -> None:
    said: list[str] = []
    desk_page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    desk_page.add_init_script(
        "window.refused = [];"
        "addEventListener('securitypolicyviolation', (e) => window.refused.push(e.violatedDirective + e.blockedURI))"
    )
    done, token = served(running, operator_id="034").token, running.issue().token
    sit_down(desk_page, running)
    lead(desk_page, running)
    for path in (
        *("/", "/home", "/home/ho-tich", f"/t/{token}", f"/t/{token}/leave", f"/t/{token}/delay", f"/t/{done}"),
        *("/counter/q1/rating", "/desk", "/desk/sign-in", "/supervisor", "/supervisor/sign-in", "/supervisor/journal"),
        *("/supervisor/comments", "/supervisor/callbacks", "/supervisor/tablets", "/supervisor/reports"),
    ):
        desk_page.goto(running.url + path, wait_until="load")
        assert desk_page.evaluate("window.refused") == [], path
    assert [one for one in said if "Security Policy" in one] == []
