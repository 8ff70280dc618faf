"""`DIR/chain_checked.json`: what the last check of the whole log found; who checks it is a process of its own."""

import datetime as dt
from pathlib import Path

import msgspec

from protocol.keys import write_private

NAME = "chain_checked.json"


class ChainChecked(msgspec.Struct, frozen=True):
    """When the chain of an epoch was checked up to which seq, and what was wrong with it ("": nothing)."""

    at: dt.datetime
    epoch: str
    seq: int
    broken: str = ""


def read_chain_checked(data: Path) -> ChainChecked | None:
    """What the last check found; None: there was none, or its file can't be read."""
    try:
        found = msgspec.json.decode((data / NAME).read_bytes(), type=ChainChecked)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    return found if found.at.tzinfo is not None else None


def write_chain_checked(data: Path, found: ChainChecked) -> None:
    """Keep what a check found; raises OSError."""
    write_private(data / NAME, found)
