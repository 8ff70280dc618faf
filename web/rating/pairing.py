"""Which tablets belong to which counter: one-time codes, and the cookie that a code is changed into.

A file keeps it, so that a restart unpairs no tablet. It holds digests of codes and random names, nothing personal.
"""

import datetime as dt
import hashlib
import hmac
import logging
import secrets
from collections.abc import Callable
from pathlib import Path

import msgspec
from itsdangerous import BadSignature, URLSafeSerializer, URLSafeTimedSerializer
from msgspec.structs import replace
from starlette.requests import Request

from protocol.keys import write_private

_log = logging.getLogger(__name__)
CODE_LETTERS = 8
CODE_MINUTES = 10
VOTE_MINUTES = 15
"""So long after its stars were shown a rating is still taken: a lost network may take its time."""
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_SIGNING = {"digest_method": hashlib.sha256}


class OpenCode(msgspec.Struct, frozen=True):
    """A code that a supervisor made: it pairs one tablet with its counter, until it expires."""

    digest: str
    counter_id: str
    expires_at: dt.datetime


class Tablet(msgspec.Struct, frozen=True):
    """A tablet that stands at a counter."""

    tablet_id: str
    counter_id: str
    paired_at: dt.datetime


class Book(msgspec.Struct, frozen=True):
    """What the file holds; `secret` signs the cookies and the ballots."""

    secret: str
    codes: list[OpenCode] = []
    tablets: list[Tablet] = []


class Tablets:
    """The book of the hall's tablets; its methods that change something write the file before they return."""

    def __init__(self, path: Path, clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)) -> None:
        self._path = path
        self._clock = clock
        self._book = _read(path)

    def invite(self, counter_id: str) -> tuple[str, dt.datetime]:
        """A fresh code for a counter, and until when it can be used; the counter's earlier one ends."""
        code = "".join(secrets.choice(_ALPHABET) for _ in range(CODE_LETTERS))
        expires_at = self._clock() + dt.timedelta(minutes=CODE_MINUTES)
        others = [one for one in self._open_codes() if one.counter_id != counter_id]
        self._write(replace(self._book, codes=[*others, OpenCode(_digest(code), counter_id, expires_at)]))
        return code, expires_at

    def pair(self, code: str, cookie: str = "") -> Tablet | None:
        """The tablet that a code makes, once; None: it is no code, was used, or came too late.

        What the `cookie` made it before, at this counter or another, it is no longer.
        """
        digest = _digest(code)
        found = [one for one in self._open_codes() if hmac.compare_digest(one.digest, digest)]
        if not found:
            return None
        tablet = Tablet(secrets.token_hex(16), found[0].counter_id, self._clock())
        left = [one for one in self._open_codes() if one not in found]
        before = self._told(cookie)
        others = [one for one in self._book.tablets if [one.tablet_id, one.counter_id] != before]
        self._write(replace(self._book, codes=left, tablets=[*others, tablet]))
        return tablet

    def unpair(self, counter_id: str) -> None:
        """Let no tablet and no open code belong to a counter any more."""
        codes = [one for one in self._open_codes() if one.counter_id != counter_id]
        tablets = [one for one in self._book.tablets if one.counter_id != counter_id]
        self._write(replace(self._book, codes=codes, tablets=tablets))

    def at(self, counter_id: str) -> list[Tablet]:
        """The tablets of a counter, the first one first."""
        return [one for one in self._book.tablets if one.counter_id == counter_id]

    # ---- what is signed ----

    def cookie(self, tablet: Tablet) -> str:
        """The word by which a tablet is known again."""
        return self._cookies().dumps([tablet.tablet_id, tablet.counter_id])

    def known(self, cookie: str, counter_id: str) -> Tablet | None:
        """The tablet of a cookie, if it is paired with this counter still."""
        told = self._told(cookie)
        return next((one for one in self.at(counter_id) if [one.tablet_id, counter_id] == told), None)

    def _told(self, cookie: str) -> object:
        """What was signed in a cookie; None: it is forged."""
        try:
            return self._cookies().loads(cookie)
        except BadSignature:
            return None

    def ballot(self, tablet: Tablet, ticket_id: int) -> str:
        """The word with which this tablet, and no other, may rate this ticket for a while."""
        return self._ballots().dumps([tablet.tablet_id, ticket_id])

    def ticket_of(self, ballot: str, tablet: Tablet) -> int | None:
        """The ticket of a ballot; None: it is forged, of another tablet, or too old."""
        try:
            tablet_id, ticket_id = self._ballots().loads(ballot, max_age=VOTE_MINUTES * 60)
        except BadSignature:
            return None
        return int(ticket_id) if tablet_id == tablet.tablet_id else None

    def _cookies(self) -> URLSafeSerializer:
        return URLSafeSerializer(self._book.secret, salt="tablet", signer_kwargs=_SIGNING)

    def _ballots(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._book.secret, salt="ballot", signer_kwargs=_SIGNING)

    def _open_codes(self) -> list[OpenCode]:
        now = self._clock()
        return [one for one in self._book.codes if one.expires_at > now]

    def _write(self, book: Book) -> None:
        write_private(self._path, book)
        self._book = book


def tablets_of(request: Request) -> Tablets:
    """The book that lies beside the PINs of the hall, read at the first question."""
    state = request.app.state
    if not hasattr(state, "tablets"):
        state.tablets = Tablets(state.door.pins.with_name("tablets.json"))
    found = state.tablets
    assert isinstance(found, Tablets)
    return found


def _read(path: Path) -> Book:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Book)
    except FileNotFoundError:
        return Book(secrets.token_urlsafe(48))
    except msgspec.DecodeError as fault:
        _log.error("%s: %s; every tablet must be paired anew", path, fault)
        return Book(secrets.token_urlsafe(48))


def _digest(code: str) -> str:
    letters = "".join(letter for letter in code.upper() if letter in _ALPHABET)
    return hashlib.sha256(letters.encode()).hexdigest()
