"""Reading the kept figures: beside the loop, two at a time, and anew where they changed meanwhile."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from starlette.requests import Request

from figures.kept import NoFigures, open_kept
from figures.tables import Tables, TablesFault

T = TypeVar("T")
_log = logging.getLogger(__name__)
_readers = ThreadPoolExecutor(2, "figures")


async def read(request: Request, make: Callable[[Tables], T]) -> T:
    """What is made of the figures; raises NoFigures where none are kept yet, TablesFault where they can't be read."""
    folder = getattr(request.app.state, "figures", None)
    if not isinstance(folder, Path):
        raise NoFigures("this program was told of no figures")
    return await asyncio.get_running_loop().run_in_executor(_readers, _read, folder, make)


def _read(folder: Path, make: Callable[[Tables], T]) -> T:
    try:
        return _once(folder, make)
    except TablesFault as fault:
        _log.info("read again: %s", fault)  # the files of an old index are gone once there is a new one
        return _once(folder, make)


def _once(folder: Path, make: Callable[[Tables], T]) -> T:
    try:
        with open_kept(folder) as tables:
            return make(tables)
    except OSError as fault:
        raise TablesFault(f"{folder}: {fault.strerror}") from fault
