"""What a screen can draw at once: rows of red, green and blue bytes, topmost row first."""

from pathlib import Path

from msgspec import Struct


class Pixels(Struct, frozen=True):
    """A picture of width x height pixels; `data` holds three bytes for each, row by row."""

    size: tuple[int, int]
    data: bytes | bytearray


class BrokenMedia(Exception):
    """A file that can't be shown; the message says why."""


def media_path(folder: Path, file: str) -> Path:
    """The file of a media folder; raises BrokenMedia if it lies elsewhere or does not exist."""
    path = folder / file
    if path.name != file or not path.is_file():
        raise BrokenMedia("no such file")
    return path
