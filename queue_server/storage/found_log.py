"""A write-ahead log that is found: only the system's cache may know its end, if whoever left it failed to sync it."""

import os
from pathlib import Path


def forget_cached(path: Path) -> None:
    """Have the system read a file from the disk again, not from what it remembers of it; raises OSError."""
    if not path.exists():
        return
    file = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
    finally:
        os.close(file)


def write_again(path: Path) -> None:
    """Write what a file is said to hold to where it is said to lie, and sync that; raises OSError.

    A second fsync alone would say yes to pages that were never written: they count as clean. Where the disk holds
    them the same bytes go over the same bytes, which a power cut can't hurt, and who reads meanwhile sees no change.
    """
    if not path.exists():
        return
    with path.open("r+b") as log:
        content = log.read()
        log.seek(0)
        log.write(content)
        log.flush()
        os.fsync(log.fileno())
