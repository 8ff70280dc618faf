"""The secret word behind a ticket's QR: the ticket's place in the log and a 128-bit MAC over it.

The MAC is HMAC-SHA256 (RFC 2104) cut to 128 bits, keyed by the hall; the epoch that wrote that place is covered, so
that a ticket of another life of the database is a stranger.
"""

import base64
import binascii
import hmac

from protocol.block_token import BODY_BYTES, MAC_BYTES, make_block_token, read_block_body
from protocol.errors import InvalidToken

_ID_BYTES = 6
_BLOCK_TOKEN_LETTERS = -(-(BODY_BYTES + MAC_BYTES) * 8 // 6)


def make_token(key: bytes, epoch: str, ticket_id: int) -> str:
    """The token of a ticket: 30 characters of the URL-safe base64 alphabet."""
    body = ticket_id.to_bytes(_ID_BYTES, "big")
    return base64.urlsafe_b64encode(body + _mac(key, epoch, body)).decode().rstrip("=")


def place_of(token: str) -> int:
    """The ticket_id or block_id that a token of either kind names; proves nothing yet. Raises InvalidToken."""
    return int.from_bytes(_raw(token)[:_ID_BYTES], "big")


def read_token(key: bytes, epoch: str, token: str) -> int:
    """The ticket_id that a token proves; raises InvalidToken, compared in constant time."""
    raw = _raw(token)
    body, mac = raw[:_ID_BYTES], raw[_ID_BYTES:]
    ticket_id = int.from_bytes(body, "big")
    # the last letter has bits that decoding drops: only the one spelling that was printed counts
    if not hmac.compare_digest(mac, _mac(key, epoch, body)) or make_token(key, epoch, ticket_id) != token:
        raise InvalidToken
    return ticket_id


def is_block_token(token: str) -> bool:
    """Whether a token has the length of those that kiosks make from their blocks."""
    return len(token) == _BLOCK_TOKEN_LETTERS


def read_block_token(key: bytes, epoch: str, token: str) -> tuple[int, int]:
    """The block and the number in it that a kiosk's token proves; raises InvalidToken."""
    block_id, count = read_block_body(_raw(token))
    known = make_block_token(block_key(key, epoch, block_id), block_id, count)
    if not hmac.compare_digest(known.encode(), token.encode()):
        raise InvalidToken
    return block_id, count


def block_key(key: bytes, epoch: str, block_id: int) -> bytes:
    """The key with which a kiosk makes the tokens of a block's numbers."""
    return hmac.digest(key, b"block\0" + epoch.encode() + b"\0" + str(block_id).encode(), "sha256")


def _raw(token: str) -> bytes:
    try:
        return base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as fault:
        raise InvalidToken from fault


def _mac(key: bytes, epoch: str, body: bytes) -> bytes:
    return hmac.digest(key, b"ticket\0" + epoch.encode() + b"\0" + body, "sha256")[:MAC_BYTES]
