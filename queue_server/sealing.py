"""The hall's key for what is kept sealed: a file of its own, so that the database alone tells nothing.

Fernet (AES-128 and HMAC-SHA256) of the library `cryptography`.
"""

from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from protocol.keys import read_private, write_private_bytes


class FileSealer:
    """Seals with the key of a file, made when there is none; raises OSError, KeyFileError or ValueError."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            write_private_bytes(path, Fernet.generate_key())
        self._fernet = Fernet(read_private(path).strip())

    def seal(self, plain: bytes) -> bytes:
        """Make it unreadable without the key; no time is told, since the log says who rated when."""
        return self._fernet.encrypt_at_time(plain, 0)

    def unseal(self, sealed: bytes) -> bytes | None:
        """Make it readable again; None: it was sealed with another key, or changed."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            return None
