"""Files of sound in a folder that several programs may use at once."""

import os
import threading
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file in one step: a reader finds the old one or the new one; raises OSError and leaves no rest then."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    try:
        new.write_bytes(content)
        new.replace(path)
    except OSError:
        new.unlink(missing_ok=True)
        raise


def is_file(path: Path) -> bool:
    """Whether there is a file that may be looked at; never raises."""
    try:
        return path.is_file()
    except OSError:
        return False


def sounds_in(folder: Path) -> list[Path]:
    """The WAV files of a folder; none where it may not be looked at."""
    try:
        return list(folder.glob("*.wav"))
    except OSError:
        return []


def forget_oldest(folder: Path, kept: int) -> None:
    """Keep so many sounds of a folder, those used last; another program may forget them at the same time."""
    for old in sorted(sounds_in(folder), key=_used_at, reverse=True)[kept:]:
        old.unlink(missing_ok=True)


def _used_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
