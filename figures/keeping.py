"""Writing the rows that a hall keeps: whoever is killed here leaves what was kept before, whole."""

import os
from collections.abc import Collection, Mapping
from pathlib import Path

import msgspec
from msgspec.structs import replace

from figures.directory import Directory
from figures.kept import DIRECTORY, INDEX, Index, Part
from figures.rows import TABLES, VOTE_TABLES, Rows
from figures.tables import Tables


def keep(
    folder: Path,
    index: Index,
    directory: Directory,
    name: str,
    rows: Rows,
    marks: Mapping[str, str],
    votes_kept: Collection[str] = (),
) -> Index:
    """Write a part anew with the rows of the days in `marks`, and with those of its other days as they were.

    The votes of the days in `votes_kept` stay as they were too, and `rows` has none of them.
    Gives the index that will name the new files; nothing counts before `publish`. Raises TablesFault.
    """
    before = index.parts.get(name, Part({}, {}))
    files = {table: f"{name}-{table}-{index.generation + 1}.parquet" for table in TABLES}
    with Tables(directory) as tables:
        for table, file in before.files.items():
            new = marks.keys() - set(votes_kept) if table in VOTE_TABLES else marks.keys()
            if before.days.keys() - new:
                tables.add_files({table: folder / file}, new)
        tables.add(rows)
        tables.write({table: folder / file for table, file in files.items()})
    part = Part(files, dict(sorted((before.days | dict(marks)).items())))
    return replace(index, parts={**index.parts, name: part})


def publish(folder: Path, index: Index) -> Index:
    """Let readers see an index, once its files are on disk. Raises OSError."""
    numbered = replace(index, generation=index.generation + 1)
    for name in numbered.files:
        _sync(folder / name)
    replace_file(folder / INDEX, msgspec.json.encode(numbered))
    return numbered


def sweep(folder: Path) -> None:
    """Delete what the index does not name: left by one who was killed, or replaced a while ago.

    Not at once after `publish`: others may still read what they found in the index before.
    """
    try:
        kept = msgspec.json.decode((folder / INDEX).read_bytes(), type=Index).files
    except (FileNotFoundError, msgspec.DecodeError):
        kept = set()
    for path in folder.glob("*.parquet"):
        if path.name not in kept:
            path.unlink(missing_ok=True)


def describe(folder: Path, directory: Directory) -> None:
    """Keep what the ids of the rows stand for, if that changed."""
    content, path = msgspec.json.encode(directory), folder / DIRECTORY
    if not path.is_file() or path.read_bytes() != content:
        replace_file(path, content)


def replace_file(path: Path, content: bytes) -> None:
    """Let a file hold this, whole or not at all, also if the power goes."""
    beside = path.with_suffix(".new")
    beside.write_bytes(content)
    _sync(beside)
    beside.replace(path)


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
