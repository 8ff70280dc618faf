"""A word that tells one phone from another for a day, and says nothing about whose it is.

It is a hash of what the phone's cookie holds by chance, under a key that this program forgets when it ends; the hall
only counts it. Address and browser would not do: the phones of a hall's Wi-Fi share the one, and many the other.
"""

import datetime as dt
import hmac
import secrets

from web.home.phones import Phone

_KEY = secrets.token_bytes(32)


def mark_of(phone: Phone) -> str:
    """The mark of a phone today; another than the one by which its places from home are counted."""
    told = f"{dt.datetime.now(dt.UTC).date().isoformat()}\0{phone.chance}"
    return hmac.digest(_KEY, told.encode(), "sha256")[:16].hex()
