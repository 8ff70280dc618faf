"""The secret word behind a ticket's QR: the ticket's place in the log and a 128-bit MAC over it.

The MAC is HMAC-SHA256 (RFC 2104) cut to 128 bits, keyed by the hall; the epoch is covered, so a ticket
of another life of the database is a stranger.
"""

import base64
import binascii
import hmac

from protocol.errors import InvalidToken

_ID_BYTES = 6
_MAC_BYTES = 16


def make_token(key: bytes, epoch: str, ticket_id: int) -> str:
    """The token of a ticket: 30 characters of the URL-safe base64 alphabet."""
    body = ticket_id.to_bytes(_ID_BYTES, "big")
    return base64.urlsafe_b64encode(body + _mac(key, epoch, body)).decode().rstrip("=")


def read_token(key: bytes, epoch: str, token: str) -> int:
    """The ticket_id that a token proves; raises InvalidToken, compared in constant time."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as fault:
        raise InvalidToken from fault
    body, mac = raw[:_ID_BYTES], raw[_ID_BYTES:]
    ticket_id = int.from_bytes(body, "big")
    # the last letter has bits that decoding drops: only the one spelling that was printed counts
    if not hmac.compare_digest(mac, _mac(key, epoch, body)) or make_token(key, epoch, ticket_id) != token:
        raise InvalidToken
    return ticket_id


def _mac(key: bytes, epoch: str, body: bytes) -> bytes:
    return hmac.digest(key, b"ticket\0" + epoch.encode() + b"\0" + body, "sha256")[:_MAC_BYTES]
