"""Connections that ask slowly, late, too much or nothing, at a real socket."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.running import PATIENCE
from web import stream
from web.entrance import Entrance
from web.feed import Feed
from web.server import WebServer

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[], Awaitable[Streams]]
LONG = 3600.0
LARGE, PART = 300_000, 30_000
HEAD = b"GET / HTTP/1.1\r\nHost: hall\r\n"
POST = b"POST / HTTP/1.1\r\nHost: hall\r\nContent-Length: 4\r\n\r\n"


async def echo(request: Request) -> Response:
    """Say what was sent."""
    return PlainTextResponse("heard " + (await request.body()).decode())


async def endless(request: Request) -> Response:
    """An open page."""

    async def parts() -> AsyncIterator[bytes]:
        yield stream.retry()
        await asyncio.sleep(LONG)

    return stream.stream(parts())


async def large(request: Request) -> Response:
    """More than a connection takes at once."""
    return PlainTextResponse(b"x" * LARGE)


async def in_parts(request: Request) -> Response:
    """The same, made while it is taken."""

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(LARGE // PART):
            yield b"x" * PART

    return StreamingResponse(parts(), headers={"Content-Length": str(LARGE)})


ROUTES = [
    Route("/", echo, methods=["GET", "POST"]),
    Route("/events", endless),
    Route("/large", large),
    Route("/parts", in_parts),
]


def visit(
    scenario: Callable[[Connect], Awaitable[None]], patience: float = LONG, entrance: Entrance | None = None
) -> None:
    """Let a scenario connect to a web server, and end both."""

    async def run() -> None:
        listening = socket.create_server(("127.0.0.1", 0))
        listening.setblocking(False)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
        web = WebServer(
            Starlette(routes=ROUTES),
            Feed(),
            entrance or Entrance(places=100, answered=100),
            patience=patience,
            log_level="critical",
        )
        serving = asyncio.create_task(web.serve([listening]))
        opened: list[asyncio.StreamWriter] = []

        async def connect() -> Streams:
            phone = socket.socket()
            phone.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
            phone.connect(listening.getsockname())
            streams = await asyncio.open_connection(sock=phone, limit=8192)
            opened.append(streams[1])
            return streams

        async with asyncio.timeout(PATIENCE):
            await scenario(connect)
            for writer in opened:
                writer.close()
            web.should_exit = True
            await serving

    asyncio.run(run())


async def answer(reader: asyncio.StreamReader) -> bytes:
    """One whole answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.lower().splitlines() if line.startswith(b"content-length"))
    return head + await reader.readexactly(int(length.split()[1]))


async def drip(writer: asyncio.StreamWriter, reader: asyncio.StreamReader) -> None:
    """Give a byte again and again until sent away."""
    ended = asyncio.create_task(reader.read())
    while not ended.done():
        writer.write(b"x")
        await asyncio.wait([ended], timeout=0.02)
    assert ended.exception() is not None or ended.result() == b""


@pytest.mark.parametrize("beginning", [b"", HEAD, POST, b"POST / HTTP/1.1\r\nContent-Length: 9999\r\n\r\n"])
def test_who_never_comes_to_an_end_is_sent_away(beginning: bytes) -> None:
    async def scenario(connect: Connect) -> None:
        reader, writer = await connect()
        writer.write(beginning)
        if beginning in (b"", POST):
            assert await reader.read() == b""
        else:
            await drip(writer, reader)

    visit(scenario, patience=0.2)


@pytest.mark.parametrize("next_request", [b"", HEAD, POST])
def test_who_asked_once_has_no_longer_patience_for_the_next_request(next_request: bytes) -> None:
    async def scenario(connect: Connect) -> None:
        reader, writer = await connect()
        writer.write(HEAD + b"\r\n")
        assert b"heard" in await answer(reader)
        writer.write(next_request)
        await drip(writer, reader) if next_request == HEAD else await reader.read()

    visit(scenario, patience=0.2)


def test_a_request_in_pieces_is_answered_once_it_is_whole() -> None:
    async def scenario(connect: Connect) -> None:
        reader, writer = await connect()
        for piece in (b"PO", POST[2:30], POST[30:-2], b"\r\n", b"sc", b"or"):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        assert b"heard scor" in await answer(reader)
        writer.write(POST + b"next" + HEAD + b"\r\n")
        assert b"heard next" in await answer(reader)
        assert (await answer(reader)).endswith(b"heard ")

    visit(scenario)


@pytest.mark.parametrize("nonsense", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET\r\n\r\n", b"x" * 20_000])
def test_what_is_no_request_is_refused_at_once(nonsense: bytes) -> None:
    async def scenario(connect: Connect) -> None:
        reader, writer = await connect()
        writer.write(nonsense)
        assert (await reader.read()).startswith(b"HTTP/1.1 400 ")

    visit(scenario)


def test_a_citizen_is_answered_however_many_stand_about_at_the_same_address() -> None:
    async def scenario(connect: Connect) -> None:
        citizen, asks = await connect()
        asks.write(HEAD + b"\r\n")
        assert b"heard" in await answer(citizen)
        silent = [await connect() for _ in range(20)]
        asks.write(HEAD + b"\r\n")
        late, asks_late = await connect()
        asks_late.write(HEAD + b"\r\n")
        assert b"heard" in await answer(late)
        for reader, _ in silent[:10]:
            with pytest.raises((ConnectionError, EOFError)):
                await reader.readexactly(1)

    visit(scenario, entrance=Entrance(places=10, answered=100))


def test_open_pages_do_not_wait_and_stay() -> None:
    async def scenario(connect: Connect) -> None:
        reader, writer = await connect()
        writer.write(b"GET /events HTTP/1.1\r\nHost: hall\r\n\r\n")
        await reader.readuntil(b"retry: 3000")
        other, silent = await connect()
        assert await other.read() == b""
        silent.close()
        assert not reader.at_eof()

    visit(scenario, patience=0.2)


@pytest.mark.parametrize("path", [b"/large", b"/parts"])
def test_who_takes_nothing_of_the_answer_is_sent_away(path: bytes) -> None:
    entrance = Entrance(places=100, answered=100)

    async def scenario(connect: Connect) -> None:
        reader, writer = await connect()
        writer.write(b"GET " + path + b" HTTP/1.1\r\nHost: hall\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        while entrance.waiting:
            await asyncio.sleep(0.01)
        assert entrance.answered == 0
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await reader.readexactly(LARGE)

    visit(scenario, 0.2, entrance)


@pytest.mark.parametrize("path", [b"/large", b"/parts"])
def test_who_takes_the_answer_slowly_gets_all_of_it(path: bytes) -> None:
    async def scenario(connect: Connect) -> None:
        reader, writer = await connect()
        writer.write(b"GET " + path + b" HTTP/1.1\r\nHost: hall\r\nConnection: close\r\n\r\n")
        await reader.readuntil(b"\r\n\r\n")
        begun, got = asyncio.get_running_loop().time(), 0
        while part := await reader.read(4096):
            got += len(part)
            await asyncio.sleep(0.01)
        assert got == LARGE
        assert asyncio.get_running_loop().time() - begun > 0.2, "the phone was no slow one"

    visit(scenario, 0.2)


def test_more_than_can_be_answered_are_told_to_come_back() -> None:
    async def scenario(connect: Connect) -> None:
        page, opens = await connect()
        opens.write(b"GET /events HTTP/1.1\r\nHost: hall\r\n\r\n")
        await page.readuntil(b"retry: 3000")
        reader, writer = await connect()
        writer.write(HEAD + b"\r\n")
        refused = (await reader.read()).decode()
        assert refused.startswith("HTTP/1.1 503 ")
        assert "Trang tự thử lại" in refused
        opens.close()
        for _ in range(100):
            reader, writer = await connect()
            writer.write(HEAD + b"\r\n")
            if b"heard" in await reader.read(1000):
                return
        raise AssertionError("the place of a page that was closed stayed taken")

    visit(scenario, entrance=Entrance(places=100, answered=1))
