"""The hash chain of the log: every event's hash covers the one before it."""

import hashlib

START = bytes(32)
"""What the first event of an epoch follows."""


def link(previous: bytes, body: bytes) -> bytes:
    """The SHA-256 hash (32 bytes) of an event's stored bytes after the hash of the event before."""
    return hashlib.sha256(previous + body).digest()
