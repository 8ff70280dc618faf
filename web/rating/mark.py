"""A word that tells one phone from another for a day, and says nothing about whose it is.

It is a hash of address and browser under a key that this program forgets when it ends; the hall only counts it.
"""

import datetime as dt
import hmac
import secrets

from starlette.requests import Request

_KEY = secrets.token_bytes(32)


def mark_of(request: Request) -> str:
    """The mark of the phone that asks."""
    address = request.client.host if request.client else ""
    told = "\0".join((dt.datetime.now(dt.UTC).date().isoformat(), address, request.headers.get("user-agent", "")))
    return hmac.digest(_KEY, told.encode(), "sha256")[:16].hex()
