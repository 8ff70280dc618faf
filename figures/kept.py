"""The rows that a hall keeps in `DIR/figures/`: Parquet files by month one set for the running day, and an index.

Files never change: new rows make new files, and then a new index takes the place of the old one, whole or not at all.
"""

from pathlib import Path

import msgspec
from msgspec import Struct

from figures.directory import Directory
from figures.tables import Tables, TablesFault
from protocol.errors import MotcuaError

VERSION = 1
"""Of the rows' columns: an index of another version is made anew."""
RUNNING = "running"
"""The part that holds the running day; the others are called by their month, as `2026-11`."""
INDEX, DIRECTORY = "index.json", "hall.json"


class NoFigures(MotcuaError):
    """The hall has kept no rows yet."""


class Part(Struct, frozen=True):
    """The days of one set of files: the file of each table, and of each day (ISO) the mark of what it was made from."""

    files: dict[str, str]
    days: dict[str, str]


class Index(Struct, frozen=True):
    """Which files hold the rows now; `votes_until` is the first day whose votes were not told yet."""

    version: int = VERSION
    epoch: str = ""
    generation: int = 0
    """Counts the indexes: no two files have ever the same name."""
    votes_until: str = ""
    parts: dict[str, Part] = {}

    @property
    def files(self) -> set[str]:
        """The names of all files."""
        return {name for part in self.parts.values() for name in part.files.values()}

    def mark(self, day: str) -> str | None:
        """What a day's rows were made from; None if there are none."""
        return next((part.days[day] for part in self.parts.values() if day in part.days), None)


def open_kept(folder: Path) -> Tables:
    """The kept rows of a hall, as they are now; raises NoFigures or TablesFault."""
    index = read_index(folder)
    if not index.parts:
        raise NoFigures(f"{folder}: no figures were kept yet; the queue server does so while it runs")
    files: dict[str, list[Path]] = {}
    for part in index.parts.values():
        for table, name in part.files.items():
            files.setdefault(table, []).append(folder / name)
    return Tables(read_directory(folder), files)


def read_index(folder: Path) -> Index:
    """The index of a folder; an empty one if there is none, or one of another version."""
    try:
        index = msgspec.json.decode((folder / INDEX).read_bytes(), type=Index)
    except (FileNotFoundError, msgspec.DecodeError):
        return Index()
    return index if index.version == VERSION else Index()


def read_directory(folder: Path) -> Directory:
    """What the ids of a folder's rows stand for; raises NoFigures or TablesFault."""
    try:
        return msgspec.json.decode((folder / DIRECTORY).read_bytes(), type=Directory)
    except FileNotFoundError as fault:
        raise NoFigures(f"{folder}: no figures were kept yet") from fault
    except msgspec.DecodeError as fault:
        raise TablesFault(f"{folder / DIRECTORY}: {fault}") from fault
