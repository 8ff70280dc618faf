"""Connections to the web's own server at a real socket, one phone's byte at a time."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.running import PATIENCE
from web import stream
from web.entrance import Entrance
from web.feed import Feed
from web.server import WebServer
from web.tls import Certificate

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[..., Awaitable[Streams]]
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
    scenario: Callable[[Connect], Awaitable[None]],
    patience: float = LONG,
    entrance: Entrance | None = None,
    certificate: Certificate | None = None,
) -> list[dict[str, object]]:
    """Let a scenario connect to a web server, `connect(context)` by TLS, and end both; what went to the loop's log."""
    faults: list[dict[str, object]] = []

    async def run() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: faults.append(context))
        listening = socket.create_server(("127.0.0.1", 0))
        listening.setblocking(False)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
        web = WebServer(
            Starlette(routes=ROUTES),
            Feed(),
            entrance or Entrance(places=100, answered=100),
            patience=patience,
            certificate=certificate,
            log_level="critical",
        )
        serving = asyncio.create_task(web.serve([listening]))
        opened: list[asyncio.StreamWriter] = []

        async def connect(context: ssl.SSLContext | None = None) -> Streams:
            phone = socket.socket()
            phone.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
            phone.connect(listening.getsockname())
            name = "localhost" if context else None
            streams = await asyncio.open_connection(sock=phone, limit=8192, ssl=context, server_hostname=name)
            opened.append(streams[1])
            return streams

        async with asyncio.timeout(PATIENCE):
            await scenario(connect)
            for writer in opened:
                writer.transport.abort()
            web.should_exit = True
            await serving

    asyncio.run(run())
    return faults


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
