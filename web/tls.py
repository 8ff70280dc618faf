"""The hall's own certificate: read at the start, and again whenever its files change."""

import logging
import ssl
from pathlib import Path

_log = logging.getLogger(__name__)
LOOK_SECONDS = 10
"""So soon a renewed certificate is taken up."""


class CertificateFault(ValueError):
    """A certificate or its key can't be used."""


class Certificate:
    """A certificate chain and its key (PEM files), as a context for the next connection.

    TLS 1.2 at least, with the ciphers of the standard library's server context. Raises CertificateFault if the files
    can't be used at the start; later on what was read last goes on.
    """

    def __init__(self, chain: Path, key: Path) -> None:
        self._chain, self._key = chain, key
        self._read = self._stamps()
        try:
            self.context = self._load()
        except (OSError, ValueError) as fault:
            raise CertificateFault(f"the certificate {chain} with the key {key} can't be used: {fault}") from fault

    def look_again(self) -> None:
        """Take up a certificate that was renewed; one that is only half there yet must wait for its other half."""
        stamps = self._stamps()
        if stamps == self._read:
            return
        self._read = stamps
        try:
            self.context = self._load()
        except (OSError, ValueError) as fault:
            _log.warning("the renewed certificate can't be used yet: %s", fault)

    def _load(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        context.load_cert_chain(self._chain, self._key, password=_no_password)
        return context

    def _stamps(self) -> list[tuple[int, int] | None]:
        return [_stamp(path) for path in (self._chain, self._key)]


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino


def _no_password() -> str:
    """Instead of asking at a terminal that nobody watches."""
    raise ValueError("the key must lie there without a password")
