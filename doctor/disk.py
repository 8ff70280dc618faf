"""The disk: room, and how fast it takes what must not be lost."""

import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from config.settings import Watch
from doctor.finding import Findings, care, well, wrong
from doctor.place import Place
from queue_server.storage.reserve import MEGABYTE

TRIES = 20
SLOW_MILLISECONDS, TOO_SLOW_MILLISECONDS = 50, 500
GIGABYTE = 10**9


def look_at_disk(place: Place) -> Findings:
    """Free room against the hall's limits, and the time of an fsync."""
    watch = place.hall.watch if place.hall is not None else Watch()
    usage = shutil.disk_usage(place.data)
    told = {"free": round(usage.free / GIGABYTE, 1), "total": round(usage.total / GIGABYTE, 1)}
    if usage.free < (watch.disk_reserve_mb or 1) * MEGABYTE:
        yield wrong("disk", "disk_full", **told)
    elif usage.free < watch.disk_low_mb * MEGABYTE:
        yield care("disk", "disk_low", **told)
    else:
        yield well("disk", "disk_free", **told)
    yield from _speed(place.data)


def _speed(folder: Path) -> Findings:
    try:
        milliseconds = sync_milliseconds(folder)
    except OSError as fault:
        yield wrong("disk", "disk_unwritable", fault=fault.strerror or fault, folder=folder)
        return
    if milliseconds > TOO_SLOW_MILLISECONDS:
        yield wrong("disk", "disk_too_slow", milliseconds=milliseconds)
    elif milliseconds > SLOW_MILLISECONDS:
        yield care("disk", "disk_slow", milliseconds=milliseconds)
    else:
        yield well("disk", "disk_speed", milliseconds=milliseconds)


def sync_milliseconds(folder: Path, tries: int = TRIES) -> float:
    """The median time for which the disk takes 4 KiB for good; a file that is gone again after. Raises OSError."""
    taken = []
    with tempfile.TemporaryFile(dir=folder, prefix=".doctor-") as file:
        for _ in range(tries):
            begun = time.perf_counter()
            file.write(b"\0" * 4096)
            file.flush()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return round(statistics.median(taken) * 1000, 1)
