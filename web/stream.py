"""Server-sent events as plain bytes."""

import json
from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse

RETRY_MILLISECONDS = 3000
PING = b": still here\n\n"


def message(data: object, event: str = "message") -> bytes:
    """One event with JSON as its data."""
    return f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def retry() -> bytes:
    """Tell the browser how soon to come back after the stream broke."""
    return f"retry: {RETRY_MILLISECONDS}\n\n".encode()


def stream(parts: AsyncIterator[bytes]) -> StreamingResponse:
    """Answer with an event stream that nothing on the way keeps back."""
    return StreamingResponse(parts, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
