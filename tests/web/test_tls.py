"""TLS with the hall's own certificate, and TLS that a proxy speaks: at real sockets, and with a real browser."""

import asyncio
import contextlib
import socket
import ssl
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.running import PATIENCE, eventually, free_ports
from tests.web import visiting
from tests.web.certificates import write_certificate
from tests.web.running import PIN, ROOT, RunningHall, end
from tests.web.visiting import HEAD, LARGE, LONG, Connect, answer, drip
from web.entrance import Entrance
from web.feed import Feed
from web.guard import Guard
from web.headers import ONLY_SECURE
from web.limits import RateLimit
from web.server import WebServer
from web.tls import Certificate, CertificateFault

Connects = Callable[[Connect, Connect], Awaitable[None]]


def trusting(chain: Path) -> ssl.SSLContext:
    """A browser that trusts this one certificate."""
    return ssl.create_default_context(cafile=str(chain))


def visit(
    scenario: Connects, folder: Path, patience: float = LONG, entrance: Entrance | None = None
) -> list[dict[str, object]]:
    """Let a scenario connect to a server that speaks TLS, with and without keys; what went to the loop's log."""
    chain, key = write_certificate(folder)

    async def both(connect: Connect) -> None:
        trusted = trusting(chain)
        await scenario(connect, lambda: connect(trusted))

    return visiting.visit(both, patience, entrance, Certificate(chain, key))


def test_requests_are_answered_over_tls_one_after_the_other(tmp_path: Path) -> None:
    async def scenario(_plain: Connect, secure: Connect) -> None:
        reader, writer = await secure()
        tls = writer.get_extra_info("ssl_object")
        assert tls.version() in ("TLSv1.2", "TLSv1.3")
        for _ in range(3):
            writer.write(HEAD + b"\r\n")
            assert (await answer(reader)).endswith(b"heard ")

    assert visit(scenario, tmp_path) == []


@pytest.mark.parametrize("beginning", [b"", b"\x16", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"])
def test_who_does_not_agree_on_keys_is_sent_away(tmp_path: Path, beginning: bytes) -> None:
    entrance = Entrance(places=100, answered=100)

    async def scenario(plain: Connect, _secure: Connect) -> None:
        reader, writer = await plain()
        writer.write(beginning)
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""
        while entrance.waiting:
            await asyncio.sleep(0.01)

    assert visit(scenario, tmp_path, 0.2, entrance) == []


def test_who_speaks_no_tls_is_refused_and_nothing_is_logged(tmp_path: Path) -> None:
    async def scenario(plain: Connect, _secure: Connect) -> None:
        for nonsense in (HEAD + b"\r\n", b"\0" * 100, b"\x16\x03\x01\x00\x02xx"):
            reader, writer = await plain()
            writer.write(nonsense)
            with contextlib.suppress(ConnectionError):
                assert not (await reader.read()).startswith(b"HTTP")

    assert visit(scenario, tmp_path) == []


def test_who_never_asks_or_asks_without_end_is_sent_away(tmp_path: Path) -> None:
    async def scenario(_plain: Connect, secure: Connect) -> None:
        silent, _ = await secure()
        reader, writer = await secure()
        writer.write(HEAD)
        await drip(writer, reader)
        with contextlib.suppress(ConnectionError):
            assert await silent.read() == b""

    assert visit(scenario, tmp_path, 0.2) == []


def test_those_who_agree_on_nothing_take_no_citizens_place(tmp_path: Path) -> None:
    async def scenario(plain: Connect, secure: Connect) -> None:
        silent = [await plain() for _ in range(20)]
        late, asks = await secure()
        asks.write(HEAD + b"\r\n")
        assert b"heard" in await answer(late)
        for reader, _ in silent[:10]:
            with pytest.raises((ConnectionError, EOFError)):
                await reader.readexactly(1)

    assert visit(scenario, tmp_path, entrance=Entrance(places=10, answered=100)) == []


@pytest.mark.parametrize("path", [b"/large", b"/parts"])
def test_who_takes_nothing_of_the_answer_is_sent_away(tmp_path: Path, path: bytes) -> None:
    entrance = Entrance(places=100, answered=100)

    async def scenario(_plain: Connect, secure: Connect) -> None:
        reader, writer = await secure()
        writer.write(b"GET " + path + b" HTTP/1.1\r\nHost: hall\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        while entrance.waiting:
            await asyncio.sleep(0.01)
        assert entrance.answered == 0

    visit(scenario, tmp_path, 0.2, entrance)


@pytest.mark.parametrize("path", [b"/large", b"/parts"])
def test_who_takes_the_answer_slowly_gets_all_of_it(tmp_path: Path, path: bytes) -> None:
    async def scenario(_plain: Connect, secure: Connect) -> None:
        reader, writer = await secure()
        writer.write(b"GET " + path + b" HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        got = 0
        while part := await reader.read(4096):
            got += len(part)
            await asyncio.sleep(0.01)
        assert got == LARGE

    visit(scenario, tmp_path, 0.5)


# ---- the certificate -----------------------------------------------------------------------


def test_a_renewed_certificate_is_taken_up_and_half_of_one_is_not(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    chain, key = write_certificate(tmp_path)
    renewed = write_certificate(tmp_path, "renewed")
    certificate = Certificate(chain, key)
    first = certificate.context
    certificate.look_again()
    assert certificate.context is first
    renewed[0].replace(chain)
    certificate.look_again()
    assert certificate.context is first, "its key is still the old one"
    assert "can't be used yet" in caplog.text
    renewed[1].replace(key)
    certificate.look_again()
    assert certificate.context is not first
    assert certificate.context.minimum_version == ssl.TLSVersion.TLSv1_2


def test_a_certificate_of_no_use_is_told_at_the_start(tmp_path: Path) -> None:
    chain, key = write_certificate(tmp_path)
    other = write_certificate(tmp_path, "other")
    for wrong in ((chain, other[1]), (tmp_path / "none.pem", key), (key, chain)):
        with pytest.raises(CertificateFault, match="can't be used"):
            Certificate(*wrong)


# ---- the whole program ---------------------------------------------------------------------


@pytest.fixture
def secure_web(running: RunningHall, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A second web program of the hall that speaks TLS: its address and its certificate."""
    chain, key = write_certificate(tmp_path)
    with web_beside(running, "--tls-certificate", str(chain), "--tls-key", str(key)) as port:
        url = f"https://127.0.0.1:{port}"
        context = trusting(chain)
        eventually(lambda: answers(url, context))
        yield url, chain


@contextlib.contextmanager
def web_beside(running: RunningHall, *options: str) -> Iterator[int]:
    """A second web program of a hall; gives its port."""
    (port,) = free_ports(1)
    place = ["--data", str(running.data), "--host", "127.0.0.1", "--port", str(port)]
    web = subprocess.Popen([sys.executable, "-m", "web", *place, *options], cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        yield port
    finally:
        end(web)


def answers(url: str, verify: ssl.SSLContext | bool) -> bool:
    try:
        return httpx.get(f"{url}/health", verify=verify).json()["hall"] == "online"
    except httpx.TransportError:
        return False


def test_all_cookies_of_tls_are_for_tls_alone(running: RunningHall, secure_web: tuple[str, Path]) -> None:
    url, chain = secure_web
    with httpx.Client(base_url=url, headers={"Origin": url}, verify=trusting(chain), timeout=PATIENCE) as browser:
        asked = [
            browser.get("/home/ho-tich"),
            browser.post("/desk/sign-in", data={"operator": "012", "pin": PIN, "counter": "q2"}),
            browser.post("/supervisor/sign-in", data={"operator": "078", "pin": PIN}),
            browser.post("/supervisor/sign-out"),
        ]
    cookies = [one for answer in asked for one in answer.headers.get_list("set-cookie")]
    assert len(cookies) == 4
    for cookie in cookies:
        flags = {flag.strip().lower() for flag in cookie.split(";")}
        assert {"secure", "httponly"} <= flags
        assert ("samesite=strict" in flags) == ("motcua_phone" not in cookie), "a camera opens the phone's page"
        assert any(flag.startswith("path=/") for flag in flags)
    for name, value in ONLY_SECURE.items():
        assert asked[0].headers[name] == value


def test_a_plain_page_can_not_post_to_the_secure_one(secure_web: tuple[str, Path]) -> None:
    url, chain = secure_web
    plain = url.replace("https", "http")
    with httpx.Client(base_url=url, headers={"Origin": plain}, verify=trusting(chain), timeout=PATIENCE) as browser:
        assert browser.post("/desk/sign-in", data={"operator": "012"}).status_code == 403


@pytest.mark.browser
def test_a_phone_opens_its_page_over_https_and_hears_the_hall(
    running: RunningHall, secure_web: tuple[str, Path], browser: Browser
) -> None:
    mine = running.issue()
    context = browser.new_context(ignore_https_errors=True, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{secure_web[0]}/t/{mine.token}")
    expect(page.locator("body")).to_contain_text(mine.ticket.number)
    running.open("q2", "012")
    running.call_next("q2")
    expect(page.locator("main")).to_contain_text("Đã đến lượt, mời đến quầy số 2")
    context.close()


def test_a_certificate_without_its_key_ends_the_program_with_two(running: RunningHall, tmp_path: Path) -> None:
    chain, _ = write_certificate(tmp_path)
    other = write_certificate(tmp_path, "other")[1]
    for options in (("--tls-certificate", chain), ("--tls-certificate", chain, "--tls-key", other)):
        command = [sys.executable, "-m", "web", "--data", str(running.data), *map(str, options)]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert ended.returncode == 2
        assert "Traceback" not in ended.stderr
        assert "key" in ended.stderr


# ---- a proxy -------------------------------------------------------------------------------


async def who(request: Request) -> Response:
    """Say who asks, and how."""
    assert request.client is not None
    answer = PlainTextResponse(f"{request.url.scheme} {request.client.host}")
    answer.set_cookie("one", "x", httponly=True, samesite="strict")
    return answer


def asked_through(proxies: list[str], times: int = 1, **headers: str) -> list[httpx.Response]:
    """What a server that trusts these proxies answers to this machine, which says it asks for another."""
    found: list[httpx.Response] = []

    async def run() -> None:
        listening = socket.create_server(("127.0.0.1", 0))
        listening.setblocking(False)
        app = Guard(Starlette(routes=[Route("/desk", who)]), RateLimit(2, 0))
        web = WebServer(app, Feed(), Entrance(100, 100), proxies=proxies, log_level="critical")  # type: ignore[arg-type]
        serving = asyncio.create_task(web.serve([listening]))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/desk"
        async with asyncio.timeout(PATIENCE), httpx.AsyncClient(verify=False) as client:
            for number in range(times):
                said = {name.replace("_", "-"): value.format(number) for name, value in headers.items()}
                found.append(await client.get(url, headers=said))
            web.should_exit = True
            await serving

    asyncio.run(run())
    return found


def test_a_trusted_proxy_is_believed_for_whom_and_how_it_asks() -> None:
    for proxies in (["127.0.0.1"], ["127.0.0.0/8", "10.0.0.0/8"]):
        (one,) = asked_through(proxies, X_Forwarded_For="6.6.6.6, 203.0.113.9", X_Forwarded_Proto="https")
        assert one.text == "https 203.0.113.9", "what the citizen himself claimed stands before it"
        assert "; Secure" in one.headers["set-cookie"]
        assert one.headers.keys() >= {name.lower() for name in ONLY_SECURE}


def test_nobody_else_is_believed() -> None:
    for proxies in ([], ["192.0.2.1"]):
        (one,) = asked_through(proxies, X_Forwarded_For="203.0.113.9", X_Forwarded_Proto="https")
        assert one.text == "http 127.0.0.1"
        assert "secure" not in one.headers["set-cookie"].lower()


def test_the_limit_counts_who_stands_behind_the_proxy_and_no_claim_escapes_it() -> None:
    apart = asked_through(["127.0.0.1"], 6, X_Forwarded_For="203.0.113.{0}")
    assert [one.status_code for one in apart] == [200] * 6
    together = asked_through(["127.0.0.1"], 4, X_Forwarded_For="6.6.6.{0}, 203.0.113.9")
    assert [one.status_code for one in together] == [200, 200, 429, 429]
    claimed = asked_through([], 4, X_Forwarded_For="203.0.113.{0}")
    assert [one.status_code for one in claimed] == [200, 200, 429, 429]
