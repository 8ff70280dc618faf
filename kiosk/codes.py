"""What a scanned code means at the kiosk: a paper of this hall, a dossier's receipt, an identity card, or nothing.

A keyboard scanner types through whatever input method the machine has: letters may come full width or composed by Telex
or VNI. What can be undone is undone; what is left over means nothing, and nothing happens.
"""

import re
import unicodedata
from urllib.parse import unquote

from kiosk.touches import ScanDossier, ScanPerson, ScanToken

LONGEST = 512
"""Bytes or letters of the longest code that is looked at; an identity card has about 150."""

_TOKEN = r"[A-Za-z0-9_-]{30}(?:[A-Za-z0-9_-]{5})?"  # noqa: S105 - what a token looks like
_OWN = re.compile(rf"/t/({_TOKEN})/?(?:[?#].*)?", re.ASCII)
_FOREIGN = re.compile(rf"https?://[^/\s]+/t/({_TOKEN})/?(?:[?#].*)?", re.ASCII | re.IGNORECASE)
_DOSSIER = re.compile(
    r"(?<![0-9A-Z.-])"
    r"(?:\d{3}\.\d{2}\.\d{2}\.[A-Y]\d{2}-\d{6}-\d{4,12}"  # 000.00.14.H14-200930-0001
    r"|[A-Y]\d{2}(?:\.[0-9A-Z]+)*-\d{6}-\d{4,12}"  # H14.21-260115-0007
    r"|\d{5}/20\d{2}/\d{5})"  # of the social insurance: 03706/2026/07906
    r"(?![0-9A-Z/-]|\.[0-9A-Z])",
    re.ASCII,
)
_LONGEST_DOSSIER = 64
_PERSON = re.compile(r"(\d{12})\|", re.ASCII)
_SYMBOLOGY = re.compile(r"\A\][A-Za-z][0-9A-Za-z]")
"""Which kind of code it was (AIM), put before it by some scanners."""
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\u00ad", "-"))

_TELEX = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j", "\u0306": "w", "\u031b": "w"}
_VNI = {
    "\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5", "\u0302": "6", "\u031b": "7",
    "\u0306": "8",
}  # fmt: skip
_ROOF = "\u0302"


def meaning(raw: bytes | str, public_url: str) -> ScanToken | ScanDossier | ScanPerson | None:
    """What a scan means; none for anything that is no code of ours. `public_url` begins this hall's own codes.

    Of an identity card only its 12 digits are kept. Never raises.
    """
    text = _text(raw)
    person = _PERSON.match(text)
    if person is not None:
        return ScanPerson(person[1])
    found = {read for keys in _readings(text) if (read := _paper(keys, public_url)) is not None}
    return found.pop() if len(found) == 1 else None


def _paper(text: str, public_url: str) -> ScanToken | ScanDossier | None:
    """The paper whose code this is."""
    token, code = _token(text, public_url), _dossier(text)
    return ScanToken(token) if token is not None else ScanDossier(code) if code is not None else None


def _text(raw: bytes | str) -> str:
    """The letters of a scan, full-width ones and odd dashes made plain, without what frames it; empty if too long."""
    if len(raw) > LONGEST:
        return ""
    text = raw.decode("utf-8", errors="replace") if isinstance(raw, bytes) else raw
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES)
    plain = "".join(" " if unicodedata.category(letter) in ("Cc", "Cf") else letter for letter in plain)
    return _SYMBOLOGY.sub("", plain.strip())


def _token(text: str, public_url: str) -> str | None:
    """The token in the address of a page of this hall, or of one that calls its pages alike."""
    own = text.removeprefix(public_url)
    found = _OWN.fullmatch(own) if own != text else _FOREIGN.fullmatch(text)
    return found[1] if found else None


def _dossier(text: str) -> str | None:
    """A dossier's code, alone or within a look-up link."""
    found = _DOSSIER.search(re.sub(r"\s*-\s*", "-", unquote(text)).upper())
    return found[0] if found and len(found[0]) <= _LONGEST_DOSSIER else None


def _readings(text: str) -> list[str]:
    """What may have been scanned: the text, or the keys from which an input method composed Vietnamese letters.

    Where both methods make a code of it, but not the same, nobody knows which was scanned.
    """
    letters = unicodedata.normalize("NFC", text)
    if text.isascii():
        return [text]
    return [text, "".join(map(_typed_vni, letters)), "".join(map(_typed_telex, letters))]


def _typed_vni(letter: str) -> str:
    """The keys that make a letter in VNI: `Đ` is D9."""
    if letter in "đĐ":
        return ("d" if letter == "đ" else "D") + "9"
    return "".join(_VNI.get(part, part) for part in unicodedata.normalize("NFD", letter))


def _typed_telex(letter: str) -> str:
    """The keys that make a letter in Telex: `Đ` is DD, `ư` is w."""
    if letter in "đĐ":
        return "dd" if letter == "đ" else "DD"
    if letter in "ưƯ":
        return "w" if letter == "ư" else "W"
    parts = unicodedata.normalize("NFD", letter)
    base, marks = parts[0], parts[1:]
    return base + "".join(base if mark == _ROOF else _as_typed(mark, base) for mark in marks)


def _as_typed(mark: str, base: str) -> str:
    """The key of a tone mark, a capital where its letter is one; what is no tone mark stays."""
    key = _TELEX.get(mark, mark)
    return key.upper() if base.isupper() else key
