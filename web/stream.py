"""Server-sent events as plain bytes."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator

from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

RETRY_MILLISECONDS = 3000
BEAT = b"event: beat\ndata: {}\n\n"
PING = b": still here\n\n"
"""Keeps a connection alive, but scripts do not hear it."""


def message(data: object, event: str = "message") -> bytes:
    """One event with JSON as its data."""
    return f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def retry() -> bytes:
    """Tell the browser how soon to come back after the stream broke."""
    return f"retry: {RETRY_MILLISECONDS}\n\n".encode()


def stream(parts: AsyncIterator[bytes]) -> "EventStream":
    """Answer with an event stream that nothing on the way keeps back."""
    return EventStream(parts, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


class EventStream(StreamingResponse):
    """Sends parts as they come and keeps none, since thousands are open at once; ends when its browser goes."""

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Speak until there is no more to say or nobody to hear it."""
        speaking = asyncio.current_task()
        assert speaking is not None
        leaving = asyncio.create_task(_gone(receive, speaking))
        try:
            await self._speak(send)
        except asyncio.CancelledError:
            if not leaving.done() or speaking.uncancel():
                raise
        finally:
            leaving.cancel()
            if isinstance(self.body_iterator, AsyncGenerator):
                await self.body_iterator.aclose()

    async def _speak(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async for part in self.body_iterator:
            message: Message = {"type": "http.response.body", "body": part, "more_body": True}
            del part
            await send(message)
            del message
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Receive, speaking: "asyncio.Task[object]") -> None:
    """Wait until the browser goes, then let nobody speak to it."""
    while (await receive())["type"] != "http.disconnect":
        pass
    speaking.cancel()
