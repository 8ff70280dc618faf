"""The hall's key for what is kept sealed: a file of its own, so that the database alone tells nothing.

Fernet (AES-128 and HMAC-SHA256) of the library `cryptography`.
"""

import os
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken


class FileSealer:
    """Seals with the key of a file, which is made (0600) when it does not exist; raises OSError or ValueError."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            _write(path, Fernet.generate_key())
        self._fernet = Fernet(path.read_bytes().strip())

    def seal(self, plain: bytes) -> bytes:
        """Make it unreadable without the key; no time is told, since the log says who rated when."""
        return self._fernet.encrypt_at_time(plain, 0)

    def unseal(self, sealed: bytes) -> bytes | None:
        """Make it readable again; None: it was sealed with another key, or changed."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            return None


def _write(path: Path, key: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(path.name + ".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
