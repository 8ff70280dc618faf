"""Whether the web's own certificate can be used, and for how long: what a person must do before phones are refused.

The certificate is the file's first (X.509 in PEM, RFC 7468), as the TLS library takes it.
"""

import datetime as dt
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from config.faults import Faults
from config.settings import Network
from config.texts import text

WARNED_DAYS = 30
_FILES = ("tls_certificate", "tls_key")


def check_certificate(path: Path, network: Network, faults: Faults, now: dt.datetime) -> None:
    """Note files that are not there or unreadable, a key of another certificate, one that is over or not yet valid.

    `path` is the hall file's. For who checks a hall file: a running hall goes on with what it read last.
    """
    if not network.tls_certificate or not network.tls_key:
        return
    contents = [_content(path, name, getattr(network, name), faults) for name in _FILES]
    certificate = _certificate(contents[0], network.tls_certificate, faults)
    key = _public_key(contents[1], network.tls_key, faults)
    if certificate is None:
        return
    if key is not None and certificate.public_key() != key:
        faults.add("network.tls_key", network.tls_key, "tls_other_key", certificate=network.tls_certificate)
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if not first <= now <= last:
        key_of_text = "tls_over" if now > last else "tls_not_yet"
        faults.add("network.tls_certificate", network.tls_certificate, key_of_text, first=_day(first), last=_day(last))


def certificate_notes(path: Path, network: Network, language: str, now: dt.datetime) -> list[str]:
    """That the certificate ends soon, and when."""
    if not network.tls_certificate:
        return []
    last = x509.load_pem_x509_certificate((path.parent / network.tls_certificate).read_bytes()).not_valid_after_utc
    days = (last - now).days
    return [text("check.tls_ends", language, last=_day(last), days=days)] if days < WARNED_DAYS else []


def _content(path: Path, name: str, value: str, faults: Faults) -> bytes | None:
    try:
        return (path.parent / value).read_bytes()
    except (OSError, ValueError) as fault:
        reason = getattr(fault, "strerror", None) or str(fault)
        faults.add(f"network.{name}", value, "tls_unreadable", path=path.parent / value, reason=reason)
        return None


def _certificate(content: bytes | None, value: str, faults: Faults) -> x509.Certificate | None:
    try:
        return x509.load_pem_x509_certificate(content) if content is not None else None
    except ValueError:
        faults.add("network.tls_certificate", value, "tls_no_certificate")
        return None


def _public_key(content: bytes | None, value: str, faults: Faults) -> object:
    try:
        return load_pem_private_key(content, None).public_key() if content is not None else None
    except (ValueError, TypeError):  # a password, or no key at all
        faults.add("network.tls_key", value, "tls_no_key")
        return None


def _day(instant: dt.datetime) -> str:
    return f"{instant:%d/%m/%Y}"
