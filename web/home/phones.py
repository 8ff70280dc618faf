"""Tells one phone from another without knowing whose it is: a signed cookie of chance, and a mark that lasts a day."""

import base64
import datetime as dt
import hashlib
import hmac
import secrets

from itsdangerous import BadSignature, URLSafeTimedSerializer
from msgspec import Struct, ValidationError, convert, to_builtins
from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import Response

COOKIE = "motcua_phone"
LIFE_SECONDS = 24 * 3600
PLACES_KEPT = 5
_SIGNING = {"key_derivation": "hmac", "digest_method": hashlib.sha256}


class Phone(Struct, frozen=True):
    """What the cookie holds: chance, and the tokens of the places that were taken with it."""

    chance: str
    places: list[str] = []

    def with_place(self, token: str) -> "Phone":
        """The same phone with one more place, the newest first."""
        others = [one for one in self.places if one != token]
        return replace(self, places=[token, *others][:PLACES_KEPT])


class Phones:
    """Signs and reads the cookies; `secret` is the web program's own.

    The address is no part of the mark: with it a phone that changes its network would be a new one. How much one
    address may take, whatever it does with its cookies, is a limit of its own.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def known(self, cookie: str) -> Phone | None:
        """The phone of a cookie; None: it is forged, or older than a day."""
        try:
            return convert(self._signer().loads(cookie, max_age=LIFE_SECONDS), Phone)
        except (BadSignature, ValidationError):
            return None

    def cookie(self, phone: Phone) -> str:
        """What a browser is given."""
        return self._signer().dumps(to_builtins(phone))

    def mark(self, phone: Phone, day: dt.date) -> str:
        """The word by which the hall counts a phone's places on a day; the next day it is another."""
        key = hmac.digest(self._secret.encode(), b"mark\0" + day.isoformat().encode(), "sha256")
        return base64.urlsafe_b64encode(hmac.digest(key, phone.chance.encode(), "sha256")[:24]).decode()

    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._secret, salt="phone", signer_kwargs=_SIGNING)


def phones_of(request: Request) -> Phones:
    """The phones that the application tells apart."""
    found = request.app.state.phones
    assert isinstance(found, Phones)
    return found


def phone_of(request: Request) -> Phone | None:
    """The phone that asks; None: it never asked before, or keeps no cookies."""
    return phones_of(request).known(request.cookies.get(COOKIE, ""))


def new_phone() -> Phone:
    """A phone that asks for the first time."""
    return Phone(secrets.token_urlsafe(16))


def remember(request: Request, response: Response, phone: Phone) -> None:
    """Give a phone its cookie. It comes along when a camera opens an address of this hall, too."""
    value = phones_of(request).cookie(phone)
    secure = request.url.scheme == "https"
    response.set_cookie(COOKIE, value, LIFE_SECONDS, path="/", httponly=True, samesite="lax", secure=secure)
