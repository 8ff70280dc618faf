"""The secret word behind the QR of a number that a kiosk gave from its block: both sides can make it.

Like `queue_server.domain.token` it is a place and a 128-bit HMAC-SHA256 (RFC 2104) over it; here the place is the block
and the number in it, and the key is the block's own: whoever steals a kiosk learns nothing about other numbers.
"""

import base64
import hmac

_BLOCK_BYTES = 6
_COUNT_BYTES = 4
BODY_BYTES = _BLOCK_BYTES + _COUNT_BYTES
MAC_BYTES = 16


def make_block_token(key: bytes, block_id: int, count: int) -> str:
    """The token of a number of a block: 35 characters of the URL-safe base64 alphabet."""
    body = block_id.to_bytes(_BLOCK_BYTES, "big") + count.to_bytes(_COUNT_BYTES, "big")
    mac = hmac.digest(key, b"number\0" + body, "sha256")[:MAC_BYTES]
    return base64.urlsafe_b64encode(body + mac).decode().rstrip("=")


def read_block_body(raw: bytes) -> tuple[int, int]:
    """The block_id and the number that a token's first bytes name; proves nothing yet."""
    return int.from_bytes(raw[:_BLOCK_BYTES], "big"), int.from_bytes(raw[_BLOCK_BYTES:BODY_BYTES], "big")
