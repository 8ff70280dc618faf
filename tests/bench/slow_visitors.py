"""Connections that never get to ask; a process of its own.

`python -m tests.bench.slow_visitors PORT COUNT` opens so many: silent ones, some that drip a head, some that drip a
body, some that ask and take nothing of the answer. It opens each again when it is sent away, and says `open` when all
were open once. They come a thousand a second, as tools for this do at most.
"""

import asyncio
import itertools
import sys

DRIP_SECONDS = 1.0
AGAIN_SECONDS = 1.0
DEAF_SECONDS = 10.0
PER_SECOND = 1000
_HEAD = b"GET / HTTP/1.1\r\nHost: hall\r\nX-Slow: "
_BODY = b"POST /t/x/rate HTTP/1.1\r\nHost: hall\r\nOrigin: http://hall\r\nContent-Length: 9000\r\n\r\nscore="
_WHOLE = b"GET /static/phone.js HTTP/1.1\r\nHost: hall\r\n\r\n"
_BEGINNINGS = (b"", _HEAD, _BODY, _WHOLE)


class Slow(asyncio.Protocol):
    """One that gives a byte a second, or nothing."""

    def __init__(self, beginning: bytes) -> None:
        self._beginning = beginning
        self.gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._drip: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, and never end."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if self._beginning:
            transport.write(self._beginning)
        if self._beginning == _WHOLE:
            transport.pause_reading()
            self._drip = asyncio.get_running_loop().call_later(DEAF_SECONDS, transport.resume_reading)
        elif self._beginning:
            self._later()

    def _later(self) -> None:
        self._drip = asyncio.get_running_loop().call_later(DRIP_SECONDS, self._give)

    def _give(self) -> None:
        assert self._transport is not None
        self._transport.write(b"x")
        self._later()

    def connection_lost(self, exc: Exception | None) -> None:
        """Sent away."""
        if self._drip is not None:
            self._drip.cancel()
        self.gone.set_result(None)


async def main(port: int, count: int) -> None:
    """Hold so many open until ended."""
    loop = asyncio.get_running_loop()
    began, opened = itertools.count(1), loop.create_future()

    async def stand(number: int, beginning: bytes) -> None:
        await asyncio.sleep(number / PER_SECOND)
        while True:
            _, slow = await loop.create_connection(lambda: Slow(beginning), "127.0.0.1", port)
            if next(began) == count:
                opened.set_result(None)
            await slow.gone
            await asyncio.sleep(AGAIN_SECONDS)

    beginnings = itertools.islice(itertools.cycle(_BEGINNINGS), count)
    standing = [asyncio.create_task(stand(*one)) for one in enumerate(beginnings)]
    await opened
    sys.stdout.write("open\n")
    sys.stdout.flush()
    await asyncio.gather(*standing)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
