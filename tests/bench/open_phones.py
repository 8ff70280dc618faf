"""Phones that keep their page's event stream open; a process of its own, so that their work is not the bench's.

`python -m tests.bench.open_phones PORT` reads a token a line, opens them all from one address (as behind a hall's
Wi-Fi), says `open` and then, for each phone that is called, its line's number and the instant (monotonic seconds).
"""

import asyncio
import sys
import time

AT_ONCE = 50
_CALLED = b'"kind": "called"'
_STATE = b"data: "


class Phone(asyncio.Protocol):
    """One browser's stream: hears its states, keeps none."""

    def __init__(self, number: int, token: str) -> None:
        self._number, self._token = number, token
        self._tail = b""
        self.first_state: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the events."""
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(f"GET /t/{self._token}/events HTTP/1.1\r\nHost: hall\r\n{BROWSER}\r\n".encode())

    def data_received(self, data: bytes) -> None:
        """Note the first state, and the call."""
        now = time.monotonic()
        heard = self._tail + data
        self._tail = heard[-len(_CALLED) :]
        if _STATE in heard and not self.first_state.done():
            self.first_state.set_result(None)
        if _CALLED in heard:
            sys.stdout.write(f"{self._number} {now!r}\n")
            sys.stdout.flush()

    def connection_lost(self, exc: Exception | None) -> None:
        """A phone that was sent away before it heard anything is a fault of the measurement."""
        if not self.first_state.done():
            self.first_state.set_exception(ConnectionError(f"phone {self._number} was sent away: {exc}"))


BROWSER = (
    "User-Agent: Mozilla/5.0 (Linux; Android 13; SM-A145F) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36\r\nAccept: text/event-stream\r\nCache-Control: no-cache\r\n"
    "Accept-Language: vi-VN,vi;q=0.9,en;q=0.6\r\nAccept-Encoding: gzip, deflate\r\nConnection: keep-alive\r\n"
)
"""What a phone sends with each request: the server keeps it while the stream is open."""


async def main(port: int, tokens: list[str]) -> None:
    """Open all, then hear them until ended."""
    loop = asyncio.get_running_loop()
    places = asyncio.Semaphore(AT_ONCE)

    async def open_one(number: int, token: str) -> None:
        async with places:
            _, phone = await loop.create_connection(lambda: Phone(number, token), "127.0.0.1", port)
            await phone.first_state

    await asyncio.gather(*(open_one(number, token) for number, token in enumerate(tokens)))
    sys.stdout.write("open\n")
    sys.stdout.flush()
    await loop.create_future()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.stdin.read().split()))
